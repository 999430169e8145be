package dev.spike.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.NodeExchange;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A provider whose world is a map. It keeps the port's contract, refuses to create what stands on
 * nothing, and goes wrong where its fault plan says so.
 */
public final class InMemoryProvider implements Provider {
  private final InMemoryWorld world;
  private final FaultPlan faults;

  public InMemoryProvider(InMemoryWorld world, FaultPlan faults) {
    this.world = world;
    this.faults = faults;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public List<Finding> preflight(List<Resource> desired, Optional<EventName> event) {
    return List.of(Finding.fine("memory", "there"));
  }

  /** What a call does to the world. */
  interface Effect {
    void run() throws ProviderException;
  }

  private void call(String name, Deadline deadline, Effect effect)
      throws ProviderException, InterruptedException {
    world.called(name);
    Optional<Fault> fault = faults.next(name);
    if (fault.isPresent()) {
      switch (fault.get()) {
        case Fault.Fails fails -> throw failure(fails.kind(), name + " fails, as planned");
        case Fault.Takes takes -> {
          if (takes.time().compareTo(deadline.left()) > 0) {
            Thread.sleep(deadline.left());
            throw failure(ProviderException.Kind.UNAVAILABLE, name + " ran out of time");
          }
          Thread.sleep(takes.time());
        }
        case Fault.AnswerLost lost -> {
          effect.run();
          throw failure(ProviderException.Kind.UNAVAILABLE, name + " was done, unheard");
        }
      }
    }
    if (deadline.passed()) {
      throw failure(ProviderException.Kind.UNAVAILABLE, name + " ran out of time");
    }
    effect.run();
  }

  private static ProviderException failure(ProviderException.Kind kind, String what) {
    return new ProviderException(kind, what, "Run the same command again.");
  }

  /** Nothing is charged here: what the catalogue says. */
  @Override
  public PriceList prices(Catalog catalog, Deadline deadline) {
    return catalog.prices();
  }

  @Override
  public ObservedState observe(EventName event) {
    synchronized (world) {
      SortedMap<ResourceId, Observed> seen = new TreeMap<>();
      world.of(event).forEach((id, resource) -> seen.put(id, withExchanges(event, resource)));
      return new ObservedState(event, seen, world.strays.getOrDefault(event, List.of()));
    }
  }

  private Observed withExchanges(EventName event, Observed resource) {
    List<String> faults = new ArrayList<>(resource.faults());
    if (resource.kind() == Kind.NODE_FLEET) {
      String nodes = resource.attributes().getOrDefault("nodes", "");
      faults.addAll(InMemoryExchange.faults(world, event, nodes));
    }
    return new Observed(resource.id(), resource.kind(), resource.attributes(), faults);
  }

  @Override
  public void create(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    call("create " + resource.id(), deadline, () -> put(resource, tags.event()));
  }

  @Override
  public void update(
      Resource resource, Observed observed, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    call("update " + resource.id(), deadline, () -> put(resource, tags.event()));
  }

  private void put(Resource resource, EventName event) throws ProviderException {
    synchronized (world) {
      for (ResourceId needed : resource.dependsOn()) {
        if (!world.of(event).containsKey(needed)) {
          throw failure(
              ProviderException.Kind.NOT_FOUND, resource.id() + " needs " + needed + ", not there");
        }
      }
      world.needs.put(event + " " + resource.id(), resource.dependsOn());
      world
          .of(event)
          .put(
              resource.id(),
              new Observed(resource.id(), resource.kind(), resource.attributes(), List.of()));
    }
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    call(
        "delete " + id,
        deadline,
        () -> {
          synchronized (world) {
            for (ResourceId other : world.of(event).keySet()) {
              if (world.needs.getOrDefault(event + " " + other, List.of()).contains(id)) {
                throw failure(ProviderException.Kind.INVALID, id + " is still needed by " + other);
              }
            }
            world.of(event).remove(id);
          }
        });
  }

  @Override
  public void sweep(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    call(
        "sweep",
        deadline,
        () -> {
          synchronized (world) {
            world.of(event).clear();
            world.strays.remove(event);
            world.exchanges.remove(event);
          }
        });
  }

  @Override
  public Optional<Lease> tryLease(EventName event) {
    InMemoryWorld.Held mine = new InMemoryWorld.Held();
    synchronized (world) {
      if (world.leases.putIfAbsent(event, mine) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Lease() {
          @Override
          public void onLoss(Runnable action) {
            mine.loss = action;
          }

          @Override
          public void close() {
            synchronized (world) {
              world.leases.remove(event, mine);
            }
          }
        });
  }

  @Override
  public NodeChannel nodes(EventName event) {
    return new Channel(event);
  }

  @Override
  public NodeExchange exchange() {
    return new InMemoryExchange(world, this::call);
  }

  @Override
  public void killNode(EventName event, String node) throws ProviderException {
    synchronized (world) {
      for (Observed resource : List.copyOf(world.of(event).values())) {
        if (resource.kind() == Kind.NODE_FLEET && nodesOf(resource).contains(node)) {
          world.breakResource(event, resource.id(), node + " is gone");
          return;
        }
      }
    }
    throw failure(ProviderException.Kind.NOT_FOUND, "there is no node " + node);
  }

  private static List<String> nodesOf(Observed fleet) {
    return Arrays.asList(fleet.attributes().getOrDefault("nodes", "").split(",", -1));
  }

  @Override
  public void close() {
    // Everything it holds is the world's, which outlives it.
  }

  /** Answers {@code status} and {@code router} of nodes that are there; it knows nothing else. */
  private final class Channel implements NodeChannel {
    private final EventName event;

    Channel(EventName event) {
      this.event = event;
    }

    @Override
    public SortedMap<String, Answer> run(
        Collection<String> nodes, NodeCommand command, Deadline deadline) {
      SortedMap<String, Answer> answers = new TreeMap<>();
      for (String node : nodes) {
        answers.put(node, answer(node, command));
      }
      return answers;
    }

    private Answer answer(String node, NodeCommand command) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      boolean there;
      synchronized (world) {
        there =
            world.of(event).values().stream()
                .anyMatch(
                    resource ->
                        resource.kind() == Kind.NODE_FLEET
                            && nodesOf(resource).contains(node)
                            && resource.faults().isEmpty());
      }
      if (!there) {
        return new Answer(-1, json.put("error", node + " does not answer"));
      }
      if (command.words().getFirst().equals("router") && command.words().size() > 1) {
        return router(node, command.words().get(1));
      }
      if (!command.words().getFirst().equals("status")) {
        return new Answer(64, json.put("error", "unknown command " + command.words().getFirst()));
      }
      json.put("node", node).put("ready", true).put("warm", true);
      return new Answer(0, json.put("connections", world.connectionsOf(node)));
    }

    private Answer router(String node, String verb) {
      boolean off;
      synchronized (world) {
        if (verb.equals("off")) {
          world.routersOff.add(event + "/" + node);
        } else if (verb.equals("on")) {
          world.routersOff.remove(event + "/" + node);
        }
        off = world.routersOff.contains(event + "/" + node);
      }
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      return new Answer(0, json.put("installed", true).put("off", off).put("pins", 0));
    }

    @Override
    public Answer runAsClient(NodeCommand command, Deadline deadline) {
      return new Answer(
          64,
          JsonNodeFactory.instance
              .objectNode()
              .put("error", "unknown command " + command.words().getFirst()));
    }

    @Override
    public Map<String, String> fronts() {
      return Map.of("a", "192.0.2.1:443");
    }
  }
}
