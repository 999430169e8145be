package dev.spike.cli.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers, times and money as people read them. */
public final class Words {
  private Words() {}

  /** {@code 0.4 s}, {@code 12.3 s}, {@code 3 min 5 s}. */
  public static String seconds(Duration duration) {
    if (duration.toSeconds() >= 120) {
      return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  /** {@code 1,234}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 node}, {@code 1,234 nodes}. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** The text in lines of at most so many letters; a longer word stands alone, whole. */
  static List<String> folded(String text, int letters) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > letters) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** {@code $4,310.00}; other currencies by their letters. */
  public static String money(double amount, String currency) {
    String figure = String.format(Locale.ROOT, "%,.2f", amount);
    return currency.equals("USD") ? "$" + figure : figure + " " + currency;
  }

  /**
   * Text in lines of at most so many characters, broken between words. A line that was one already
   * stays whole where it is a command, which is to be copied.
   */
  public static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    for (String paragraph : text.lines().toList()) {
      StringBuilder line = new StringBuilder();
      for (String word : paragraph.split(" ", -1)) {
        if (!line.isEmpty() && !isCommand(paragraph) && line.length() + 1 + word.length() > width) {
          lines.add(line.toString());
          line.setLength(0);
        }
        line.append(line.isEmpty() ? "" : " ").append(word);
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static boolean isCommand(String line) {
    return line.startsWith("aws ") || line.startsWith("spike ");
  }
}
