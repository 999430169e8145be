package dev.spike.cli.view;

import java.time.Duration;
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

  /** {@code $4,310.00}; other currencies by their letters. */
  public static String money(double amount, String currency) {
    String figure = String.format(Locale.ROOT, "%,.2f", amount);
    return currency.equals("USD") ? "$" + figure : figure + " " + currency;
  }
}
