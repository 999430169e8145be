package dev.spike.node.router;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The forwarding table: for each of {@value #ROWS} rows two candidate nodes, after the Maglev paper
 * (Eisenbud et al., NSDI 2016, section 3.4) with weights.
 *
 * <p>The same inputs give the same table on every node, whatever was there before. First the rows
 * are dealt to all nodes by their nominal weights; then a repair takes rows only from nodes that
 * hold more than their present weight gives them. So a change of present weights moves the rows it
 * must, and at most one per node for rounding.
 */
final class MaglevTable {
  /** Rows; a prime, so that every step size visits all of them. */
  static final int ROWS = 65537;

  private final short[] first;
  private final short[] second;

  private MaglevTable(short[] first, short[] second) {
    this.first = first;
    this.second = second;
  }

  /**
   * A node as the table sees it.
   *
   * @param id 1 to {@link RouterLayout#NODES} - 1
   * @param name decides the order in which the node asks for rows
   * @param nominal weight while all is well, 0 or more
   * @param present weight now, 0 or more; 0 is never chosen
   */
  record Member(int id, String name, int nominal, int present) {
    Member {
      if (id < 1 || id >= RouterLayout.NODES || nominal < 0 || present < 0) {
        throw new IllegalArgumentException(
            "node " + name + ": id must be 1 to 1023 and weights not negative");
      }
    }
  }

  static MaglevTable build(List<Member> members) {
    List<Member> sorted = new ArrayList<>(members);
    sorted.sort(Comparator.comparingInt(Member::id));
    short[] first = candidates(sorted, "first", new short[ROWS]);
    return new MaglevTable(first, candidates(sorted, "second", first));
  }

  /** One candidate per row, never the one that {@code taken} has there. */
  private static short[] candidates(List<Member> members, String seed, short[] taken) {
    short[] table = deal(members, seed, members.stream().mapToInt(Member::nominal).toArray());
    repair(table, members, seed);
    avoid(table, taken, members);
    return table;
  }

  private static short[] deal(List<Member> members, String seed, int[] weights) {
    short[] table = new short[ROWS];
    int[] quota = quotas(weights);
    Permutation[] wishes = new Permutation[weights.length];
    long weightMax = 1;
    for (int i = 0; i < weights.length; i++) {
      wishes[i] = new Permutation(seed, members.get(i).name());
      weightMax = Math.max(weightMax, weights[i]);
    }
    int left = Arrays.stream(quota).sum();
    for (long turn = 1; left > 0; turn++) {
      for (int i = 0; i < weights.length; i++) {
        // A node has had floor(turn * weight / max) turns after this one.
        if (quota[i] > 0 && turn * weights[i] / weightMax > (turn - 1) * weights[i] / weightMax) {
          table[wishes[i].nextFree(table)] = (short) members.get(i).id();
          quota[i]--;
          left--;
        }
      }
    }
    return table;
  }

  private static void repair(short[] table, List<Member> members, String seed) {
    int[] missing = quotas(members.stream().mapToInt(Member::present).toArray());
    int[] index = new int[RouterLayout.NODES];
    for (int i = 0; i < missing.length; i++) {
      index[members.get(i).id()] = i;
    }
    for (int row = 0; row < ROWS; row++) {
      if (table[row] != 0 && --missing[index[table[row]]] < 0) {
        missing[index[table[row]]]++;
        table[row] = 0; // held beyond the present quota
      }
    }
    Permutation[] wishes = new Permutation[missing.length];
    long left = 0;
    for (int i = 0; i < missing.length; i++) {
      wishes[i] = new Permutation(seed, members.get(i).name());
      left += missing[i];
    }
    while (left > 0) {
      for (int i = 0; i < missing.length; i++) {
        if (missing[i] > 0) {
          table[wishes[i].nextFree(table)] = (short) members.get(i).id();
          missing[i]--;
          left--;
        }
      }
    }
  }

  /**
   * Exchanges rows whose candidate is taken already; with one node only, such a row stays empty.
   */
  private static void avoid(short[] table, short[] taken, List<Member> members) {
    long present = members.stream().filter(member -> member.present() > 0).count();
    for (int row = 0; row < ROWS; row++) {
      if (table[row] == 0 || table[row] != taken[row]) {
        continue;
      }
      if (present < 2) {
        table[row] = 0;
        continue;
      }
      short mine = table[row];
      for (int step = 1; step < ROWS; step++) {
        int other = (row + step) % ROWS;
        if (table[other] != mine && table[other] != taken[row] && taken[other] != mine) {
          table[row] = table[other];
          table[other] = mine;
          break;
        }
      }
      if (table[row] == taken[row]) {
        table[row] = otherThan(taken[row], members);
      }
    }
  }

  private static short otherThan(short id, List<Member> members) {
    for (Member member : members) {
      if (member.present() > 0 && member.id() != id) {
        return (short) member.id();
      }
    }
    return 0;
  }

  /** Rows per node by largest remainder, ties to the lower index; all 0 when no node has weight. */
  static int[] quotas(int[] weights) {
    long total = Arrays.stream(weights).asLongStream().sum();
    int[] quota = new int[weights.length];
    if (total == 0) {
      return quota;
    }
    int left = ROWS;
    for (int i = 0; i < weights.length; i++) {
      quota[i] = (int) ((long) ROWS * weights[i] / total);
      left -= quota[i];
    }
    List<Integer> byRemainder = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      byRemainder.add(i);
    }
    byRemainder.sort(
        Comparator.comparingLong((Integer i) -> -((long) ROWS * weights[i] % total))
            .thenComparing(Comparator.naturalOrder()));
    for (int i = 0; i < left; i++) {
      quota[byRemainder.get(i)]++;
    }
    return quota;
  }

  int first(int row) {
    return Short.toUnsignedInt(first[row]);
  }

  int second(int row) {
    return Short.toUnsignedInt(second[row]);
  }

  /** The rows as the kernel holds them, struct spike_row after struct spike_row. */
  byte[] toBytes(ByteOrder order) {
    ByteBuffer out = ByteBuffer.allocate(ROWS * RouterLayout.ROW_BYTES).order(order);
    for (int row = 0; row < ROWS; row++) {
      out.putShort(first[row]).putShort(second[row]);
    }
    return out.array();
  }

  /** SHA-256 of the rows in little endian order, the same for the same table on any machine. */
  String digest() {
    return digest(toBytes(ByteOrder.LITTLE_ENDIAN));
  }

  static String digest(byte[] rowsLittleEndian) {
    return HexFormat.of().formatHex(sha256(rowsLittleEndian));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The order in which a node asks for rows. */
  private static final class Permutation {
    private final int step;
    private int row;

    Permutation(String seed, String name) {
      ByteBuffer hash =
          ByteBuffer.wrap(sha256((seed + "/" + name).getBytes(StandardCharsets.UTF_8)));
      row = (int) Long.remainderUnsigned(hash.getLong(), ROWS);
      step = 1 + (int) Long.remainderUnsigned(hash.getLong(), ROWS - 1);
    }

    int nextFree(short[] table) {
      while (table[row] != 0) {
        row = (row + step) % ROWS;
      }
      return row;
    }
  }
}
