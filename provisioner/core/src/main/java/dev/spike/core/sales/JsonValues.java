package dev.spike.core.sales;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Values of a JSON stream, taken without building a tree; what is of another shape is skipped. */
public final class JsonValues {
  private JsonValues() {}

  /** A plain value as text; empty for null, a list or a mapping, which are skipped. */
  public static String scalar(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null || token == JsonToken.VALUE_NULL || !token.isScalarValue()) {
      json.skipChildren();
      return "";
    }
    return json.getText();
  }

  /** A text, or the first of a text in several languages. */
  public static String text(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return scalar(json);
    }
    String first = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      json.nextToken();
      String text = scalar(json);
      first = first.isEmpty() ? text : first;
    }
    return first;
  }

  /** The plain values of a list; empty when it is none. */
  public static List<String> texts(JsonParser json) throws IOException {
    List<String> texts = new ArrayList<>();
    if (isNoList(json)) {
      return texts;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      texts.add(scalar(json));
    }
    return texts;
  }

  /** A whole number, or -1; so is one that no long holds. */
  public static long whole(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : json.getLongValue();
    }
    json.skipChildren();
    return -1;
  }

  /** True when the value is not a list; a mapping in its place is skipped. */
  public static boolean isNoList(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      return false;
    }
    json.skipChildren();
    return true;
  }

  /** True when the value is not a mapping; it is skipped, so that those after it are read. */
  public static boolean isNoObject(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      return false;
    }
    json.skipChildren();
    return true;
  }
}
