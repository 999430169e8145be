package dev.spike.core.sales;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Counts what became of a source's rows. Reasons are fixed sentences, never a row's content. */
public final class RowTally {
  /** Why a sale is left out that was not known yet. */
  public static final String LATER = "sold after the plan's instant";

  private static final int EXAMPLES_MAX = 5;
  private static final int REASONS_MAX = 40;

  /** One word. Two may be a person's name, so those that are a status are listed. */
  private static final Pattern STATUS = Pattern.compile("[A-Za-z][A-Za-z_-]{0,29}");

  private static final Set<String> STATUSES_OF_WORDS =
      Set.of(
          "awaiting payment",
          "checked in",
          "no show",
          "not attending",
          "not paid",
          "on hold",
          "partially paid",
          "partially refunded",
          "payment failed",
          "payment pending",
          "pending payment",
          "waiting list");

  private final SortedMap<String, Long> rejected = new TreeMap<>();
  private final SortedMap<String, Long> leftOut = new TreeMap<>();
  private final List<Example> examples = new ArrayList<>();
  private long accepted;

  /**
   * A row that was rejected.
   *
   * @param where empty when it is a line
   */
  private record Example(String where, long line, String reason) {
    String shown() {
      return (where.isEmpty() ? "line " + line : where) + ": " + reason;
    }
  }

  /** Counts rows that are sales. */
  public void accept(long rows) {
    accepted += rows;
  }

  void reject(long line, String reason) {
    reject(new Example("", line, reason));
  }

  /**
   * Counts a row that cannot be understood.
   *
   * @param where the line, or the row of what page
   */
  public void reject(String where, String reason) {
    reject(new Example(where, 0, reason));
  }

  private void reject(Example example) {
    rejected.merge(example.reason(), 1L, Long::sum);
    if (examples.size() < EXAMPLES_MAX) {
      examples.add(example);
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
    leaveOut(reasonOf(column, value));
  }

  /** The reason of leaving a row out for a value of a filtered column. */
  static String reasonOf(String column, String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    return STATUS.matcher(value).matches() || STATUSES_OF_WORDS.contains(lower)
        ? column + " is " + lower
        : column + " is not accepted";
  }

  /** Adds what was counted in the rows that follow, whose first line comes after so many. */
  void append(RowTally following, long linesBefore) {
    accepted += following.accepted;
    following.rejected.forEach((reason, rows) -> rejected.merge(reason, rows, Long::sum));
    following.leftOut.forEach(this::leaveOut);
    for (Example example : following.examples) {
      if (examples.size() < EXAMPLES_MAX) {
        examples.add(new Example(example.where(), linesBefore + example.line(), example.reason()));
      }
    }
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
        examples.stream().map(Example::shown).toList(),
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
        examples.stream().map(Example::shown).toList(),
        "");
  }
}
