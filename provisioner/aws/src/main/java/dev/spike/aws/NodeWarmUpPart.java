package dev.spike.aws;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel.Answer;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whether nodes have warmed themselves. It is a state of the server and goes with it. */
final class NodeWarmUpPart implements Part {
  private static final Duration WARM = Duration.ofMinutes(3);
  private static final Duration READY = Duration.ofMinutes(2);
  private static final NodeCommand COMMAND =
      NodeCommand.of("warm", "--fleet-secret", "${fleetSecret}");

  private final RunningNodes nodes;

  NodeWarmUpPart(RunningNodes nodes) {
    this.nodes = nodes;
  }

  @Override
  public Kind kind() {
    return Kind.NODE_WARM_UP;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    List<String> warm = new ArrayList<>();
    nodes
        .look(event, RunningNodes.STATUS)
        .forEach(
            (node, answer) -> {
              if (warm(answer)) {
                warm.add(node);
              }
            });
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    RunningNodes.byZone(warm)
        .forEach(
            (zone, names) -> {
              ResourceId id = new ResourceId(Kind.NODE_WARM_UP.text() + "/" + zone);
              seen.put(
                  id,
                  new Observed(
                      id, Kind.NODE_WARM_UP, Map.of("nodes", String.join(",", names)), List.of()));
            });
    return seen;
  }

  private static boolean warm(Answer answer) {
    return answer.ok() && answer.json().path("warm").asBoolean();
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Resource.NodeWarmUp warmUp = (Resource.NodeWarmUp) resource;
    EventName event = tags.event();
    nodes.awaitBoot(event, warmUp.nodes(), deadline);
    List<String> cold = new ArrayList<>();
    nodes
        .ask(event, warmUp.nodes(), RunningNodes.STATUS, deadline)
        .forEach(
            (node, answer) -> {
              if (!warm(answer)) {
                cold.add(node);
              }
            });
    nodes.demand(event, cold, COMMAND, "the self-warm", deadline.atMost(WARM));
    nodes.until(
        event,
        warmUp.nodes(),
        RunningNodes.STATUS,
        deadline.atMost(READY),
        answer ->
            answer.json().path("ready").asBoolean()
                ? Optional.empty()
                : Optional.of(
                    "not ready: "
                        + answer
                            .json()
                            .path("reason")
                            .asText(answer.json().path("error").asText("no reason given"))));
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline) {}

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}
