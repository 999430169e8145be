package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.core.resource.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings one stage of a tier to its plan: observes, compares, applies, observes again. */
final class Convergence {
  private final Engine engine;
  private final CommandRun run;
  private final Plan plan;
  private final EventName event;

  Convergence(Engine engine, CommandRun run, Plan plan) {
    this.engine = engine;
    this.run = run;
    this.plan = plan;
    this.event = plan.event().name();
  }

  /** The stage {@code provision}; what would take live parts away only where that is allowed. */
  RunResult provision(boolean allowReplace) throws ProviderException, InterruptedException {
    ChangeSet changes =
        Diff.towards(plan.resources(), engine.provider().observe(event), Stage.PROVISION);
    return run.allows(changes, allowReplace)
        ? apply(changes, Stage.PROVISION, Set.of())
        : run.end(Ending.REFUSED, changes, List.of());
  }

  /** What {@link #provision} would do. */
  RunResult foreseen(boolean allowReplace) throws ProviderException, InterruptedException {
    ChangeSet changes =
        Diff.towards(plan.resources(), engine.provider().observe(event), Stage.PROVISION);
    run.allows(changes, allowReplace);
    return run.end(Ending.DONE, changes, List.of());
  }

  /** The stage {@code warm}, wherever the stage before it has converged. */
  RunResult warm() throws ProviderException, InterruptedException {
    ObservedState observed = engine.provider().observe(event);
    return apply(
        Diff.towards(plan.resources(), observed, Stage.WARM),
        Stage.WARM,
        unsound(plan.resources(), observed));
  }

  private RunResult apply(ChangeSet changes, Stage stage, Set<ResourceId> unsound)
      throws ProviderException, InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (Step step : Step.order(changes)) {
      Optional<ResourceId> base = unsoundBase(step.change(), unsound);
      if (base.isEmpty()) {
        steps.add(step);
      } else {
        outcomes.add(new Outcome.Skipped(step.change().id(), base.get() + " is not whole"));
      }
    }
    if (!outcomes.isEmpty()) {
      run.tell(
          Diagnostic.error(
              outcomes.size() + " of " + changes.changes().size() + " warm steps cannot be taken",
              "not whole: "
                  + String.join(", ", unsound.stream().map(Object::toString).sorted().toList()),
              "Run spike provision with the same plan, then this command again."));
    }
    Tags tags = new Tags(event, plan.schedule().expires(), plan.digest());
    outcomes.addAll(engine.apply().run(steps, plan.resources(), tags, run.deadline()));
    Ending ending = run.settle(outcomes);
    return run.end(ending == Ending.DONE ? confirmed(stage) : ending, changes, outcomes);
  }

  /** A step's success is a provider's word; what stands is what is observed afterwards. */
  private Ending confirmed(Stage stage) throws ProviderException, InterruptedException {
    ChangeSet left = Diff.towards(plan.resources(), engine.provider().observe(event, stage), stage);
    if (left.isEmpty()) {
      return Ending.DONE;
    }
    run.tell(
        Diagnostic.error(
            "The tier still differs from the plan after every step succeeded",
            left.differences(),
            "Run the same command again; if it stays, see the logs of the resource named."));
    return Ending.PARTLY;
  }

  private static Set<ResourceId> unsound(List<Resource> desired, ObservedState observed) {
    Set<ResourceId> unsound = new HashSet<>();
    for (Change change : Diff.towards(desired, observed, Stage.PROVISION).changes()) {
      if (!(change instanceof Change.Keep) && !(change instanceof Change.Delete)) {
        unsound.add(change.id());
      }
    }
    return unsound;
  }

  private Optional<ResourceId> unsoundBase(Change change, Set<ResourceId> unsound) {
    return plan.resources().stream()
        .filter(resource -> resource.id().equals(change.id()))
        .flatMap(resource -> resource.dependsOn().stream())
        .filter(unsound::contains)
        .findFirst();
  }
}
