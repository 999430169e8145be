package dev.spike.core.warm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.ProvisionOptions;
import dev.spike.core.apply.RunListener;
import dev.spike.core.apply.RunResult;
import dev.spike.core.apply.Stop;
import dev.spike.core.apply.TierRun;
import dev.spike.core.apply.WarmOptions;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Resource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends the node that holds the most live sessions and measures what its clients see, then repairs
 * the tier. The sessions, and the messages published to them all the while, are the drill's own.
 */
public final class NodeDrill {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CONNECT_TIME = Duration.ofSeconds(30);
  private static final Duration SETTLE = Duration.ofSeconds(2);

  /** What the client command may take beyond its own length: start-up and reporting. */
  private static final Duration CLIENT_MARGIN = Duration.ofSeconds(45);

  private final Provider provider;
  private final Clock clock;

  public NodeDrill(Provider provider, Clock clock) {
    this.provider = provider;
    this.clock = clock;
  }

  /**
   * Runs the drill and the repair.
   *
   * @throws ProviderException when the tier could not be drilled at all; nothing was killed then
   */
  public DrillReport run(
      Plan plan, DrillOptions options, RunListener listener, Stop stop, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> nodes = nodes(plan);
    if (nodes.size() < 2) {
      throw new ProviderException(
          ProviderException.Kind.INVALID,
          "a node drill needs two nodes or more, the plan has " + nodes.size(),
          "Plan at least two zones or nodes, or leave --drill node out.");
    }
    Optional<Lease> lease = provider.tryLease(plan.event().name());
    Deadline patience = deadline.atMost(options.lockTimeout());
    while (lease.isEmpty() && !patience.passed() && !stop.requested()) {
      Thread.sleep(POLL);
      lease = provider.tryLease(plan.event().name());
    }
    if (lease.isEmpty()) {
      return unfinished(stop.requested() ? Ending.STOPPED : Ending.LEASE_HELD, "the lease is held");
    }
    String killed;
    NodeChannel.Answer answer;
    try (Lease held = lease.get()) {
      Drilled drilled = drill(plan, nodes, options, listener, stop, deadline);
      killed = drilled.killed();
      answer = drilled.answer();
    }
    RunResult repaired = repair(plan, options, listener, stop);
    return report(killed, answer, repaired);
  }

  private record Drilled(String killed, NodeChannel.Answer answer) {}

  private Drilled drill(
      Plan plan,
      List<String> nodes,
      DrillOptions options,
      RunListener listener,
      Stop stop,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    NodeChannel channel = provider.nodes(plan.event().name());
    Deadline clientTime =
        deadline.atMost(Duration.ofSeconds(options.seconds()).plus(CLIENT_MARGIN));
    CompletableFuture<NodeChannel.Answer> clients = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("drill clients")
            .start(
                () -> {
                  try {
                    clients.complete(channel.runAsClient(command(plan, options), clientTime));
                  } catch (ProviderException | InterruptedException | RuntimeException failure) {
                    clients.completeExceptionally(failure);
                  }
                });
    try {
      listener.note("Drill: connecting " + options.sessions() + " sessions through the balancer");
      String victim = awaitSessions(channel, nodes, options, clients, stop, deadline);
      Thread.sleep(SETTLE);
      listener.note("Drill: killing " + victim + " under its live sessions");
      provider.killNode(plan.event().name(), victim);
      return new Drilled(
          victim, clients.get(clientTime.left().toMillis() + 1, TimeUnit.MILLISECONDS));
    } catch (ExecutionException failure) {
      throw unwrap(failure);
    } catch (TimeoutException late) {
      throw new ProviderException(
          ProviderException.Kind.UNAVAILABLE,
          "the drill's clients did not report in time",
          "Run spike provision and spike warm with this plan, then the drill again.",
          late);
    } finally {
      thread.interrupt();
    }
  }

