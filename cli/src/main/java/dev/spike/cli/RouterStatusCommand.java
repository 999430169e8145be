package dev.spike.cli;

import dev.spike.core.warm.RouterSwitch.Position;
import picocli.CommandLine.Command;

/** {@code spike router status PLAN.json}. */
@Command(name = "status", description = "Where the switch stands, node by node.")
final class RouterStatusCommand extends RouterVerb {
  RouterStatusCommand(Globals globals) {
    super(Position.STATUS, globals);
  }
}
