package dev.spike.core.sales;

/**
 * The ids that were counted, as 64-bit hashes in 64 open-addressing tables: 8 bytes an id and 20 at
 * most with the room to grow, 240 MB for the most that are taken. Two of 12 million different ids
 * share a hash in one export of 250,000 (birthday bound n²/2⁶⁵); one row of it would be missed.
 */
public final class SeenIds {
  /** Not an id. */
  static final long NONE = 0;

  /** More are refused rather than forgotten. */
  static final int IDS_MAX = 12_000_000;

  private static final int TABLES = 64;

  private final long[][] tables = new long[TABLES][64];
  private final int[] sizes = new int[TABLES];
  private final int max;
  private int size;

  /** Empty. */
  public SeenIds() {
    this(IDS_MAX);
  }

  /** For tests. */
  SeenIds(int max) {
    this.max = max;
  }

  /** Never {@link #NONE}. Each step is a bijection, so ids that differ in one letter differ. */
  public static long hash(CharSequence id) {
    long hash = 0x9E3779B97F4A7C15L;
    for (int at = 0; at < id.length(); at++) {
      hash = mixed(hash ^ id.charAt(at));
    }
    return ended(hash);
  }

  /** As the other, of the UTF-8 of an id, eight bytes in a step; for ids of one export only. */
  static long hash(Slice id) {
    long hash = 0x9E3779B97F4A7C15L ^ id.length();
    int at = 0;
    for (; at + Long.BYTES <= id.length(); at += Long.BYTES) {
      hash = mixed(hash ^ id.word(at));
    }
    long rest = 0;
    for (; at < id.length(); at++) {
      rest = rest << 8 | id.at(at);
    }
    return ended(mixed(hash ^ rest));
  }

  private static long mixed(long hash) {
    long product = hash * 0xD6E8FEB86659FD93L;
    return product ^ (product >>> 32);
  }

  private static long ended(long hash) {
    long product = hash * 0xD6E8FEB86659FD93L;
    product ^= product >>> 29;
    return product == NONE ? 1 : product;
  }

  /** True when it is new; also when no more are taken, which {@link #isFull} tells. */
  public boolean add(long hash) {
    int table = (int) (hash >>> 58);
    long[] slots = tables[table];
    int slot = slot(slots, hash);
    if (slots[slot] == hash) {
      return false;
    }
    size++;
    if (isFull()) {
      return true;
    }
    slots[slot] = hash;
    if (++sizes[table] * 5L > slots.length * 4L) {
      tables[table] = grown(slots);
    }
    return true;
  }

  /** Whether more were added than are taken. */
  public boolean isFull() {
    return size > max;
  }

  private static int slot(long[] slots, long hash) {
    int slot = (int) hash & (slots.length - 1);
    while (slots[slot] != NONE && slots[slot] != hash) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private static long[] grown(long[] slots) {
    long[] larger = new long[slots.length * 2];
    for (long hash : slots) {
      if (hash != NONE) {
        larger[slot(larger, hash)] = hash;
      }
    }
    return larger;
  }
}
