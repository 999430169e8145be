package dev.spike.testkit;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeExchange;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Two hosts of one name in a map; it refuses a phase before those that it stands on. */
final class InMemoryExchange implements NodeExchange {
  private final InMemoryWorld world;
  private final Call call;

  /** How a call is made, with the faults that are planned for it. */
  interface Call {
    void make(String name, Deadline deadline, InMemoryProvider.Effect effect)
        throws ProviderException, InterruptedException;
  }

  /** How far the new host and the old one are. */
  record Hosts(boolean newTakesConnections, boolean oldTakesConnections) {}

  InMemoryExchange(InMemoryWorld world, Call call) {
    this.world = world;
    this.call = call;
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.values());
  }

  @Override
  public SortedSet<String> begun(EventName event) {
    synchronized (world) {
      return new TreeSet<>(exchanges(event).keySet());
    }
  }

  private SortedMap<String, Hosts> exchanges(EventName event) {
    return world.exchanges.computeIfAbsent(event, name -> new TreeMap<>());
  }

  @Override
  public void take(
      Phase phase,
      String node,
      Resource.NodeFleet fleet,
      List<Resource> desired,
      Tags tags,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    call.make(
        phase + " " + node,
        deadline,
        () -> {
          synchronized (world) {
            step(phase, node, exchanges(tags.event()), tags.event());
          }
        });
  }

  private void step(Phase phase, String node, SortedMap<String, Hosts> all, EventName event)
      throws ProviderException {
    Hosts hosts = all.get(node);
    if (phase == Phase.LAUNCH) {
      all.putIfAbsent(node, new Hosts(false, true));
      return;
    }
    if (hosts == null && phase == Phase.END) {
      return; // the old host is gone already
    }
    if (hosts == null) {
      throw refused(phase, node, "no new host is there");
    }
    switch (phase) {
      case LAUNCH, READY -> {}
      case REGISTER -> all.put(node, new Hosts(true, hosts.oldTakesConnections()));
      case DRAIN -> {
        if (!hosts.newTakesConnections()) {
          throw refused(phase, node, "nothing would take its connections");
        }
        all.put(node, new Hosts(true, false));
      }
      case END -> {
        if (hosts.oldTakesConnections()) {
          throw refused(phase, node, "it still takes connections");
        }
        all.remove(node);
        world.generations.merge(event + "/" + node, 1, Integer::sum);
      }
    }
  }

  private static ProviderException refused(Phase phase, String node, String why) {
    return new ProviderException(
        ProviderException.Kind.INVALID, phase + " of node " + node + ": " + why, "");
  }

  /** For the faults that a fleet shows while a node of it has two hosts. */
  static List<String> faults(InMemoryWorld world, EventName event, String nodes) {
    return world.exchanges.getOrDefault(event, Collections.emptySortedMap()).keySet().stream()
        .filter(node -> List.of(nodes.split(",", -1)).contains(node))
        .map(node -> "node " + node + " is being replaced")
        .toList();
  }
}
