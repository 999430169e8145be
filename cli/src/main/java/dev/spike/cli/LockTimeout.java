package dev.spike.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How patient a command is with another run of the same event. */
final class LockTimeout {
  @Option(
      names = "--lock-timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "0s",
      description = "How long to wait for another run's lease; exit 75 after it.")
  private Duration value = Duration.ZERO;

  Duration value() {
    return value;
  }
}
