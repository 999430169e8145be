package dev.spike.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spike router}: a noun, its verbs are below it. */
@Command(
    name = "router",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "The fleet-wide switch of the router, for the bad night.")
final class RouterCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a verb is missing: on, off or status");
  }
}
