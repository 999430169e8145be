package dev.spike.core.sales;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes at a time. A byte of {@code word ^ pattern} is zero where the letter of the
 * pattern stands, and {@code (x - 0x01..) & ~x & 0x80..} marks zero bytes; only the lowest mark is
 * exact, and only that is used; with another number in place of 0x01.., what is less is marked (H.
 * S. Warren, Hacker's Delight, 2nd edition, section 6-1).
 */
final class Words {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;

  /** The highest bit of each byte; one that is set is of a letter beyond ASCII. */
  static final long TOPS = 0x8080808080808080L;

  private Words() {}

  /** Eight bytes, the first in the lowest bits. */
  static long at(byte[] bytes, int from) {
    return (long) WORDS.get(bytes, from);
  }

  /** Eight times the same letter of ASCII. */
  static long pattern(char letter) {
    return letter * ONES;
  }

  /** Zero where the letter of a pattern is not among the eight. */
  static long marks(long word, long pattern) {
    return marksBelow(word ^ pattern, ONES);
  }

  /** Zero where no letter is below that of a pattern, which is one of ASCII. */
  static long marksBelow(long word, long pattern) {
    return (word - pattern) & ~word & TOPS;
  }

  /** Which of the eight bytes the lowest mark is of. */
  static int first(long marks) {
    return Long.numberOfTrailingZeros(marks) >>> 3;
  }
}
