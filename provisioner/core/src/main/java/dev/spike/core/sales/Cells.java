package dev.spike.core.sales;

import java.util.Arrays;

/** Tickets by product and minute, in two arrays: no object a cell. */
final class Cells {
  private static final long FREE = -1;
  private static final int PRODUCT_SHIFT = 40;

  private long[] keys = free(1 << 10);
  private long[] counts = new long[1 << 10];
  private int size;
  private long lastKey = FREE;
  private int lastSlot;

  /** What is done with a cell. */
  interface Visitor {
    void cell(int product, long epochMinute, long quantity);
  }

  int size() {
    return size;
  }

  /**
   * Adds to a cell.
   *
   * @param epochMinute 0 or more
   */
  void add(int product, long epochMinute, long quantity) {
    long key = ((long) product << PRODUCT_SHIFT) | epochMinute;
    if (key == lastKey) {
      counts[lastSlot] += quantity;
      return;
    }
    int slot = slot(keys, key);
    if (keys[slot] == FREE) {
      if (++size * 4L > keys.length * 3L) {
        grow();
        slot = slot(keys, key);
      }
      keys[slot] = key;
    }
    counts[slot] += quantity;
    lastKey = key;
    lastSlot = slot;
  }

  void each(Visitor visitor) {
    for (int slot = 0; slot < keys.length; slot++) {
      if (keys[slot] != FREE) {
        visitor.cell(
            (int) (keys[slot] >>> PRODUCT_SHIFT),
            keys[slot] & ((1L << PRODUCT_SHIFT) - 1),
            counts[slot]);
      }
    }
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldCounts = counts;
    keys = free(oldKeys.length * 2);
    counts = new long[keys.length];
    for (int old = 0; old < oldKeys.length; old++) {
      if (oldKeys[old] != FREE) {
        int slot = slot(keys, oldKeys[old]);
        keys[slot] = oldKeys[old];
        counts[slot] = oldCounts[old];
      }
    }
  }

  private static int slot(long[] keys, long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & (keys.length - 1);
    while (keys[slot] != key && keys[slot] != FREE) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  private static long[] free(int length) {
    long[] keys = new long[length];
    Arrays.fill(keys, FREE);
    return keys;
  }
}
