package dev.spike.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Where the program starts. */
public final class Spike {
  private Spike() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Surroundings.ofProcess(), arguments));
  }

  /** Runs one command and returns its exit code. */
  static int run(Surroundings surroundings, String... arguments) {
    CommandLine line = new CommandLine(new SpikeCommand(surroundings));
    for (CommandLine each : all(line)) {
      each.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE.code());
      each.getCommandSpec().exitCodeOnExecutionException(ExitCode.BUG.code());
    }
    return line.execute(arguments);
  }

  private static List<CommandLine> all(CommandLine line) {
    List<CommandLine> commands = new ArrayList<>();
    commands.add(line);
    line.getSubcommands().values().forEach(child -> commands.addAll(all(child)));
    return commands;
  }
}
