package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.NodeExchange;
import dev.spike.core.provider.NodeExchange.Phase;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.core.resource.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Swaps one node of a tier, in the provider's own order of {@link Phase phases}. Where the tier is
 * warm, the new node is made so and known to the routers before it takes a connection.
 */
final class NodeReplacement {
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final Plan plan;
  private final Tags tags;
  private final Provider provider;
  private final NodeExchange exchange;
  private final Engine engine;

  NodeReplacement(Plan plan, Engine engine) {
    this.plan = plan;
    this.tags = new Tags(plan.event().name(), plan.schedule().expires(), plan.digest());
    this.provider = engine.provider();
    this.exchange = provider.exchange();
    this.engine = engine;
  }

  /** The plan's nodes whose replacement an earlier run began and did not end. */
  List<String> begun() throws ProviderException, InterruptedException {
    return exchange.begun(tags.event()).stream().filter(node -> fleet(node).isPresent()).toList();
  }

  /** Why a node cannot be replaced; empty when it can. */
  Optional<Diagnostic> refusal(String node, ObservedState observed)
      throws ProviderException, InterruptedException {
    Optional<Resource.NodeFleet> fleet = fleet(node);
    if (fleet.isEmpty()) {
      return Optional.of(
          Diagnostic.error(
              "The plan has no node " + node,
              "its nodes are " + String.join(", ", nodes()),
              "Name one of them."));
    }
    Observed seen = observed.resources().get(fleet.get().id());
    boolean there = seen != null && there(seen).contains(node);
    if (!there && !begun().contains(node)) {
      return Optional.of(
          Diagnostic.error(
              "Node " + node + " is not there to be replaced",
              "it is of the plan, and nothing of that name runs",
              "Run spike provision with this plan, without --replace: it makes the node."));
    }
    List<String> others = new ChangeSet(List.of(change(fleet.get(), observed))).disruptions();
    if (!others.isEmpty()) {
      return Optional.of(
          Diagnostic.error(
              "The fleet of node " + node + " is not that of the plan",
              String.join("; ", others),
              "Replace the node with the plan that the tier was provisioned with."));
    }
    return Optional.empty();
  }

  private static Change change(Resource.NodeFleet fleet, ObservedState observed) {
    return Diff.towards(List.of(fleet), observed, Stage.PROVISION).changes().stream()
        .filter(change -> change.id().equals(fleet.id()))
        .findFirst()
        .orElseThrow();
  }

  /** What a zone is without while its only serving node is swapped; empty when another serves. */
  Optional<Diagnostic> warning(String node, ObservedState observed, Deadline deadline)
      throws ProviderException, InterruptedException {
    Resource.NodeFleet fleet = fleet(node).orElseThrow();
    Observed seen = observed.resources().get(fleet.id());
    List<String> others =
        seen == null
            ? List.of()
            : there(seen).stream().filter(other -> !other.equals(node)).toList();
    Map<String, NodeChannel.Answer> answers =
        others.isEmpty()
            ? Map.of()
            : provider
                .nodes(tags.event())
                .run(others, NodeCommand.of("status"), deadline.atMost(ANSWER));
    boolean served =
        answers.values().stream()
            .anyMatch(answer -> answer.ok() && answer.json().path("ready").asBoolean());
    if (served) {
      return Optional.empty();
    }
    return Optional.of(
        Diagnostic.warning(
            "No other node serves in zone " + fleet.zone(),
            newFirst()
                ? "until the new node is ready, " + node + " alone serves there, sick as it is"
                : "the zone serves nobody until the new node is ready",
            ""));
  }

  /** True when the new node is there before the old one goes. */
  boolean newFirst() {
    List<Phase> phases = exchange.phases();
    return phases.indexOf(Phase.LAUNCH) < phases.indexOf(Phase.END);
  }

  /** What a run would do, or does: one replacement in the node's fleet. */
  ChangeSet changes(String node, ObservedState observed) {
    Resource.NodeFleet fleet = fleet(node).orElseThrow();
    return new ChangeSet(
        List.of(replace(fleet, observed, "node " + node + " gives way to a new one")));
  }

