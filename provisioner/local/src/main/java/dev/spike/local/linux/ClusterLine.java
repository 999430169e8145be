package dev.spike.local.linux;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * One line of {@code CLUSTER NODES}: a member as another member sees it.
 *
 * @param address without port; empty when unknown
 * @param primaryId of whom it is a replica; empty for a primary
 * @param slots the slots it owns
 */
public record ClusterLine(
    String id, String address, Set<String> flags, String primaryId, BitSet slots) {
  /** The number of hash slots of every Redis Cluster. */
  public static final int SLOTS = 16_384;

  public ClusterLine {
    flags = Set.copyOf(flags);
  }

  public boolean myself() {
    return flags.contains("myself");
  }

  public boolean primary() {
    return flags.contains("master");
  }

  public boolean failed() {
    return flags.contains("fail");
  }

  /** True while the two do not know each other's id yet. */
  public boolean handshake() {
    return flags.contains("handshake");
  }

  /** Reads the text that {@code CLUSTER NODES} returns. */
  public static List<ClusterLine> parsed(String text) {
    List<ClusterLine> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length < 8) {
        continue;
      }
      BitSet slots = new BitSet(SLOTS);
      for (int i = 8; i < words.length; i++) {
        if (!words[i].startsWith("[")) { // in brackets: a slot on its way between two members
          String[] range = words[i].split("-", -1);
          slots.set(Integer.parseInt(range[0]), Integer.parseInt(range[range.length - 1]) + 1);
        }
      }
      String address = words[1].substring(0, Math.max(0, words[1].indexOf(':')));
      lines.add(
          new ClusterLine(
              words[0],
              address,
              Set.of(words[2].split(",", -1)),
              words[3].equals("-") ? "" : words[3],
              slots));
    }
    return lines;
  }
}
