package dev.spike.aws;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The connection router on the nodes, zone by zone. It lives in the kernels of its machines and
 * goes with them. Every node knows every other, so that a zone's installation feeds the routers of
 * all zones that have one.
 */
final class RouterInstallationPart implements Part {
  private static final Duration INSTALL = Duration.ofMinutes(3);
  private static final Duration FED = Duration.ofMinutes(1);
  private static final NodeCommand STATUS =
      NodeCommand.of("router", "status", "--config", "${routerConfig}");

  private final RunningNodes nodes;
  private final NodeConfigurationPart configuration;

  RouterInstallationPart(RunningNodes nodes, NodeConfigurationPart configuration) {
    this.nodes = nodes;
    this.configuration = configuration;
  }

  @Override
  public Kind kind() {
    return Kind.ROUTER_INSTALLATION;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<String, JsonNode> installed = installed(nodes.look(event, STATUS));
    Set<String> tables = new TreeSet<>();
    installed.values().forEach(status -> tables.add(status.path("tableDigest").asText()));
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    RunningNodes.byZone(installed.keySet())
        .forEach(
            (zone, names) -> {
              List<String> faults = new ArrayList<>();
              for (String node : names) {
                lack(installed.get(node)).ifPresent(why -> faults.add("node " + node + ": " + why));
              }
              if (tables.size() > 1) {
                faults.add("the tier's routers have " + tables.size() + " different tables");
              }
              ResourceId id = new ResourceId(Kind.ROUTER_INSTALLATION.text() + "/" + zone);
              seen.put(
                  id,
                  new Observed(
                      id,
                      Kind.ROUTER_INSTALLATION,
                      Map.of("nodes", String.join(",", names)),
                      faults));
            });
    return seen;
  }

  private static SortedMap<String, JsonNode> installed(Map<String, Answer> answers) {
    SortedMap<String, JsonNode> installed = new TreeMap<>();
    answers.forEach(
        (node, answer) -> {
          if (answer.ok() && answer.json().path("installed").asBoolean()) {
            installed.put(node, answer.json());
          }
        });
    return installed;
  }

  /** What an installed router lacks. */
  private static Optional<String> lack(@org.jspecify.annotations.Nullable JsonNode status) {
    if (status == null || !status.path("installed").asBoolean()) {
      return Optional.of("the router is not installed");
    }
    if (!status.path("mode").asText().equals("native")) {
      return Optional.of("the router is in mode " + status.path("mode").asText("none"));
    }
    if (!status.path("egress").asBoolean()) {
      return Optional.of("the router has no egress program");
    }
    return status.path("agentFresh").asBoolean()
        ? Optional.empty()
        : Optional.of("the router's agent is not running");
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Resource.RouterInstallation router = (Resource.RouterInstallation) resource;
    EventName event = tags.event();
    nodes.awaitBoot(event, router.nodes(), deadline);
    SortedMap<String, String> addresses = nodes.addresses(event, deadline);
    addresses.keySet().retainAll(planned(desired));
    configuration.tell(tags, addresses, deadline);
    nodes.demand(
        event,
        router.nodes(),
        NodeCommand.of("feed", "install"),
        "the router's installation",
        deadline.atMost(INSTALL));
    List<String> others = new ArrayList<>(addresses.keySet());
    others.removeAll(router.nodes());
    if (!others.isEmpty()) {
      others.retainAll(installed(nodes.ask(event, others, STATUS, deadline)).keySet());
    }
    nodes.demand(
        event, others, NodeCommand.of("feed"), "feeding the routers", deadline.atMost(INSTALL));
    nodes.until(
        event,
        router.nodes(),
        STATUS,
        deadline.atMost(FED),
        answer ->
            answer.ok()
                ? lack(answer.json())
                : Optional.of(answer.json().path("error").asText("no answer")));
  }

  private static Set<String> planned(List<Resource> desired) {
    Set<String> names = new TreeSet<>();
    new Desired(desired)
        .all(Resource.NodeFleet.class)
        .forEach(fleet -> names.addAll(fleet.nodeNames()));
    return names;
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