  private static Change.Replace replace(
      Resource.NodeFleet fleet, ObservedState observed, String sentence) {
    Observed seen = observed.resources().get(fleet.id());
    Observed from =
        seen == null ? new Observed(fleet.id(), fleet.kind(), Map.of(), List.of()) : seen;
    return new Change.Replace(fleet, from, List.of(sentence));
  }

  /** Takes all phases; the outcomes of those after one that failed say that they wait for it. */
  List<Outcome> run(String node, ObservedState observed, Deadline deadline)
      throws ProviderException, InterruptedException {
    Resource.NodeFleet fleet = fleet(node).orElseThrow();
    boolean warm =
        observed.resources().values().stream().anyMatch(seen -> seen.kind().stage() == Stage.WARM);
    List<Phase> phases = exchange.phases();
    int split = phases.indexOf(Phase.READY) + 1;
    List<Outcome> outcomes =
        new ArrayList<>(
            take(
                node,
                fleet,
                observed,
                phases.subList(0, split == 0 ? phases.size() : split),
                deadline));
    if (warm && applied(outcomes)) {
      outcomes.addAll(warm(fleet, deadline));
    }
    if (split > 0 && split < phases.size() && applied(outcomes)) {
      outcomes.addAll(take(node, fleet, observed, phases.subList(split, phases.size()), deadline));
    }
    return outcomes;
  }

  private static boolean applied(List<Outcome> outcomes) {
    return outcomes.stream().allMatch(Outcome.Applied.class::isInstance);
  }

  private List<Outcome> take(
      String node,
      Resource.NodeFleet fleet,
      ObservedState observed,
      List<Phase> phases,
      Deadline deadline)
      throws InterruptedException {
    Map<Phase, Step> steps = new EnumMap<>(Phase.class);
    List<Step> inOrder = new ArrayList<>();
    for (Phase phase : phases) {
      List<String> after = inOrder.isEmpty() ? List.of() : List.of(inOrder.getLast().key());
      Step step =
          new Step(
              phase + " " + fleet.id(),
              replace(fleet, observed, "node " + node + ": " + phase.sentence()),
              Step.Action.CREATE,
              after);
      steps.put(phase, step);
      inOrder.add(step);
    }
    Apply.Deed deed =
        (step, desired, tagged, until) -> {
          for (Map.Entry<Phase, Step> one : steps.entrySet()) {
            if (one.getValue().equals(step)) {
              note("Node " + node + ": " + one.getKey().sentence() + ".");
              exchange.take(one.getKey(), node, fleet, desired, tagged, until);
            }
          }
        };
    return engine.apply(deed).run(inOrder, plan.resources(), tags, deadline);
  }

  private void note(String sentence) {
    synchronized (engine.listener()) {
      engine.listener().note(sentence);
    }
  }

  /** The warm stage of the node's zone, as it stands on the fleet. */
  private List<Outcome> warm(Resource.NodeFleet fleet, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<ResourceId> above = new ArrayList<>();
    above.add(fleet.id());
    for (Resource resource : plan.resources()) {
      if (resource.stage() == Stage.WARM
          && resource.dependsOn().stream().anyMatch(above::contains)) {
        above.add(resource.id());
      }
    }
    ChangeSet all = Diff.towards(plan.resources(), provider.observe(tags.event()), Stage.WARM);
    ChangeSet ours =
        new ChangeSet(
            all.changes().stream().filter(change -> above.contains(change.id())).toList());
    return engine.apply().run(Step.order(ours), plan.resources(), tags, deadline);
  }

  private Optional<Resource.NodeFleet> fleet(String node) {
    return fleets().stream().filter(fleet -> fleet.nodeNames().contains(node)).findFirst();
  }

  private List<Resource.NodeFleet> fleets() {
    return plan.resources().stream()
        .filter(Resource.NodeFleet.class::isInstance)
        .map(Resource.NodeFleet.class::cast)
        .toList();
  }

  private List<String> nodes() {
    return fleets().stream().flatMap(fleet -> fleet.nodeNames().stream()).toList();
  }

  private static List<String> there(Observed fleet) {
    return Arrays.asList(fleet.attributes().getOrDefault("nodes", "").split(",", -1));
  }
}
