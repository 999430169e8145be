package dev.spike.node;

import dev.spike.node.config.Failure;
import dev.spike.node.config.Json;
import dev.spike.node.config.Log;
import dev.spike.node.router.RouterCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code spike-node}: the server, the router's user space and the clients that test them. */
@Command(
    name = "spike-node",
    description = "The node side of spike: server, router control, probes and load.",
    mixinStandardHelpOptions = true,
    version = "spike-node 0.1.0",
    subcommands = {
      ServeCommand.class,
      StatusCommand.class,
      WarmCommand.class,
      ProbeCommand.class,
      LoadCommand.class,
      DrillCommand.class,
      CacheLagCommand.class,
      ConfigureCommand.class,
      RouterCommand.class
    })
public final class SpikeNode {
  private SpikeNode() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    Log.quietLibraries();
    System.exit(run(arguments));
  }

  /** Runs one command; the result goes to stdout, the log to stderr. */
  static int run(String... arguments) {
    CommandLine line = new CommandLine(new SpikeNode());
    line.setParameterExceptionHandler(
        (wrong, given) ->
            failed(
                Failure.USAGE,
                String.valueOf(wrong.getMessage()),
                "see spike-node help, or the command with --help"));
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) ->
            thrown instanceof Failure failure
                ? failed(failure.exitCode(), String.valueOf(failure.getMessage()), failure.next())
                : failed(
                    Failure.FAILED,
                    thrown.getClass().getSimpleName() + ": " + Log.words(thrown),
                    "read the log on stderr; if it does not help, report this as a bug"));
    return line.execute(arguments);
  }

  private static int failed(int exitCode, String error, String next) {
    System.out.println(Json.line(Json.object().put("error", error).put("next", next)));
    return exitCode;
  }
}
