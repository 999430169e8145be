package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes a tier away: not while clients are connected, not without its last words, and not without
 * the proof that nothing is left.
 */
final class Removal {
  private static final Duration STATUS_TIME = Duration.ofSeconds(15);

  private final Engine engine;
  private final CommandRun run;
  private final EventName event;
  private final TeardownOptions options;

  Removal(Engine engine, CommandRun run, EventName event, TeardownOptions options) {
    this.engine = engine;
    this.run = run;
    this.event = event;
    this.options = options;
  }

  RunResult run() throws ProviderException, InterruptedException {
    ObservedState observed = engine.provider().observe(event);
    if (!options.force() && !drained(observed)) {
      return run.end(Ending.REFUSED, Diff.towardsEmpty(observed), List.of());
    }
    hearLastWords(observed);
    Set<Kind> kept = options.keepData() ? withNeeds(Kind.CACHE) : EnumSet.noneOf(Kind.class);
    ChangeSet changes =
        new ChangeSet(
            Diff.towardsEmpty(observed).changes().stream()
                .filter(change -> !kept.contains(change.kind()))
                .toList());
    Tags tags = new Tags(event, engine.clock().instant(), "");
    List<Outcome> outcomes =
        engine.apply().run(Step.order(changes), List.of(), tags, run.deadline());
    Ending ending = run.settle(outcomes);
    if (ending == Ending.DONE) {
      for (Observed bound : committed(observed)) { // what of it is free can go all the same
        engine.provider().delete(event, bound.id(), run.deadline());
      }
    }
    if (ending == Ending.DONE && !options.keepData()) {
      engine.provider().sweep(event, run.deadline());
    }
    ObservedState left = engine.provider().observe(event);
    if (options.keepData()) {
      engine
          .listener()
          .note("The cache of " + event + " and what it stands on stay, as --keep-data asks.");
    }
    return run.end(ending == Ending.DONE ? confirmed(left, kept) : ending, changes, outcomes);
  }

  private Ending confirmed(ObservedState left, Set<Kind> kept) {
    List<String> remains = new ArrayList<>(left.strays());
    left.resources().values().stream()
        .filter(resource -> !kept.contains(resource.kind()))
        .filter(resource -> resource.committedUntil().isEmpty())
        .forEach(resource -> remains.add(resource.id().value()));
    if (remains.isEmpty() || (options.keepData() && left.resources().isEmpty())) {
      List<Observed> staying = committed(left);
      staying.forEach(bound -> run.tell(staying(bound)));
      return staying.isEmpty() ? Ending.DONE : Ending.PARTLY;
    }
    run.tell(
        Diagnostic.error(
            remains.size() + " things of " + event + " are still there",
            String.join("; ", remains),
            "Run spike teardown again; what stays then has to be looked at by hand."));
    return Ending.PARTLY;
  }

  private static List<Observed> committed(ObservedState observed) {
    return observed.resources().values().stream()
        .filter(resource -> resource.committedUntil().isPresent())
        .toList();
  }

  private static Diagnostic staying(Observed bound) {
    Instant until = bound.committedUntil().orElseThrow();
    return Diagnostic.error(
        bound.id() + " stays: it is committed and paid for until " + until,
        "it was reserved ahead by spike reserve, and can neither be cancelled nor made smaller"
            + " before",
        "Nothing is to be done: it ends by itself. Run spike teardown after "
            + until
            + " to prove that nothing is left.");
  }

  private boolean drained(ObservedState observed) throws ProviderException, InterruptedException {
    List<String> nodes = LastWords.nodes(observed);
    if (nodes.isEmpty()) {
      return true;
    }
    long live = 0;
    List<String> silent = new ArrayList<>();
    Map<String, NodeChannel.Answer> answers =
        engine
            .provider()
            .nodes(event)
            .run(nodes, NodeCommand.of("status"), run.deadline().atMost(STATUS_TIME));
    for (Map.Entry<String, NodeChannel.Answer> answer : answers.entrySet()) {
      if (answer.getValue().ok()) {
        live += answer.getValue().json().path("connections").asLong(0);
      } else {
        silent.add(answer.getKey());
      }
    }
    if (!silent.isEmpty()) {
      run.tell(
          Diagnostic.warning(
              "No answer from " + String.join(", ", silent),
              "a node that does not answer serves nobody; its connections count as none",
              ""));
    }
    if (live <= options.drainGateConnections()) {
      return true;
    }
    run.tell(
        Diagnostic.error(
            "Clients are still connected to " + event,
            live + " live connections, the drain gate is " + options.drainGateConnections(),
            "Wait until they are gone, or run spike teardown --force to cut them."));
    return false;
  }

  /** Never in the way of a removal: what cannot be heard is a warning. */
  private void hearLastWords(ObservedState observed) throws InterruptedException {
    try {
      engine.listener().lastWords(LastWords.of(engine.provider(), observed, run.deadline()));
    } catch (ProviderException failure) {
      run.tell(
          Diagnostic.warning(
              "The last logs and counts of " + event + " could not be saved",
              String.valueOf(failure.getMessage()),
              ""));
    }
  }

  private static Set<Kind> withNeeds(Kind kind) {
    Set<Kind> all = EnumSet.of(kind);
    for (Kind needed : kind.needs()) {
      all.addAll(withNeeds(needed));
    }
    return all;
  }
}
