package dev.spike.testkit;

import dev.spike.core.provider.Observed;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What outlives a provider: the resources of all events, their leases, and a log of calls. */
public final class InMemoryWorld {
  final Map<EventName, SortedMap<ResourceId, Observed>> resources = new HashMap<>();
  final Map<EventName, List<String>> strays = new HashMap<>();
  final Map<String, List<ResourceId>> needs = new HashMap<>();
  final Map<EventName, Held> leases = new HashMap<>();
  final Map<EventName, SortedMap<String, InMemoryExchange.Hosts>> exchanges = new HashMap<>();
  final Map<String, Integer> generations = new HashMap<>();
  final Set<String> routersOff = new HashSet<>();
  private final List<String> calls = new ArrayList<>();
  private final Map<String, Long> connections = new HashMap<>();

  /** Every call so far that changed or could have changed something, in order of their start. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized void called(String call) {
    calls.add(call);
  }

  /** Breaks a resource: its next observation carries the fault until it is updated. */
  public synchronized void breakResource(EventName event, ResourceId id, String fault) {
    Observed whole = of(event).get(id);
    if (whole == null) {
      throw new IllegalArgumentException(id + " is not there to be broken");
    }
    of(event).put(id, new Observed(id, whole.kind(), whole.attributes(), List.of(fault)));
  }

  /** Makes a resource vanish without anybody having deleted it. */
  public synchronized void lose(EventName event, ResourceId id) {
    of(event).remove(id);
  }

  /** Takes the lease away from the run that holds it, for another one that keeps it. */
  public void takeLease(EventName event) {
    Held before;
    synchronized (this) {
      before = leases.put(event, new Held());
    }
    if (before != null) {
      before.loss.run();
    }
  }

  /** A lease that a run has. */
  static final class Held {
    volatile Runnable loss = () -> {};
  }

  /** Leaves something that belongs to no resource. */
  public synchronized void stray(EventName event, String what) {
    strays.computeIfAbsent(event, name -> new ArrayList<>()).add(what);
  }

  /** How often a node was swapped for a new one. */
  public synchronized int swaps(EventName event, String node) {
    return generations.getOrDefault(event + "/" + node, 0);
  }

  /** Sets how many live connections a node reports. */
  public synchronized void connect(String node, long live) {
    connections.put(node, live);
  }

  synchronized long connectionsOf(String node) {
    return connections.getOrDefault(node, 0L);
  }

  SortedMap<ResourceId, Observed> of(EventName event) {
    return resources.computeIfAbsent(event, name -> new TreeMap<>());
  }
}
