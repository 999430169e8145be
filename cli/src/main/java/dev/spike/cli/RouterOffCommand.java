package dev.spike.cli;

import dev.spike.core.warm.RouterSwitch.Position;
import picocli.CommandLine.Command;

/** {@code spike router off PLAN.json}. */
@Command(
    name = "off",
    description = "Every node takes each new connection where it lands; live ones stay.")
final class RouterOffCommand extends RouterVerb {
  RouterOffCommand(Globals globals) {
    super(Position.OFF, globals);
  }
}
