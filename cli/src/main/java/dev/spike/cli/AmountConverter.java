package dev.spike.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 12345.67}, or {@code 12345.67 USD} as the event file's budget has it; in US dollars. */
final class AmountConverter implements ITypeConverter<Double> {
  private static final Pattern AMOUNT =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,2})?)(?: ?USD)?");

  @Override
  public Double convert(String text) {
    Matcher amount = AMOUNT.matcher(text.strip());
    if (!amount.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not an amount such as 12345.67 or \"12345.67 USD\"");
    }
    return Double.valueOf(amount.group(1));
  }
}