  private static String awaitSessions(
      NodeChannel channel,
      List<String> nodes,
      DrillOptions options,
      CompletableFuture<NodeChannel.Answer> clients,
      Stop stop,
      Deadline deadline)
      throws ProviderException, InterruptedException, ExecutionException {
    Deadline patience = deadline.atMost(CONNECT_TIME);
    while (true) {
      long total = 0;
      long most = -1;
      String fullest = nodes.getFirst();
      Map<String, NodeChannel.Answer> answers =
          channel.run(nodes, NodeCommand.of("status"), patience);
      for (String node : nodes) {
        NodeChannel.Answer answer = answers.get(node);
        long live = answer == null ? 0 : answer.json().path("connections").asLong(0);
        total += live;
        if (live > most) {
          most = live;
          fullest = node;
        }
      }
      if (total >= options.sessions()) {
        return fullest;
      }
      if (clients.isDone()) {
        throw new ProviderException(
            ProviderException.Kind.UNAVAILABLE,
            "the drill's clients ended before their sessions were up: "
                + clients.get().json().path("error").asText("no reason given"),
            "Run spike warm --verify with this plan and mend what it names.");
      }
      if (patience.passed() || stop.requested()) {
        throw new ProviderException(
            ProviderException.Kind.UNAVAILABLE,
            "only "
                + total
                + " of "
                + options.sessions()
                + " sessions were up, so nothing was killed",
            "Run spike warm --verify with this plan, or drill with fewer sessions.");
      }
      Thread.sleep(POLL);
    }
  }

  private RunResult repair(Plan plan, DrillOptions options, RunListener listener, Stop stop)
      throws InterruptedException {
    listener.note("Drill: repairing the tier");
    TierRun run = new TierRun(provider, clock, listener, stop);
    RunResult provisioned =
        run.provision(
            plan,
            new ProvisionOptions(
                true, null, false, false, options.repairDeadline(), options.lockTimeout()));
    if (provisioned.ending() != Ending.DONE) {
      return provisioned;
    }
    return run.warm(plan, new WarmOptions(options.repairDeadline(), options.lockTimeout()));
  }

  private static DrillReport report(String killed, NodeChannel.Answer answer, RunResult repaired) {
    JsonNode json = answer.json();
    int sessions = json.path("sessions").asInt();
    int cut = json.path("cut").asInt();
    int resumed = json.path("resumed").asInt();
    long lost = json.path("lost").asLong(-1);
    long repeated = json.path("repeated").asLong(-1);
    long published = json.path("published").asLong();
    double p99 = json.path("resumeP99Millis").asDouble();
    boolean passed =
        answer.ok()
            && repaired.ending() == Ending.DONE
            && cut > 0
            && resumed == cut
            && published > 0
            && lost == 0
            && repeated == 0;
    String sentence =
        answer.ok()
            ? String.format(
                Locale.ROOT,
                "%s killed under %,d sessions: %,d cut, %,d resumed, p99 %.0f ms, %,d published,"
                    + " %,d lost, %,d repeated; repair: %s",
                killed,
                sessions,
                cut,
                resumed,
                p99,
                published,
                lost,
                repeated,
                repaired.ending() == Ending.DONE ? "done" : repaired.ending().toString())
            : killed + " killed, and the clients failed: " + json.path("error").asText("no reason");
    return new DrillReport(
        killed,
        sessions,
        cut,
        resumed,
        lost,
        repeated,
        json.path("resumeP50Millis").asDouble(),
        p99,
        json.path("resumeMaxMillis").asDouble(),
        passed,
        sentence,
        repaired.ending());
  }

  private static DrillReport unfinished(Ending ending, String sentence) {
    return new DrillReport("", 0, 0, 0, 0, 0, 0, 0, 0, false, sentence, ending);
  }

  private static NodeCommand command(Plan plan, DrillOptions options) {
    return NodeCommand.of(
        "drill",
        "--target",
        "${front}",
        "--host",
        plan.service().host(),
        "--ca",
        "${ca}",
        "--fleet-secret",
        "${fleetSecret}",
        "--sessions",
        Integer.toString(options.sessions()),
        "--rate",
        Integer.toString(Math.max(100, options.sessions() / 5)),
        "--seconds",
        Integer.toString(options.seconds()));
  }

  private static ProviderException unwrap(ExecutionException failure) {
    if (failure.getCause() instanceof ProviderException known) {
      return known;
    }
    return new ProviderException(
        ProviderException.Kind.UNAVAILABLE,
        "the drill's clients failed: " + failure.getCause(),
        "Run spike warm --verify with this plan and mend what it names.",
        failure);
  }

  private static List<String> nodes(Plan plan) {
    List<String> names = new ArrayList<>();
    for (Resource resource : plan.resources()) {
      if (resource instanceof Resource.NodeFleet fleet) {
        names.addAll(fleet.nodeNames());
      }
    }
    return names;
  }
}
