package dev.spike.core.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * JSON in the one form of RFC 8785: members sorted by UTF-16 code units, no white space, strings
 * escaped no more than needed, numbers as ECMAScript prints a double.
 */
public final class CanonicalJson {
  private static final BigInteger EXACT_INTEGER_MAX = BigInteger.TWO.pow(53);

  private CanonicalJson() {}

  /**
   * The canonical text of a tree.
   *
   * @throws IllegalArgumentException for a number that no double holds exactly enough (NaN,
   *     infinite, an integer beyond 2^53) or a node that JSON does not know
   */
  public static String of(JsonNode node) {
    StringBuilder out = new StringBuilder();
    write(node, out);
    return out.toString();
  }

  private static void write(JsonNode node, StringBuilder out) {
    switch (node.getNodeType()) {
      case OBJECT -> writeObject(node, out);
      case ARRAY -> writeArray(node, out);
      case STRING -> writeString(node.textValue(), out);
      case NUMBER -> out.append(number(node));
      case BOOLEAN -> out.append(node.booleanValue());
      case NULL -> out.append("null");
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException(node.getNodeType() + " has no JSON form");
    }
  }

  private static void writeObject(JsonNode node, StringBuilder out) {
    List<String> names = new ArrayList<>(node.size());
    node.fieldNames().forEachRemaining(names::add);
    names.sort(null);
    out.append('{');
    String separator = "";
    for (String name : names) {
      out.append(separator);
      writeString(name, out);
      out.append(':');
      write(node.get(name), out);
      separator = ",";
    }
    out.append('}');
  }

  private static void writeArray(JsonNode node, StringBuilder out) {
    out.append('[');
    for (Iterator<JsonNode> elements = node.elements(); elements.hasNext(); ) {
      write(elements.next(), out);
      if (elements.hasNext()) {
        out.append(',');
      }
    }
    out.append(']');
  }

  private static void writeString(String text, StringBuilder out) {
    out.append('"');
    for (int at = 0; at < text.length(); at++) {
      char unit = text.charAt(at);
      switch (unit) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (unit < 0x20) {
            out.append("\\u00").append(Character.forDigit(unit >> 4, 16));
            out.append(Character.forDigit(unit & 0xf, 16));
          } else {
            out.append(unit);
          }
        }
      }
    }
    out.append('"');
  }

  private static String number(JsonNode node) {
    if (node.isIntegralNumber() && node.bigIntegerValue().abs().compareTo(EXACT_INTEGER_MAX) > 0) {
      throw new IllegalArgumentException(node + " is beyond the integers JSON keeps exactly");
    }
    return number(node.doubleValue());
  }

  /** A double as ECMAScript's Number::toString prints it. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(value + " is not a JSON number");
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal decimal = shortest(Math.abs(value));
    String digits = decimal.unscaledValue().toString();
    int count = digits.length();
    int point = count - decimal.scale();
    String text;
    if (count <= point && point <= 21) {
      text = digits + "0".repeat(point - count);
    } else if (0 < point && point <= 21) {
      text = digits.substring(0, point) + "." + digits.substring(point);
    } else if (-6 < point && point <= 0) {
      text = "0." + "0".repeat(-point) + digits;
    } else {
      int exponent = point - 1;
      String mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
      text = mantissa + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
    }
    return value < 0 ? "-" + text : text;
  }

  /** Java prints at least two digits even where one would be read back as the same double. */
  private static BigDecimal shortest(double value) {
    BigDecimal printed = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    BigDecimal oneDigit = printed.round(new MathContext(1));
    return oneDigit.doubleValue() == value ? oneDigit.stripTrailingZeros() : printed;
  }
}
