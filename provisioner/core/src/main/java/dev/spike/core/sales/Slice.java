package dev.spike.core.sales;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The UTF-8 of a field where it stands, without surrounding blanks; valid until the next one. A
 * blank is what {@link Character#isWhitespace(int)} says.
 */
final class Slice {
  private byte[] bytes = new byte[0];
  private int from;
  private int length;

  /** Lays it over a field, leaving blanks at both ends out. */
  Slice over(byte[] field, int offset, int count) {
    int start = offset;
    int end = offset + count;
    while (start < end && isBlank(field[start])) {
      start++;
    }
    while (end > start && isBlank(field[end - 1])) {
      end--;
    }
    if (end - start > 2 && (mayBeWideBlank(field[start]) || mayBeWideBlank(field[end - 3]))) {
      return over(new String(field, start, end - start, StandardCharsets.UTF_8));
    }
    bytes = field;
    from = start;
    length = end - start;
    return this;
  }

  /** Lays it over the UTF-8 of a text, leaving blanks at both ends out. */
  Slice over(String text) {
    bytes = text.strip().getBytes(StandardCharsets.UTF_8);
    from = 0;
    length = bytes.length;
    return this;
  }

  private static boolean isBlank(byte letter) {
    return letter <= ' ' && letter > '\b' && (letter <= '\r' || letter >= 0x1c);
  }

  /** Blanks beyond ASCII have three bytes, of which the first is one of these. */
  private static boolean mayBeWideBlank(byte first) {
    return first >= (byte) 0xe1 && first <= (byte) 0xe3;
  }

  boolean isEmpty() {
    return length == 0;
  }

  /** In bytes. */
  int length() {
    return length;
  }

  /** A byte as a letter; beyond ASCII it is none that is a digit or sign. */
  char at(int index) {
    return (char) (bytes[from + index] & 0xff);
  }

  /** Eight bytes from there on, all of which are in it. */
  long word(int index) {
    return Words.at(bytes, from + index);
  }

  @Override
  public String toString() {
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  int hash() {
    int hash = length;
    for (int at = from; at < from + length; at++) {
      hash = hash * 31 + bytes[at];
    }
    return hash;
  }

  boolean isSame(byte[] other) {
    if (length != other.length) {
      return false;
    }
    if (length < Long.BYTES) {
      return Arrays.equals(bytes, from, from + length, other, 0, length);
    }
    for (int at = 0; at + Long.BYTES < length; at += Long.BYTES) {
      if (word(at) != Words.at(other, at)) {
        return false;
      }
    }
    return word(length - Long.BYTES) == Words.at(other, length - Long.BYTES);
  }
}
