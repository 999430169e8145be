package dev.spike.cli.view;

import dev.spike.cli.ExitCode;
import dev.spike.core.warm.CheckResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    List<String> lines,
    List<CheckResult> checks,
    Map<String, Object> facts) {
  public Report {
    lines = List.copyOf(lines);
    checks = List.copyOf(checks);
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
    private final String command;
    private String headline = "";
    private final List<String> lines = new ArrayList<>();
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
      lines.add(text);
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
