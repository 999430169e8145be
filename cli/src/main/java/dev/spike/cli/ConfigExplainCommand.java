package dev.spike.cli;

import dev.spike.cli.config.LayeredDefaults;
import dev.spike.cli.config.Layers;
import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** {@code spike config explain}. */
@Command(
    name = "explain",
    description = {
      "Says of every option what value holds and where it comes from: flag, environment,",
      "project file (spike.yaml), user file, default."
    })
final class ConfigExplainCommand extends Verb {
  private final Layers layers;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private CommandSpec spec;

  ConfigExplainCommand(Globals globals, Layers layers) {
    super("config explain", globals);
    this.layers = layers;
  }

  @Override
  boolean stopsItself() {
    return false;
  }

  @Override
  Report run(View view) {
    List<Map<String, Object>> facts = new ArrayList<>();
    Report.Draft draft = Report.of(name());
    CommandLine root = spec.root().commandLine();
    explain("", root.getCommandSpec(), draft, facts);
    root.getSubcommands()
        .forEach((verb, line) -> explain(verb, line.getCommandSpec(), draft, facts));
    long set = facts.stream().filter(fact -> !"default".equals(fact.get("origin"))).count();
    return draft
        .headline(
            "Config: " + set + " of " + facts.size() + " options differ from where they start")
        .fact("options", facts)
        .exit(ExitCode.DONE);
  }

  private void explain(
      String verb, CommandSpec command, Report.Draft draft, List<Map<String, Object>> facts) {
    for (OptionSpec option : command.options()) {
      if (option.inherited() || option.usageHelp() || option.versionHelp()) {
        continue;
      }
      String name = LayeredDefaults.name(option);
      Layers.Found found = value(verb, option, name);
      String title = (verb.isEmpty() ? "" : verb + " ") + "--" + name;
      draft.line(
          String.format(Locale.ROOT, "  %-28s %-14s %s", title, found.value(), found.origin()));
      Map<String, Object> fact = new LinkedHashMap<>();
      fact.put("option", title);
      fact.put("value", found.value());
      fact.put("origin", found.origin());
      fact.put("variable", Layers.variable(name));
      facts.add(fact);
    }
  }

  private Layers.Found value(String verb, OptionSpec option, String name) {
    // Global options may stand behind this verb too; their values are in the root's fields.
    if (verb.isEmpty() && given(option)) {
      return new Layers.Found(Objects.toString(option.getValue()), "flag");
    }
    return layers
        .find(verb, name)
        .orElseGet(() -> new Layers.Found(defaultText(option), "default"));
  }

  private boolean given(OptionSpec option) {
    CommandLine.ParseResult here = spec.commandLine().getParseResult();
    CommandLine.ParseResult root = spec.root().commandLine().getParseResult();
    return here.hasMatchedOption(option.longestName())
        || root.hasMatchedOption(option.longestName());
  }

  private static String defaultText(OptionSpec option) {
    if (option.defaultValue() != null) {
      return option.defaultValue();
    }
    return option.arity().max() == 0 ? "false" : "-";
  }
}
