package dev.spike.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the tree. */
@Command(
    name = "spike",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = CommandLine.HelpCommand.class,
    synopsisSubcommandLabel = "VERB",
    description = {
      "Turns ticket sales into a warm WebSocket tier, and removes it after the event.",
      ""
    },
    footer = {"", "Every option is also SPIKE_<OPTION>; `spike config explain` says what holds."})
final class SpikeCommand extends Globals implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private CommandSpec spec;

  SpikeCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a verb is missing");
  }
}
