package dev.spike.cli.html;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.regex.Pattern;

/** Numbers as people read them: thousands separated, three or four digits where that is enough. */
final class Figures {
  private static final Pattern FRACTION = Pattern.compile("(?<![\\d,.])\\d+\\.\\d+(?![\\d.])");

  private Figures() {}

  /** {@code 8,977,559}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 57,233}. */
  static String rounded(double number) {
    return count(Math.round(number));
  }

  /** {@code 1 node}, {@code 18 nodes}. */
  static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** {@code +3}, {@code -1,200}, {@code ±0}. */
  static String signed(long number) {
    return number == 0 ? "±0" : String.format(Locale.ROOT, "%+,d", number);
  }

  /** The same of a count. */
  static String compact(long number) {
    return compact((double) number);
  }

  /** For axes and small places: {@code 2.5 M}, {@code 800 k}, {@code 40}. */
  static String compact(double number) {
    double size = Math.abs(number);
    if (size >= 1e12) {
      return trimmed(number / 1e12) + " T";
    }
    if (size >= 1e9) {
      return trimmed(number / 1e9) + " G";
    }
    if (size >= 1e6) {
      return trimmed(number / 1e6) + " M";
    }
    return size >= 10_000 ? trimmed(number / 1e3) + " k" : trimmed(number);
  }

  /** Whole where it is whole or large, else with what digits say something. */
  static String quantity(double number) {
    double size = Math.abs(number);
    if (size >= 100 || number == Math.rint(number)) {
      return rounded(number);
    }
    return trailed(String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", number));
  }

  /** {@code 8.9}, {@code under 0.1}, {@code 0}: more says nothing of whole things. */
  static String tenth(double number) {
    if (number > 0 && number < 0.05) {
      return "under 0.1";
    }
    return trailed(String.format(Locale.ROOT, "%.1f", number));
  }

  /** {@code 9.6 s}, {@code 0.4 ms}; {@code 0 s} only where it is nothing. */
  static String duration(double seconds) {
    if (seconds == 0) {
      return "0 s";
    }
    if (Math.abs(seconds) >= 1) {
      return trailed(String.format(Locale.ROOT, "%,.1f", seconds)) + " s";
    }
    return Math.abs(seconds) < 0.0001 ? "under 0.1 ms" : digits(seconds * 1000) + " ms";
  }

  /** A text of a plan with each of its fractions at three digits that say something. */
  static String tidied(String text) {
    return FRACTION
        .matcher(text)
        .replaceAll(
            found ->
                new BigDecimal(found.group())
                    .round(new MathContext(3))
                    .stripTrailingZeros()
                    .toPlainString());
  }

  private static String digits(double number) {
    return trailed(String.format(Locale.ROOT, Math.abs(number) >= 10 ? "%.0f" : "%.1f", number));
  }

  private static String trailed(String number) {
    return number.contains(".") ? number.replaceFirst("0+$", "").replaceFirst("\\.$", "") : number;
  }

  /** A quantity and its unit; bits and bytes get their prefix. */
  static String quantity(double number, String unit) {
    return switch (unit) {
      case "bytes" -> trimmed(prefix(number)) + " " + prefixed(number, "B");
      case "bits per second" -> trimmed(prefix(number)) + " " + prefixed(number, "bit/s");
      case "per second" -> quantity(number) + "/s";
      default -> quantity(number) + " " + unit;
    };
  }

  /** {@code $2,896}; other currencies by their letters. */
  static String money(double amount, String currency) {
    String figure = rounded(Math.abs(amount));
    String sign = Math.round(amount) < 0 ? "-" : "";
    return currency.equals("USD") ? sign + "$" + figure : sign + figure + " " + currency;
  }

  /** {@code $1,296.86}. */
  static String cents(double amount, String currency) {
    String figure = String.format(Locale.ROOT, "%,.2f", amount);
    return currency.equals("USD") ? "$" + figure : figure + " " + currency;
  }

  /** A price for one unit, to the digit that is charged: {@code $0.0225}. */
  static String price(double amount, String currency) {
    String figure = String.format(Locale.ROOT, "%,.4f", amount).replaceFirst("0{1,2}$", "");
    return currency.equals("USD") ? "$" + figure : figure + " " + currency;
  }

  /** {@code 35,910 %}, {@code 8.5 %}. */
  static String percent(double percent) {
    return String.format(Locale.ROOT, Math.abs(percent) >= 100 ? "%,.0f %%" : "%,.1f %%", percent);
  }

  private static double prefix(double number) {
    double size = Math.abs(number);
    return number / (size >= 1e12 ? 1e12 : size >= 1e9 ? 1e9 : size >= 1e6 ? 1e6 : 1e3);
  }

  private static String prefixed(double number, String unit) {
    double size = Math.abs(number);
    return (size >= 1e12 ? "T" : size >= 1e9 ? "G" : size >= 1e6 ? "M" : "k") + unit;
  }

  /** At most three digits after which only zeros would follow. */
  private static String trimmed(double number) {
    if (number == Math.rint(number)) {
      return String.format(Locale.ROOT, "%,.0f", number);
    }
    double size = Math.abs(number);
    String text =
        String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", number);
    return trailed(text);
  }
}
