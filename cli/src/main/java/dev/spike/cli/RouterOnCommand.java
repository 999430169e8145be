package dev.spike.cli;

import dev.spike.core.warm.RouterSwitch.Position;
import picocli.CommandLine.Command;

/** {@code spike router on PLAN.json}. */
@Command(name = "on", description = "New connections climb the ladder again, on every node.")
final class RouterOnCommand extends RouterVerb {
  RouterOnCommand(Globals globals) {
    super(Position.ON, globals);
  }
}
