package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.core.resource.Stage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an event's tier converge or removes it. Each method is one command: it takes the lease,
 * observes, compares, applies, observes again, and gives the lease back whatever happens. Nothing
 * is remembered between runs.
 */
public final class TierRun {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration STATUS_TIME = Duration.ofSeconds(15);

  private final Provider provider;
  private final Clock clock;
  private final RunListener listener;
  private final Stop stop;
  private final Duration firstPause;

  public TierRun(Provider provider, Clock clock, RunListener listener, Stop stop) {
    this(provider, clock, listener, stop, FIRST_PAUSE);
  }

  /**
   * As the other constructor, with another first pause.
   *
   * @param firstPause before a step that was throttled or found the provider away is tried again;
   *     each further one is twice as long
   */
  public TierRun(
      Provider provider, Clock clock, RunListener listener, Stop stop, Duration firstPause) {
    this.provider = provider;
    this.clock = clock;
    this.listener = listener;
    this.stop = stop;
    this.firstPause = firstPause;
  }

  /** What a command does once it holds the lease. */
  private interface Work {
    RunResult run(Session session) throws ProviderException, InterruptedException;
  }

  /** One command's run: its start, its deadline, and what it has to tell. */
  private final class Session {
    final long startNanos = System.nanoTime();
    final Deadline deadline;
    final List<Diagnostic> diagnostics = new ArrayList<>();

    Session(Deadline deadline) {
      this.deadline = deadline;
    }

    void tell(Diagnostic diagnostic) {
      diagnostics.add(diagnostic);
      listener.diagnostic(diagnostic);
    }

    RunResult end(Ending ending, ChangeSet changes, List<Outcome> outcomes) {
      return new RunResult(
          ending, changes, outcomes, diagnostics, Duration.ofNanos(System.nanoTime() - startNanos));
    }

    RunResult end(Ending ending) {
      return end(ending, new ChangeSet(List.of()), List.of());
    }
  }

  /** Makes the stage {@code provision} converge. */
  public RunResult provision(Plan plan, ProvisionOptions options) throws InterruptedException {
    Session session = new Session(Deadline.in(clock, options.deadline()));
    Instant present = present(options.asOf());
    if (!present.isBefore(plan.event().endsAt())) {
      session.tell(
          Diagnostic.error(
              "The event " + plan.event().name() + " is over",
              "it ended at " + plan.event().endsAt() + " and it is " + present,
              "Correct event.startsAt and event.endsAt, then plan again."));
      return session.end(Ending.INVALID_PLAN);
    }
    Instant due = plan.schedule().provisionAt();
    if (!options.now() && present.isBefore(due)) {
      listener.note("Not due yet: this plan is due at " + due + "; --now provisions before that.");
      return session.end(Ending.NOT_DUE);
    }
    if (options.dryRun()) {
      return guarded(
          session,
          () -> {
            ObservedState observed = provider.observe(plan.event().name());
            ChangeSet changes = Diff.towards(plan.resources(), observed, Stage.PROVISION);
            tellDisruptions(session, changes, options.allowReplace());
            return session.end(Ending.DONE, changes, List.of());
          });
    }
    Optional<Ending> unfit = preflight(session, plan.resources(), plan.event().name());
    if (unfit.isPresent()) {
      return session.end(unfit.get());
    }
    return leased(
        session,
        plan.event().name(),
        options.lockTimeout(),
        within -> converge(within, plan, Stage.PROVISION, options.allowReplace()));
  }

  /**
   * Swaps one node of a tier that stands for a new one, and ends what an earlier run began of that.
   *
   * @param options whose {@code now} and {@code asOf} mean nothing here
   */
  public RunResult replace(Plan plan, String node, ProvisionOptions options)
      throws InterruptedException {
    Session session = new Session(Deadline.in(clock, options.deadline()));
    if (options.dryRun()) {
      return guarded(session, () -> replace(session, plan, node, true));
    }
    Optional<Ending> unfit = preflight(session, plan.resources(), plan.event().name());
    if (unfit.isPresent()) {
      return session.end(unfit.get());
    }
    return leased(
        session,
        plan.event().name(),
        options.lockTimeout(),
        within -> replace(within, plan, node, false));
  }

