package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spike completion bash|zsh|fish}. */
@Command(name = "completion", description = "Prints a completion script for a shell.")
final class CompletionCommand extends Verb {
  /** The shells there is a script for. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Parameters(paramLabel = "bash|zsh|fish", description = "Source what is printed.")
  private Shell shell = Shell.bash;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private CommandSpec spec;

  CompletionCommand(Globals globals) {
    super("completion", globals);
  }

  @Override
  boolean stopsItself() {
    return false;
  }

  @Override
  Report run(View view) {
    CommandLine root = spec.root().commandLine();
    String script =
        switch (shell) {
          case bash, zsh -> AutoComplete.bash("spike", root);
          case fish -> fish(root);
        };
    // The script alone is the result, so that a shell can source it.
    return new Report(
        name(), ExitCode.DONE, script.stripTrailing(), List.of(), List.of(), Map.of());
  }

  private static String fish(CommandLine root) {
    StringBuilder script = new StringBuilder("complete -c spike -f\n");
    options(script, "", root.getCommandSpec());
    root.getSubcommands()
        .forEach(
            (verb, line) -> {
              String[] description = line.getCommandSpec().usageMessage().description();
              script
                  .append("complete -c spike -n __fish_use_subcommand -a ")
                  .append(verb)
                  .append(" -d ")
                  .append(quoted(description.length == 0 ? "" : description[0]))
                  .append('\n');
              options(
                  script, " -n '__fish_seen_subcommand_from " + verb + "'", line.getCommandSpec());
            });
    return script.toString();
  }

  private static void options(StringBuilder script, String condition, CommandSpec command) {
    for (OptionSpec option : command.options()) {
      if (option.inherited()) {
        continue;
      }
      script.append("complete -c spike").append(condition);
      script.append(" -l ").append(option.longestName().replaceFirst("^-+", ""));
      script.append(option.arity().max() > 0 ? " -r -F" : "");
      String[] description = option.description();
      script.append(" -d ").append(quoted(description.length == 0 ? "" : description[0]));
      script.append('\n');
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
