package dev.spike.sources;

import dev.spike.core.sales.Reading;
import dev.spike.core.sales.TicketDataException;

/** Tokens and passwords from the environment. They are never part of a message. */
final class Tokens {
  private Tokens() {}

  /**
   * The value of a variable.
   *
   * @param key of the event file that names the variable
   * @throws TicketDataException UNAUTHORIZED, when it is not set or cannot be sent
   */
  static String of(Reading reading, String variable, String key, String source, int line)
      throws TicketDataException {
    String value = reading.environment().getOrDefault(variable, "");
    // The variable's name is not repeated: it may be the secret, put in the wrong place.
    String named = "The environment variable that " + key + " names in line " + line;
    if (value.isEmpty()) {
      throw refused(
          named + " of the event file is not set, so " + source + " cannot be read.",
          "Set it in the environment of spike; in a pipeline, from its secrets.");
    }
    if (value.length() > 4096 || value.chars().anyMatch(letter -> letter < 0x21 || letter > 0x7e)) {
      throw refused(
          named + " of the event file holds blanks, line breaks or other signs no token has.",
          "Set it again, without what is around the token.");
    }
    return value;
  }

  private static TicketDataException refused(String message, String next) {
    return new TicketDataException(TicketDataException.Kind.UNAUTHORIZED, message, next, null);
  }
}