  private RunResult replace(Session session, Plan plan, String node, boolean dryRun)
      throws ProviderException, InterruptedException {
    NodeReplacement replacement = new NodeReplacement(plan, provider, listener, stop, firstPause);
    ObservedState observed = provider.observe(plan.event().name());
    Optional<Diagnostic> refusal = replacement.refusal(node, observed);
    if (refusal.isPresent()) {
      session.tell(refusal.get());
      return session.end(Ending.REFUSED);
    }
    replacement.warning(node, observed, session.deadline).ifPresent(session::tell);
    listener.note(
        "Node "
            + node
            + (replacement.newFirst()
                ? ": a new node is ready and registered before this one is drained and ended."
                : " is drained and ended before it is made again: two hosts of one name and address"
                    + " cannot stand side by side here."));
    ChangeSet changes = replacement.changes(node, observed);
    if (dryRun) {
      return session.end(Ending.DONE, changes, List.of());
    }
    List<Outcome> outcomes = replacement.run(node, observed, session.deadline);
    tellFailures(session, outcomes);
    Ending ending = ending(session, outcomes);
    if (ending == Ending.DONE) {
      ChangeSet left =
          Diff.towards(plan.resources(), provider.observe(plan.event().name()), Stage.PROVISION);
      if (!left.isEmpty()) {
        session.tell(
            Diagnostic.warning(
                "Node " + node + " is replaced; the tier still differs from the plan",
                describe(left),
                "Run spike provision with this plan."));
      }
    }
    return session.end(ending, changes, outcomes);
  }

  /** Ends what an earlier run began; empty when nothing keeps the command from going on. */
  private Optional<RunResult> endBegun(Session session, Plan plan)
      throws ProviderException, InterruptedException {
    NodeReplacement replacement = new NodeReplacement(plan, provider, listener, stop, firstPause);
    for (String node : replacement.begun()) {
      listener.note("The replacement of node " + node + " was begun before; it is ended first.");
      ObservedState observed = provider.observe(plan.event().name());
      List<Outcome> outcomes = replacement.run(node, observed, session.deadline);
      tellFailures(session, outcomes);
      Ending ending = ending(session, outcomes);
      if (ending != Ending.DONE) {
        return Optional.of(session.end(ending, replacement.changes(node, observed), outcomes));
      }
    }
    return Optional.empty();
  }

  /** Makes the stage {@code warm} converge, where the stage before it has. */
  public RunResult warm(Plan plan, WarmOptions options) throws InterruptedException {
    Session session = new Session(Deadline.in(clock, options.deadline()));
    Optional<Ending> unfit =
        preflight(
            session,
            plan.resources().stream().filter(it -> it.stage() == Stage.WARM).toList(),
            plan.event().name());
    if (unfit.isPresent()) {
      return session.end(unfit.get());
    }
    return leased(
        session,
        plan.event().name(),
        options.lockTimeout(),
        within -> converge(within, plan, Stage.WARM, true));
  }

  /**
   * Removes everything that carries the event's tag and proves it.
   *
   * @param teardownAfter the plan's instant before which it is not due; null without a plan
   */
  public RunResult teardown(
      EventName event, @Nullable Instant teardownAfter, TeardownOptions options)
      throws InterruptedException {
    Session session = new Session(Deadline.in(clock, options.deadline()));
    Instant present = present(options.asOf());
    if (!options.force() && teardownAfter != null && present.isBefore(teardownAfter)) {
      listener.note(
          "Not due yet: this tier is due to go at "
              + teardownAfter
              + "; --force removes it before that.");
      return session.end(Ending.NOT_DUE);
    }
    Optional<Ending> unfit = preflight(session, List.of(), event);
    if (unfit.isPresent()) {
      return session.end(unfit.get());
    }
    return leased(session, event, options.lockTimeout(), within -> remove(within, event, options));
  }

  private RunResult converge(Session session, Plan plan, Stage stage, boolean allowReplace)
      throws ProviderException, InterruptedException {
    EventName event = plan.event().name();
    Tags tags = new Tags(event, plan.schedule().expires(), plan.digest());
    if (stage == Stage.PROVISION) {
      Optional<RunResult> unended = endBegun(session, plan);
      if (unended.isPresent()) {
        return unended.get();
      }
    }
    ObservedState observed = provider.observe(event);
    ChangeSet changes = Diff.towards(plan.resources(), observed, stage);
    if (stage == Stage.PROVISION && !tellDisruptions(session, changes, allowReplace)) {
      return session.end(Ending.REFUSED, changes, List.of());
    }
    Set<ResourceId> unsound = stage == Stage.WARM ? unsound(plan.resources(), observed) : Set.of();
    List<Outcome> outcomes = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (Step step : Step.order(changes)) {
      Optional<ResourceId> base = unsoundBase(step.change(), plan.resources(), unsound);
      if (base.isEmpty()) {
        steps.add(step);
      } else {
        outcomes.add(new Outcome.Skipped(step.change().id(), base.get() + " is not whole"));
      }
    }
    if (!outcomes.isEmpty()) {
      session.tell(
          Diagnostic.error(
              outcomes.size() + " of " + changes.changes().size() + " warm steps cannot be taken",
              "not whole: "
                  + String.join(", ", unsound.stream().map(Object::toString).sorted().toList()),
              "Run spike provision with the same plan, then this command again."));
    }
    outcomes.addAll(
        new Apply(provider, listener, stop, firstPause)
            .run(steps, plan.resources(), tags, session.deadline));
    tellFailures(session, outcomes);
    Ending ending = ending(session, outcomes);
    if (ending == Ending.DONE) {
      ChangeSet left = Diff.towards(plan.resources(), provider.observe(event), stage);
      if (!left.isEmpty()) {
        session.tell(
            Diagnostic.error(
                "The tier still differs from the plan after every step succeeded",
                describe(left),
                "Run the same command again; if it stays, see the logs of the resource named."));
        ending = Ending.PARTLY;
      }
    }
    return session.end(ending, changes, outcomes);
  }

