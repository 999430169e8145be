package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sources that are services or databases, and past events. What could be a secret in the wrong
 * place is refused without being repeated.
 */
final class RemoteSourceReader {
  /** Eventbrite's API, where the file names no other server. */
  static final String EVENTBRITE = "https://www.eventbriteapi.com";

  private static final Pattern HTTPS =
      Pattern.compile("https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?");
  private static final Pattern THIS_MACHINE =
      Pattern.compile(
          "http://(localhost|127\\.[0-9.]{5,11}|\\[::1])(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

  /** What a query starts with, after comments, that is sure to be no select. */
  private static final Pattern WRITING =
      Pattern.compile(
          "(?is)(?:\\s++|--[^\\n]*\\n|/\\*.*?\\*/)*+"
              + "(insert|update|delete|merge|replace|create|alter|drop|truncate|grant|revoke|copy"
              + "|call|exec|execute|explain|set|begin|commit|vacuum|attach|install|load|pragma)\\b");

  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("[?&;:](\\w*(password|pwd|secret|token|accesskey|access_key)\\w*)\\s*=");

  private RemoteSourceReader() {}

  /** The API, when the section has a url; empty when it has a path. */
  static Optional<EventSpec.Source> pretix(Section source) {
    boolean file = source.at("path").isGiven();
    boolean api = source.at("url").isGiven();
    if (file == api) {
      source.problem(
          source.path()
              + " must have either path (an export) or url, organizer, event and tokenEnv (the"
              + " API)");
      return Optional.empty();
    }
    if (!api) {
      for (String key : List.of("organizer", "event", "tokenEnv", "modifiedSince")) {
        if (source.at(key).isGiven()) {
          source.problem(
              source.path()
                  + "."
                  + key
                  + " is for the API, and this source has the path of an export");
        }
      }
      return Optional.empty();
    }
    return Optional.of(
        new EventSpec.PretixApiSource(
            source.line(),
            source.at("url").read(RemoteSourceReader::address).orElse(""),
            needed(source, "organizer"),
            needed(source, "event"),
            variable(source, "tokenEnv").orElseGet(() -> needed(source, "tokenEnv")),
            source.at("subevent").read(JsonNode::asLong),
            source.at("modifiedSince").read(node -> Texts.instant(node.asText(), ZoneOffset.UTC)),
            SourceReader.texts(source.at("items"))));
  }

  static EventSpec.Source eventbrite(Section source) {
    return new EventSpec.EventbriteSource(
        source.line(),
        source.at("url").isGiven()
            ? source.at("url").read(RemoteSourceReader::address).orElse("")
            : EVENTBRITE,
        source.at("event").read(JsonNode::asText).orElse(""),
        variable(source, "tokenEnv").orElse(""),
        SourceReader.texts(source.at("items")));
  }

  static EventSpec.Source jdbc(Section source, ZoneId eventZone) {
    return new EventSpec.JdbcSource(
        source.line(),
        source.at("url").read(RemoteSourceReader::database).orElse("jdbc:"),
        source.at("query").read(RemoteSourceReader::query).orElse(""),
        variable(source, "userEnv"),
        variable(source, "passwordEnv"),
        source
            .at("timezone")
            .take(
                node -> Texts.zone(node.asText()),
                eventZone,
                ZoneId::getId,
                "the event's own, for times without an offset"));
  }

  /**
   * Past events that had started as of the plan; later ones were not known.
   *
   * @param upcoming takes the names of the later ones
   */
  static List<EventSpec.Past> history(
      Section history, EventSpec.Event event, Instant asOf, List<String> upcoming) {
    List<EventSpec.Past> past = new ArrayList<>();
    for (Section entry : history.elements()) {
      String name = entry.at("name").read(JsonNode::asText).orElse("");
      Optional<Instant> startsAt =
          entry.at("startsAt").read(node -> Texts.instant(node.asText(), event.timezone()));
      List<EventSpec.Source> sources = new ArrayList<>();
      for (Section source : entry.at("sources").elements()) {
        sources.add(SourceReader.source(source, event.timezone()));
        if (sources.getLast().name().equals("-")) {
          source.problem(source.path() + ".path: standard input (-) is for the event itself");
        }
      }
      if (past.stream().anyMatch(other -> other.name().equals(name))) {
        entry.problem(entry.path() + ".name is '" + name + "', as that of another past event");
      } else if (startsAt.isPresent() && startsAt.get().isBefore(asOf)) {
        past.add(new EventSpec.Past(name, startsAt.get(), sources));
      } else if (startsAt.isPresent()) {
        upcoming.add(name);
        entry.assume(
            entry.path(), name + " is left out", Origin.GIVEN, "not over at the plan's instant");
      }
    }
    return past;
  }

  private static String needed(Section source, String key) {
    if (!source.at(key).isGiven()) {
      source.problem("key '" + key + "' is missing under " + source.path());
    }
    return source.at(key).read(JsonNode::asText).orElse("");
  }

  private static Optional<String> variable(Section source, String key) {
    return source
        .at(key)
        .read(
            node -> {
              if (!VARIABLE.matcher(node.asText()).matches()) {
                throw new IllegalArgumentException(
                    "it must be the name of an environment variable such as TICKETS_TOKEN, not the"
                        + " secret itself");
              }
              return node.asText();
            });
  }

  private static String address(JsonNode node) {
    String url = node.asText();
    if (!HTTPS.matcher(url).matches() && !THIS_MACHINE.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "it must be an address such as https://pretix.eu, without user, password or parameters;"
              + " http is taken for this machine only");
    }
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private static String database(JsonNode node) {
    String url = node.asText();
    if (!url.matches("jdbc:[a-zA-Z0-9]+:.*") || url.length() > 2000) {
      throw new IllegalArgumentException(
          "it must be a JDBC address such as jdbc:postgresql://db.example.com/shop");
    }
    int at = url.lastIndexOf('@');
    String before =
        at < 0 ? "" : url.substring(0, at).replaceFirst("jdbc:[a-zA-Z0-9]+:([a-z]+:)?(//)?", "");
    if (before.contains(":")
        || before.contains("/")
        || SECRET_PARAMETER.matcher(url.toLowerCase(Locale.ROOT)).find()) {
      throw new IllegalArgumentException(
          "it holds what looks like a password; name the environment variable that holds it with"
              + " passwordEnv, and the one of the user with userEnv");
    }
    return url;
  }

  /** Without the semicolon at its end; one within would be another statement. */
  private static String query(JsonNode node) {
    String query = node.asText().strip();
    while (query.endsWith(";")) {
      query = query.substring(0, query.length() - 1).stripTrailing();
    }
    if (query.contains(";")) {
      throw new IllegalArgumentException(
          "it must be one select; put what needs a semicolon into a view");
    }
    Matcher writing = WRITING.matcher(query);
    if (writing.lookingAt()) {
      throw new IllegalArgumentException(
          "it must be one select, and starts with " + writing.group(1).toLowerCase(Locale.ROOT));
    }
    return query;
  }
}
