package dev.spike.core.sales;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Counts what became of a source's rows. Reasons are fixed sentences, never a row's content. */
public final class RowTally {
  private static final int EXAMPLES_MAX = 5;
  private static final int REASONS_MAX = 40;
  private static final Pattern STATUS = Pattern.compile("[A-Za-z][A-Za-z _-]{0,29}");

  private final SortedMap<String, Long> rejected = new TreeMap<>();
  private final SortedMap<String, Long> leftOut = new TreeMap<>();
  private final List<String> examples = new ArrayList<>();
  private long accepted;

  /** Counts rows that are sales. */
  public void accept(long rows) {
    accepted += rows;
  }

  void reject(long line, String reason) {
    reject("line " + line, reason);
  }

  /**
   * Counts a row that cannot be understood.
   *
   * @param where the line, or the row of what page
   */
  public void reject(String where, String reason) {
    rejected.merge(reason, 1L, Long::sum);
    if (examples.size() < EXAMPLES_MAX) {
      examples.add(where + ": " + reason);
    }
  }

  /** Counts a row that was understood and does not count. */
  public void leaveOut(String reason) {
    leaveOut(reason, 1);
  }

  /** As the other, for many rows. */
  public void leaveOut(String reason, long rows) {
    boolean named = leftOut.containsKey(reason) || leftOut.size() < REASONS_MAX;
    leftOut.merge(named ? reason : "other", rows, Long::sum);
  }

  /**
   * Leaves out a row for a value of a filtered column; the value is named only when it is a word.
   */
  public void leaveOutFor(String column, String value) {
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
        examples,
        "");
  }

  /**
   * The report of a service or database.
   *
   * @param counted what this source gave, of which the digest is made: the same sales give the same
   *     report whatever else the service said with them
   * @param bytes that were received; 0 where a driver does not say
   */
  public SourceReport report(String type, String name, SalesHistory counted, long bytes) {
    long bad = sum(rejected);
    return new SourceReport(
        type,
        name,
        counted.digest(),
        bytes,
        accepted + bad + sum(leftOut),
        accepted,
        bad,
        rejected,
        leftOut,
        examples,
        "");
  }
}