  private RunResult remove(Session session, EventName event, TeardownOptions options)
      throws ProviderException, InterruptedException {
    ObservedState observed = provider.observe(event);
    if (!options.force() && !drained(session, observed, options.drainGateConnections())) {
      return session.end(Ending.REFUSED, Diff.towardsEmpty(observed), List.of());
    }
    hearLastWords(session, observed);
    Set<Kind> kept = options.keepData() ? withNeeds(Kind.CACHE) : EnumSet.noneOf(Kind.class);
    ChangeSet changes =
        new ChangeSet(
            Diff.towardsEmpty(observed).changes().stream()
                .filter(change -> !kept.contains(change.kind()))
                .toList());
    Tags tags = new Tags(event, clock.instant(), "");
    List<Outcome> outcomes =
        new Apply(provider, listener, stop, firstPause)
            .run(Step.order(changes), List.of(), tags, session.deadline);
    tellFailures(session, outcomes);
    Ending ending = ending(session, outcomes);
    if (ending == Ending.DONE) {
      for (Observed bound : committed(observed)) { // what of it is free can go all the same
        provider.delete(event, bound.id(), session.deadline);
      }
    }
    if (ending == Ending.DONE && !options.keepData()) {
      provider.sweep(event, session.deadline);
    }
    ObservedState left = provider.observe(event);
    List<String> remains = new ArrayList<>(left.strays());
    left.resources().values().stream()
        .filter(resource -> !kept.contains(resource.kind()))
        .filter(resource -> resource.committedUntil().isEmpty())
        .forEach(resource -> remains.add(resource.id().value()));
    if (options.keepData()) {
      listener.note("The cache of " + event + " and what it stands on stay, as --keep-data asks.");
    }
    if (ending == Ending.DONE
        && !remains.isEmpty()
        && !(options.keepData() && left.resources().isEmpty())) {
      session.tell(
          Diagnostic.error(
              remains.size() + " things of " + event + " are still there",
              String.join("; ", remains),
              "Run spike teardown again; what stays then has to be looked at by hand."));
      ending = Ending.PARTLY;
    }
    if (ending == Ending.DONE && !committed(left).isEmpty()) {
      committed(left).forEach(bound -> session.tell(staying(bound)));
      ending = Ending.PARTLY;
    }
    return session.end(ending, changes, outcomes);
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

  private boolean drained(Session session, ObservedState observed, long gate)
      throws ProviderException, InterruptedException {
    List<String> nodes = LastWords.nodes(observed);
    if (nodes.isEmpty()) {
      return true;
    }
    long live = 0;
    List<String> silent = new ArrayList<>();
    Map<String, NodeChannel.Answer> answers =
        provider
            .nodes(observed.event())
            .run(nodes, NodeCommand.of("status"), session.deadline.atMost(STATUS_TIME));
    for (Map.Entry<String, NodeChannel.Answer> answer : answers.entrySet()) {
      if (answer.getValue().ok()) {
        live += answer.getValue().json().path("connections").asLong(0);
      } else {
        silent.add(answer.getKey());
      }
    }
    if (!silent.isEmpty()) {
      session.tell(
          Diagnostic.warning(
              "No answer from " + String.join(", ", silent),
              "a node that does not answer serves nobody; its connections count as none",
              ""));
    }
    if (live <= gate) {
      return true;
    }
    session.tell(
        Diagnostic.error(
            "Clients are still connected to " + observed.event(),
            live + " live connections, the drain gate is " + gate,
            "Wait until they are gone, or run spike teardown --force to cut them."));
    return false;
  }

  /** Never in the way of a removal: what cannot be heard is a warning. */
  private void hearLastWords(Session session, ObservedState observed) throws InterruptedException {
    try {
      listener.lastWords(LastWords.of(provider, observed, session.deadline));
    } catch (ProviderException failure) {
      session.tell(
          Diagnostic.warning(
              "The last logs and counts of " + observed.event() + " could not be saved",
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

  private static Set<ResourceId> unsound(List<Resource> desired, ObservedState observed) {
    Set<ResourceId> unsound = new HashSet<>();
    for (Change change : Diff.towards(desired, observed, Stage.PROVISION).changes()) {
      if (!(change instanceof Change.Keep) && !(change instanceof Change.Delete)) {
        unsound.add(change.id());
      }
    }
    return unsound;
  }

  private static Optional<ResourceId> unsoundBase(
      Change change, List<Resource> desired, Set<ResourceId> unsound) {
    return desired.stream()
        .filter(resource -> resource.id().equals(change.id()))
        .flatMap(resource -> resource.dependsOn().stream())
        .filter(unsound::contains)
        .findFirst();
  }

  private RunResult leased(Session session, EventName event, Duration lockTimeout, Work work)
      throws InterruptedException {
    return guarded(
        session,
        () -> {
          Optional<Lease> lease =
              LeaseWait.take(provider, event, session.deadline.atMost(lockTimeout), stop);
          if (lease.isEmpty()) {
            if (stop.requested()) {
              return session.end(Ending.STOPPED);
            }
            session.tell(LeaseWait.held(provider, event, lockTimeout));
            return session.end(Ending.LEASE_HELD);
          }
          try (Lease held = lease.get()) {
            return work.run(session);
          }
        });
  }

  /** A call that may fail as a provider does. */
  private interface Guarded {
    RunResult run() throws ProviderException, InterruptedException;
  }

  private RunResult guarded(Session session, Guarded work) throws InterruptedException {
    try {
      return work.run();
    } catch (ProviderException failure) {
      session.tell(
          Diagnostic.error(
              String.valueOf(failure.getMessage()), "kind " + failure.kind(), failure.next()));
      if (session.deadline.passed()) {
        return session.end(Ending.DEADLINE);
      }
      return session.end(Ending.of(failure.kind()));
    }
  }

  private Optional<Ending> preflight(Session session, List<Resource> desired, EventName event) {
    return PreflightGate.unfit(provider.preflight(desired, Optional.of(event)), session::tell);
  }

  private boolean tellDisruptions(Session session, ChangeSet changes, boolean allowReplace) {
    List<String> disruptions = changes.disruptions();
    if (disruptions.isEmpty()) {
      return true;
    }
    Diagnostic.Severity severity =
        allowReplace ? Diagnostic.Severity.WARNING : Diagnostic.Severity.ERROR;
    session.tell(
        new Diagnostic(
            severity,
            "This plan takes live parts of the tier away",
            String.join("; ", disruptions),
            allowReplace ? "" : "Give --allow-replace if that is meant."));
    return allowReplace;
  }

  private static void tellFailures(Session session, List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Outcome.Failed failed ->
            session.tell(
                Diagnostic.error(
                    failed.id() + ": " + failed.failure().getMessage(),
                    "kind " + failed.failure().kind(),
                    failed.failure().next()));
        case Outcome.Unknown unknown ->
            session.tell(
                Diagnostic.warning(
                    unknown.id() + ": " + unknown.why(),
                    "its effect may or may not be there",
                    "Run the same command again: it observes first."));
        case Outcome.Applied applied -> {}
        case Outcome.Skipped skipped -> {}
      }
    }
  }

  private Ending ending(Session session, List<Outcome> outcomes) {
    if (stop.requested()) {
      return Ending.STOPPED;
    }
    boolean applied = outcomes.stream().anyMatch(Outcome.Applied.class::isInstance);
    boolean all = outcomes.stream().allMatch(Outcome.Applied.class::isInstance);
    if (all) {
      return Ending.DONE;
    }
    if (session.deadline.passed()) {
      return Ending.DEADLINE;
    }
    Optional<Outcome.Failed> failed =
        outcomes.stream()
            .filter(Outcome.Failed.class::isInstance)
            .map(Outcome.Failed.class::cast)
            .findFirst();
    if (failed.isEmpty()) {
      return Ending.PARTLY;
    }
    Ending ending = Ending.of(failed.get().failure().kind());
    return ending == Ending.UNAVAILABLE && applied ? Ending.PARTLY : ending;
  }

  private static String describe(ChangeSet left) {
    List<String> words = new ArrayList<>();
    for (Change change : left.changes()) {
      switch (change) {
        case Change.Create create -> words.add(create.id() + " is missing");
        case Change.Update update ->
            words.add(update.id() + ": " + String.join(", ", update.differences()));
        case Change.Replace replace ->
            words.add(replace.id() + ": " + String.join(", ", replace.differences()));
        case Change.Delete delete -> words.add(delete.id() + " is still there");
        case Change.Keep keep -> {}
      }
    }
    return String.join("; ", words);
  }

  private Instant present(@Nullable Instant asOf) {
    return asOf == null ? clock.instant() : asOf;
  }
}
