package dev.spike.core.sales;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Counts what became of an export's rows. Reasons are fixed sentences, never a row's content. */
final class RowTally {
  private static final int EXAMPLES_MAX = 5;
  private static final int REASONS_MAX = 40;
  private static final Pattern STATUS = Pattern.compile("[A-Za-z][A-Za-z _-]{0,29}");

  private final SortedMap<String, Long> rejected = new TreeMap<>();
  private final SortedMap<String, Long> leftOut = new TreeMap<>();
  private final List<String> examples = new ArrayList<>();
  private long accepted;

  void accept(long rows) {
    accepted += rows;
  }

  void reject(long line, String reason) {
    rejected.merge(reason, 1L, Long::sum);
    if (examples.size() < EXAMPLES_MAX) {
      examples.add("line " + line + ": " + reason);
    }
  }

  void leaveOut(String reason) {
    leaveOut(reason, 1);
  }

  void leaveOut(String reason, long rows) {
    boolean named = leftOut.containsKey(reason) || leftOut.size() < REASONS_MAX;
    leftOut.merge(named ? reason : "other", rows, Long::sum);
  }

  /**
   * Leaves out a row for a value of a filtered column; the value is named only when it is a word.
   */
  void leaveOutFor(String column, String value) {
    leaveOut(
        STATUS.matcher(value).matches()
            ? column + " is " + value.toLowerCase(Locale.ROOT)
            : column + " is not accepted");
  }

  private static long sum(SortedMap<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  SourceReport report(String type, String name, ExportFile file) {
    long bad = sum(rejected);
    return new SourceReport(
        type,
        name,
        file.digest(),
        file.bytes(),
        accepted + bad + sum(leftOut),
        accepted,
        bad,
        rejected,
        leftOut,
        examples);
  }
}
