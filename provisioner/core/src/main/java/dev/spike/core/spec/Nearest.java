package dev.spike.core.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The name somebody probably meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The known name that fewest edits (insert, delete, replace, swap of neighbours) turn into the
   * given one; empty when that takes more than a third of its letters and two.
   */
  public static Optional<String> to(String given, Collection<String> known) {
    int most = Math.max(2, given.length() / 3);
    return known.stream()
        .filter(name -> edits(lower(given), lower(name)) <= most)
        .min(
            Comparator.comparingInt((String name) -> edits(lower(given), lower(name)))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Optimal string alignment distance. */
  static int edits(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int row = 0; row <= from.length(); row++) {
      for (int column = 0; column <= to.length(); column++) {
        if (row == 0 || column == 0) {
          cost[row][column] = row + column;
          continue;
        }
        boolean same = from.charAt(row - 1) == to.charAt(column - 1);
        int best = cost[row - 1][column - 1] + (same ? 0 : 1);
        best = Math.min(best, Math.min(cost[row - 1][column], cost[row][column - 1]) + 1);
        if (row > 1
            && column > 1
            && from.charAt(row - 1) == to.charAt(column - 2)
            && from.charAt(row - 2) == to.charAt(column - 1)) {
          best = Math.min(best, cost[row - 2][column - 2] + 1);
        }
        cost[row][column] = best;
      }
    }
    return cost[from.length()][to.length()];
  }
}
