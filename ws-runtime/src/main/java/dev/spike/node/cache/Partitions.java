package dev.spike.node.cache;

import io.lettuce.core.cluster.SlotHash;

/**
 * A fixed set of hash tags whose slots lie evenly over the 16,384: any split of the slots into
 * contiguous ranges gives each Redis node its fair share, which plain {@code {0}..{63}} would not.
 */
public final class Partitions {
  /** Number of partitions; part of the data format, never to be changed for a live event. */
  public static final int COUNT = 64;

  private static final String[] TAGS = tags();

  private Partitions() {}

  /** The tag, braces included, of the partition that a name belongs to. */
  public static String tag(String name) {
    return TAGS[Math.floorMod(mix(name.hashCode()), COUNT)];
  }

  /** The tag of partition {@code index}. */
  public static String tag(int index) {
    return TAGS[index];
  }

  private static int mix(int h) {
    h ^= h >>> 16;
    h *= 0x85ebca6b;
    h ^= h >>> 13;
    h *= 0xc2b2ae35;
    return h ^ (h >>> 16);
  }

  /** The first name, in counting order, whose slot lies in each of the COUNT equal ranges. */
  private static String[] tags() {
    String[] tags = new String[COUNT];
    int found = 0;
    for (int i = 0; found < COUNT; i++) {
      String tag = "{" + Integer.toString(i, 36) + "}";
      int bucket = SlotHash.getSlot(tag) * COUNT / SlotHash.SLOT_COUNT;
      if (tags[bucket] == null) {
        tags[bucket] = tag;
        found++;
      }
    }
    return tags;
  }
}
