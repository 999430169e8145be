package dev.spike.core.sales;

/**
 * The letters of a field where they stand, without surrounding blanks; valid until the next one.
 */
final class Slice implements CharSequence {
  private char[] letters = new char[0];
  private int from;
  private int length;

  /** Lays it over a field, leaving blanks at both ends out. */
  Slice over(char[] field, int offset, int count) {
    int start = offset;
    int end = offset + count;
    while (start < end && Character.isWhitespace(field[start])) {
      start++;
    }
    while (end > start && Character.isWhitespace(field[end - 1])) {
      end--;
    }
    letters = field;
    from = start;
    length = end - start;
    return this;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public char charAt(int index) {
    return letters[from + index];
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new String(letters, from + start, end - start);
  }

  @Override
  public String toString() {
    return new String(letters, from, length);
  }

  int hash() {
    int hash = length;
    for (int at = from; at < from + length; at++) {
      hash = hash * 31 + letters[at];
    }
    return hash;
  }

  boolean isSame(char[] other) {
    return java.util.Arrays.equals(letters, from, from + length, other, 0, other.length);
  }
}
