package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Stage;
import java.util.List;
import java.util.Optional;

/** A node's replacement as a command: asked for, or begun by an earlier run and ended by this. */
final class NodeSwap {
  private final Engine engine;
  private final CommandRun run;
  private final Plan plan;
  private final NodeReplacement replacement;

  NodeSwap(Engine engine, CommandRun run, Plan plan) {
    this.engine = engine;
    this.run = run;
    this.plan = plan;
    this.replacement = new NodeReplacement(plan, engine);
  }

  private ObservedState observe() throws ProviderException, InterruptedException {
    return engine.provider().observe(plan.event().name());
  }

  RunResult of(String node, boolean dryRun) throws ProviderException, InterruptedException {
    ObservedState observed = observe();
    Optional<Diagnostic> refusal = replacement.refusal(node, observed);
    if (refusal.isPresent()) {
      run.tell(refusal.get());
      return run.end(Ending.REFUSED);
    }
    replacement.warning(node, observed, run.deadline()).ifPresent(run::tell);
    engine
        .listener()
        .note(
            "Node "
                + node
                + (replacement.newFirst()
                    ? ": a new node is ready and registered before this one is drained and ended."
                    : " is drained and ended before it is made again: two hosts of one name and"
                        + " address cannot stand side by side here."));
    ChangeSet changes = replacement.changes(node, observed);
    if (dryRun) {
      return run.end(Ending.DONE, changes, List.of());
    }
    List<Outcome> outcomes = replacement.run(node, observed, run.deadline());
    Ending ending = run.settle(outcomes);
    if (ending == Ending.DONE) {
      ChangeSet left = Diff.towards(plan.resources(), observe(), Stage.PROVISION);
      if (!left.isEmpty()) {
        run.tell(
            Diagnostic.warning(
                "Node " + node + " is replaced; the tier still differs from the plan",
                left.differences(),
                "Run spike provision with this plan."));
      }
    }
    return run.end(ending, changes, outcomes);
  }

  /** Ends what an earlier run began; empty when nothing keeps the command from going on. */
  Optional<RunResult> endBegun() throws ProviderException, InterruptedException {
    for (String node : replacement.begun()) {
      engine
          .listener()
          .note("The replacement of node " + node + " was begun before; it is ended first.");
      ObservedState observed = observe();
      List<Outcome> outcomes = replacement.run(node, observed, run.deadline());
      Ending ending = run.settle(outcomes);
      if (ending != Ending.DONE) {
        return Optional.of(run.end(ending, replacement.changes(node, observed), outcomes));
      }
    }
    return Optional.empty();
  }
}
