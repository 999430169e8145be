package dev.spike.cli.view;

import dev.spike.cli.ExitCode;
import dev.spike.core.warm.CheckResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a command found or did.
 *
 * @param headline the whole story in one line; empty when the diagnostics already told it
 * @param lines what people read after it
 * @param checks shown as a table after the lines
 * @param facts what programs read: names and numbers, texts, lists or maps of these
 */
public record Report(
    String command,
    ExitCode exit,
    String headline,
    List<Line> lines,
    List<CheckResult> checks,
    Map<String, Object> facts) {
  public Report {
    lines = List.copyOf(lines);
    checks = List.copyOf(checks);
  }

  /** How a line is meant. */
  public enum Emphasis {
    PLAIN,
    DOUBTFUL,
    BAD
  }

  /**
   * A line.
   *
   * @param label its beginning, which may be coloured; may be empty
   * @param rest what follows it
   */
  public record Line(String label, Emphasis emphasis, String rest) {
    /** The whole line without colour. */
    public String text() {
      return label + rest;
    }
  }

  /** A command that ended before it had anything to show. */
  public static Report ended(String command, ExitCode exit) {
    return new Report(command, exit, "", List.of(), List.of(), Map.of());
  }

  /** Collects a report. */
  public static Draft of(String command) {
    return new Draft(command);
  }

  /** A report in the making. */
  public static final class Draft {
    private static final int COLUMNS = 80;
    private static final int LABEL = 8;

    private final String command;
    private String headline = "";
    private final List<Line> lines = new ArrayList<>();
    private final List<CheckResult> checks = new ArrayList<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();

    private Draft(String command) {
      this.command = command;
    }

    public Draft headline(String text) {
      headline = text;
      return this;
    }

    public Draft line(String text) {
      lines.add(new Line("", Emphasis.PLAIN, text));
      return this;
    }

    /** A label and a text, folded where a terminal of 80 columns would cut it. */
    public Draft entry(String label, String text) {
      return entry(label, Emphasis.PLAIN, text);
    }

    /** The same, with a label that stands out. */
    public Draft entry(String label, Emphasis emphasis, String text) {
      String padded = String.format(Locale.ROOT, "  %-" + LABEL + "s ", label);
      List<String> folded = Words.folded(text, COLUMNS - padded.length());
      lines.add(new Line(padded, emphasis, folded.getFirst()));
      String indent = " ".repeat(padded.length());
      folded.stream()
          .skip(1)
          .forEach(rest -> lines.add(new Line("", Emphasis.PLAIN, indent + rest)));
      return this;
    }

    public Draft checks(List<CheckResult> results) {
      checks.addAll(results);
      return this;
    }

    public Draft fact(String name, Object value) {
      facts.put(name, value);
      return this;
    }

    public Report exit(ExitCode exit) {
      return new Report(command, exit, headline, lines, checks, facts);
    }
  }
}
