package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanException;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.NodeOrder;
import dev.spike.core.resource.Resource;
import dev.spike.core.warm.TierStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spike status PLAN.json}. */
@Command(
    name = "status",
    description = "What exists, the life of every node, live connections, cost so far.")
final class StatusCommand extends Verb {
  @Mixin private final Target target = new Target();

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "30s",
      description = "How long nodes have to answer.")
  private Duration deadline = Duration.ZERO;

  StatusCommand(Globals globals) {
    super("status", globals);
  }

  @Override
  boolean stopsItself() {
    return false;
  }

  @Override
  Report run(View view)
      throws CommandFailure, PlanException, ProviderException, InterruptedException {
    Target.Named named = target.named(globals());
    try (Provider provider = Target.open(globals(), named)) {
      TierStatus status =
          TierStatus.read(provider, named.event(), Deadline.in(surroundings().clock(), deadline));
      return report(named, status, provider);
    }
  }

  private Report report(Target.Named named, TierStatus status, Provider provider)
      throws ProviderException, InterruptedException {
    Optional<Instant> since = provider.standingSince(named.event());
    Report.Draft draft = Report.of(name()).fact("event", named.event().value());
    List<String> absent = absent(named.plan(), status);
    List<TierStatus.NodeLine> nodes = nodes(named.plan(), status);
    long ready = nodes.stream().filter(node -> node.life().equals("ready")).count();
    int present = status.observed().resources().size();
    draft.headline(
        "Status "
            + named.event()
            + ": "
            + (status.observed().isEmpty()
                ? "nothing exists" + place(provider)
                : Words.count(present, "resource")
                    + ", "
                    + ready
                    + " of "
                    + Words.count(nodes.size(), "node")
                    + " ready, "
                    + Words.count(status.connections(), "connection"))
            + (absent.isEmpty() ? "" : ", " + absent.size() + " of the plan missing"));
    NodeLines.add(draft, nodes.stream().map(StatusCommand::line).toList(), globals().verbose());
    Rooms.of(draft, provider, named.event(), surroundings().clock());
    for (Observed resource : status.observed().resources().values()) {
      resource.faults().forEach(fault -> draft.line("  fault  " + resource.id() + ": " + fault));
    }
    status.observed().strays().forEach(stray -> draft.line("  stray  " + stray));
    absent.forEach(id -> draft.line("  absent " + id));
    draft
        .fact("resources", present)
        .fact("absent", absent)
        .fact("strays", status.observed().strays())
        .fact("connections", status.connections())
        .fact("nodes", nodes.stream().map(StatusCommand::facts).toList());
    Outlook.fronts(draft, status.fronts());
    Plan plan = named.plan();
    if (plan != null && !status.observed().isEmpty()) {
      Outlook.records(draft, plan.service().host(), status.fronts());
      soFar(draft, plan, since.orElse(plan.schedule().provisionAt()));
      Outlook.cost(draft, plan);
    }
    return draft.exit(ExitCode.DONE);
  }

  /** Where nothing was found, so that a wrong Region or account is seen. */
  private String place(Provider provider) throws ProviderException, InterruptedException {
    String where = provider.where(Deadline.in(surroundings().clock(), deadline));
    return where.isEmpty() ? "" : " in " + where;
  }

  /** Counted from the first of what is paid by the hour, else from when the plan is due. */
  private void soFar(Report.Draft draft, Plan plan, Instant since) {
    Duration running = Duration.between(since, surroundings().clock().instant());
    if (running.isNegative()) {
      draft.line("  so far unknown: the plan is due at " + since);
      return;
    }
    double cost = running.toMinutes() / 60.0 * plan.cost().hourly();
    draft.line(
        "  so far "
            + Words.money(cost, plan.cost().currency())
            + " since "
            + since.truncatedTo(ChronoUnit.SECONDS));
    draft.fact("costSoFar", cost);
  }

  /** The nodes that are there and, where something is, those of the plan that are not; by name. */
  private static List<TierStatus.NodeLine> nodes(@Nullable Plan plan, TierStatus status) {
    SortedMap<String, TierStatus.NodeLine> nodes = new TreeMap<>(NodeOrder.BY_NAME);
    status.nodes().forEach(node -> nodes.put(node.name(), node));
    if (plan != null && !status.observed().isEmpty()) {
      for (Resource resource : plan.resources()) {
        if (resource instanceof Resource.NodeFleet fleet) {
          fleet.nodeNames().forEach(name -> nodes.computeIfAbsent(name, StatusCommand::missing));
        }
      }
    }
    return List.copyOf(nodes.values());
  }

  private static TierStatus.NodeLine missing(String name) {
    return new TierStatus.NodeLine(
        name, "missing", 0, 0, "not there; spike provision with this plan makes it");
  }

  private static List<String> absent(@Nullable Plan plan, TierStatus status) {
    List<String> absent = new ArrayList<>();
    if (plan != null) {
      for (Resource resource : plan.resources()) {
        if (!status.observed().resources().containsKey(resource.id())) {
          absent.add(resource.id().value());
        }
      }
    }
    return absent;
  }

  private static NodeLines.Line line(TierStatus.NodeLine node) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("connections", node.connections());
    counts.put("sessions", node.sessions());
    return new NodeLines.Line(node.name(), node.life(), counts, node.reason());
  }

  private static Map<String, Object> facts(TierStatus.NodeLine node) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", node.name());
    facts.put("life", node.life());
    facts.put("connections", node.connections());
    facts.put("sessions", node.sessions());
    facts.put("reason", node.reason());
    return facts;
  }
}
