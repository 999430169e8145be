package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.PlanException;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.warm.RouterSwitch;
import dev.spike.core.warm.RouterSwitch.NodeState;
import dev.spike.core.warm.RouterSwitch.Position;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spike router on|off|status}: one answer a node, and no node left out. */
abstract class RouterVerb extends Verb {
  private final Position position;

  @Mixin private final Target target = new Target();

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "60s",
      description = "How long nodes have to answer.")
  private Duration deadline = Duration.ZERO;

  RouterVerb(Position position, Globals globals) {
    super("router " + position.name().toLowerCase(Locale.ROOT), globals);
    this.position = position;
  }

  @Override
  final boolean stopsItself() {
    return false;
  }

  @Override
  final Report run(View view)
      throws CommandFailure, PlanException, ProviderException, InterruptedException {
    Target.Named named = target.named(globals());
    try (Provider provider = Target.open(globals(), named)) {
      List<NodeState> states =
          new RouterSwitch(provider)
              .turn(named.event(), position, Deadline.in(surroundings().clock(), deadline));
      return report(view, named, states);
    }
  }

  private Report report(View view, Target.Named named, List<NodeState> states) {
    long on = states.stream().filter(node -> node.state().equals("on")).count();
    long off = states.stream().filter(node -> node.state().equals("off")).count();
    long answered = on + off;
    Report.Draft draft =
        Report.of(name())
            .headline(
                "Router "
                    + named.event()
                    + ": "
                    + (states.isEmpty()
                        ? "there are no nodes"
                        : "on at "
                            + on
                            + ", off at "
                            + off
                            + " of "
                            + Words.count(states.size(), "node")))
            .fact("event", named.event().value())
            .fact("on", on)
            .fact("off", off)
            .fact("nodes", states.stream().map(RouterVerb::facts).toList());
    NodeLines.add(draft, states.stream().map(RouterVerb::line).toList(), globals().verbose());
    if (answered == states.size()) {
      return draft.exit(ExitCode.DONE);
    }
    view.diagnostic(
        Diagnostic.error(
            states.size()
                - answered
                + " of "
                + Words.count(states.size(), "node")
                + " did not answer as a router",
            "",
            "Run the same command again; spike warm installs a router that is missing."));
    return draft.exit(answered == 0 ? ExitCode.UNAVAILABLE : ExitCode.PARTLY);
  }

  private static NodeLines.Line line(NodeState node) {
    return new NodeLines.Line(
        node.node(), node.state(), Map.of("forwarded flows", node.forwardedFlows()), node.reason());
  }

  private static Map<String, Object> facts(NodeState node) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", node.node());
    facts.put("state", node.state());
    facts.put("forwardedFlows", node.forwardedFlows());
    facts.put("reason", node.reason());
    return facts;
  }
}
