package dev.spike.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.local.linux.EventProcess;
import dev.spike.local.linux.Nft;
import dev.spike.local.linux.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the balancer listens on: a table of nftables that spreads new flows, and a process that
 * checks the nodes' health and takes sick ones out of it.
 */
final class BalancerListener {
  static final ResourceId ID = new ResourceId("listener");
  static final String PART = "balancer/health";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EventTier tier;

  BalancerListener(EventTier tier) {
    this.tier = tier;
  }

  Optional<Observed> observe(Sight sight) throws IOException, InterruptedException {
    List<EventProcess> checkers = checkers(sight);
    String table = tier.hosts().exists(NamespaceHosts.BALANCER) ? tableText() : "";
    if (checkers.isEmpty() && table.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> attributes = new TreeMap<>();
    List<String> faults = new ArrayList<>();
    if (checkers.isEmpty()) {
      faults.add("the balancer's health checks are not running");
    } else {
      attributes.putAll(
          Sight.merged(
              checkers.stream().map(Launch::attributes).toList(), List.of("port", "targets")));
    }
    if (checkers.size() > 1) {
      faults.add(checkers.size() + " processes check the nodes' health, one is enough");
    }
    if (table.isEmpty()) {
      faults.add("the table " + Nft.TABLE + " of nftables is missing in the balancer");
    } else {
      Optional<String> port = port(table);
      if (port.isEmpty()) {
        faults.add("the balancer has no rule that spreads new connections");
      } else {
        attributes.put("port", port.get());
      }
      if (!table.contains("\"back\"")) {
        faults.add("the balancer has no chain that drops replies gone astray");
      }
    }
    return Optional.of(new Observed(ID, Kind.LISTENER, attributes, faults));
  }

  private String tableText() throws IOException, InterruptedException {
    return tier.hosts()
        .run(NamespaceHosts.BALANCER, "", "nft", "-j", "list", "ruleset")
        .transform(text -> text.contains("\"" + Nft.TABLE + "\"") ? text : "");
  }

  private List<EventProcess> checkers(Sight sight) {
    long mark = tier.hosts().mark(NamespaceHosts.BALANCER);
    return sight.of(PART).stream().filter(p -> mark != 0 && p.netInode() == mark).toList();
  }

  /** The port of the rule that translates, if there is one. */
  private static Optional<String> port(String table) throws IOException {
    for (JsonNode entry : JSON.readTree(table).path("nftables")) {
      JsonNode rule = entry.path("rule");
      boolean translates = false;
      String port = "";
      for (JsonNode expression : rule.path("expr")) {
        translates |= expression.has("dnat");
        JsonNode match = expression.path("match");
        if (match.path("left").path("payload").path("field").asText().equals("dport")) {
          port = match.path("right").asText();
        }
      }
      if (translates) {
        return Optional.of(port);
      }
    }
    return Optional.empty();
  }

  void converge(Resource.Listener listener, AddressPlan addresses, Tags tags)
      throws IOException, InterruptedException, ProviderException {
    Sight sight = tier.look();
    Optional<Observed> found = observe(sight);
    boolean same = found.isPresent() && found.get().attributes().equals(listener.attributes());
    if (same && found.get().faults().isEmpty()) {
      return;
    }
    List<String> targets = new ArrayList<>();
    List<String> pairs = new ArrayList<>();
    for (String node : listener.targets()) {
      targets.add(addresses.node(node));
      pairs.add(node + "=" + addresses.node(node));
    }
    if (targets.isEmpty()) {
      throw new ProviderException(
          ProviderException.Kind.INVALID,
          "the listener has no node to send to",
          "Make the plan again: a listener needs at least one node.");
    }
    // the checks start over: they make the table whole and then only change its targets
    List<EventProcess> old =
        sight.processes().stream().filter(p -> p.variable(Launch.PART).equals(PART)).toList();
    ProcessTable.end(old, Duration.ZERO);
    boolean tableWhole =
        found.isPresent()
            && Integer.toString(listener.port()).equals(found.get().attributes().get("port"))
            && found.get().faults().stream()
                .noneMatch(f -> f.contains("the balancer has no") || f.contains("nftables"));
    writeTable(listener.port(), targets, tableWhole);
    new Launch(
            NamespaceHosts.BALANCER,
            PART,
            ID,
            listener.attributes(),
            Launch.Identity.rootWith("net_admin"),
            words(listener.port(), pairs),
            "",
            tier.folder().log("balancer-health"))
        .start(tier, tags, addresses.zones());
  }

  private void writeTable(int port, List<String> targets, boolean whole)
      throws IOException, InterruptedException {
    String script =
        whole
            ? Nft.retargetScript(AddressPlan.FRONT, port, AddressPlan.SERVICE_PORT, targets)
            : Nft.createScript(AddressPlan.FRONT, port, AddressPlan.SERVICE_PORT, targets);
    tier.hosts().run(NamespaceHosts.BALANCER, script, "nft", "-f", "-");
  }

  private List<String> words(int port, List<String> pairs) {
    List<String> words = new ArrayList<>();
    words.add(Java.command());
    words.addAll(
        List.of(
            "-Xmx24m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-cp",
            Java.classPathOf(HealthChecker.class),
            HealthChecker.class.getName(),
            Integer.toString(port),
            tier.folder().logs().toString()));
    words.addAll(pairs);
    return words;
  }

  void delete() throws IOException, InterruptedException {
    ProcessTable.end(tier.processes(PART), Duration.ZERO);
    if (tier.hosts().exists(NamespaceHosts.BALANCER)) {
      tier.hosts().run(NamespaceHosts.BALANCER, Nft.deleteScript(), "nft", "-f", "-");
    }
  }
}
