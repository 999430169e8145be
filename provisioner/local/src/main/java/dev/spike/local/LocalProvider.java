package dev.spike.local;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeExchange;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.local.linux.EventProcess;
import dev.spike.local.linux.FileLock;
import dev.spike.local.linux.Mounts;
import dev.spike.local.linux.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A tier on this machine. Creating and repairing are the same: each resource looks at what is there
 * and makes only what is missing.
 */
public final class LocalProvider implements Provider {
  static final String NAME = "local";
  private static final Duration CACHE_TIME = Duration.ofMinutes(1);
  private static final Duration STOP_PATIENCE = Duration.ofMillis(1200);
  private static final int SWEEPS_MAX = 5;

  private final Clock clock;

  LocalProvider(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> preflight(List<Resource> desired, Optional<EventName> event) {
    return Preflight.findings(desired);
  }

  /** Nothing is charged here: what the catalogue says. */
  @Override
  public PriceList prices(Catalog catalog, Deadline deadline) {
    return catalog.prices();
  }

  @Override
  public ObservedState observe(EventName event) throws ProviderException, InterruptedException {
    EventTier tier = EventTier.of(event);
    return Failures.translated("event " + event + " could not be observed", () -> state(tier));
  }

  private ObservedState state(EventTier tier)
      throws IOException, InterruptedException, ProviderException {
    Sight sight = tier.look();
    NavigableMap<ResourceId, Observed> found = new TreeMap<>();
    List<Observed> all = new ArrayList<>();
    new FabricNetwork(tier).observe(sight).ifPresent(all::add);
    new EventCertificate(tier, clock).observe().ifPresent(all::add);
    new NodeBundle(tier).observe().ifPresent(all::add);
    new CacheCluster(tier).observe(sight).ifPresent(all::add);
    all.addAll(new NodeFleets(tier).observe(sight));
    new BalancerHost(tier).observe(sight).ifPresent(all::add);
    new BalancerListener(tier).observe(sight).ifPresent(all::add);
    all.addAll(new RouterInstallations(tier).observe(sight));
    all.addAll(new NodeWarmUps(tier).observe(sight));
    all.forEach(observed -> found.put(observed.id(), observed));
    return new ObservedState(tier.event(), found, strays(tier, sight));
  }

  /** What carries the event's tag and is part of no resource. */
  private static List<String> strays(EventTier tier, Sight sight) throws IOException {
    List<String> strays = new ArrayList<>();
    for (EventProcess process : sight.processes()) {
      if (!Parts.known(process)) {
        strays.add("process " + process.pid() + ": " + shortened(process.commandLine()));
      }
    }
    for (String host : sight.hosts().keySet()) {
      if (!Parts.knownHost(host)) {
        strays.add("namespace " + host);
      }
    }
    boolean folder = tier.folder().exists() || !Mounts.below(tier.folder().path()).isEmpty();
    if (folder && sight.hosts().isEmpty() && !Files.exists(tier.folder().bundle())) {
      strays.add("folder " + tier.folder().path());
    }
    return strays;
  }

  private static String shortened(String text) {
    return text.length() <= 120 ? text : text.substring(0, 120) + "...";
  }

  @Override
  public void create(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    converge(resource, new Desired(desired), tags, deadline);
  }

  @Override
  public void update(
      Resource resource, Observed observed, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    converge(resource, new Desired(desired), tags, deadline);
  }

  private void converge(Resource resource, Desired desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    EventTier tier = EventTier.of(tags.event());
    if (deadline.passed()) {
      throw new ProviderException(
          Kind.UNAVAILABLE,
          "time is up: " + resource.id() + " was not begun",
          "Run the same command again, with a longer --deadline.");
    }
    Failures.translated(
        resource.id() + " could not be brought to its form",
        () -> {
          switch (resource) {
            case Resource.Network network -> new FabricNetwork(tier).converge(network);
            case Resource.Certificate certificate ->
                new EventCertificate(tier, clock).converge(certificate, tags);
            case Resource.Bundle bundle -> new NodeBundle(tier).converge(bundle);
            case Resource.Cache cache ->
                new CacheCluster(tier)
                    .converge(
                        cache, desired.addresses().zones(), tags, deadline.atMost(CACHE_TIME));
            case Resource.NodeFleet fleet ->
                new NodeFleets(tier).converge(fleet, desired, tags, deadline);
            case Resource.Balancer balancer -> new BalancerHost(tier).converge(balancer);
            case Resource.Listener listener ->
                new BalancerListener(tier).converge(listener, desired.addresses(), tags);
            case Resource.RouterInstallation router ->
                new RouterInstallations(tier)
                    .converge(router, desired, tags, deadline, new NodeCommands(tier));
            case Resource.NodeWarmUp warmUp ->
                new NodeWarmUps(tier).converge(warmUp, new NodeCommands(tier), deadline);
            case CloudResource rented ->
                throw new ProviderException(
                    Kind.INVALID,
                    "one machine has no " + rented.kind().text() + " (" + rented.id() + ")",
                    "Plan again with --provider local.");
          }
          return true;
        });
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    EventTier tier = EventTier.of(event);
    String[] parts = id.value().split("/", 2);
    String zone = parts.length > 1 ? parts[1] : "";
    Failures.translated(
        id + " could not be removed",
        () -> {
          switch (parts[0]) {
            case "network" -> new FabricNetwork(tier).delete();
            case "certificate" -> new EventCertificate(tier, clock).delete();
            case "bundle" -> new NodeBundle(tier).delete();
            case "cache" -> new CacheCluster(tier).delete();
            case "node-fleet" -> new NodeFleets(tier).delete(zone);
            case "balancer" -> new BalancerHost(tier).delete();
            case "listener" -> new BalancerListener(tier).delete();
            case "router-installation" -> new RouterInstallations(tier).delete(zone);
            case "node-warm-up" -> {
              // a state of running servers; it goes with their fleet
            }
            default ->
                throw new ProviderException(
                    Kind.INVALID,
                    "the provider local has no resource " + id,
                    "Name a resource that spike status lists.");
          }
          return true;
        });
  }

  /** Processes first: a namespace whose name goes while a process is in it is only hidden. */
  @Override
  public void sweep(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    EventTier tier = EventTier.of(event);
    Failures.translated(
        "event " + event + " could not be swept",
        () -> {
          Set<Long> marks = new HashSet<>();
          for (int round = 0; round < SWEEPS_MAX && !deadline.passed(); round++) {
            marks.addAll(tier.hosts().marks());
            List<EventProcess> processes = ProcessTable.of(event.value(), marks);
            if (!processes.isEmpty()) {
              ProcessTable.end(processes, round == 0 ? STOP_PATIENCE : Duration.ZERO);
            }
            tier.hosts().remove(tier.hosts().look().keySet());
            tier.folder().remove();
            if (ProcessTable.of(event.value(), marks).isEmpty()
                && tier.hosts().look().isEmpty()
                && !tier.folder().exists()) {
              return true;
            }
          }
          throw new ProviderException(
              Kind.UNAVAILABLE,
              "something of event " + event + " is still there after the sweep",
              "Run spike status --event " + event + " --provider local to see what.");
        });
  }

  @Override
  public Optional<Lease> tryLease(EventName event) throws ProviderException {
    return Failures.uninterrupted(
        "the lease of event " + event + " could not be taken",
        () -> {
          EventFolder.prepareLocks();
          return FileLock.tryLock(EventFolder.lock(event)).map(LocalLease::new);
        });
  }

  @Override
  public NodeChannel nodes(EventName event) {
    return new NodeCommands(EventTier.of(event));
  }

  @Override
  public NodeExchange exchange() {
    return new HostExchange();
  }

  @Override
  public void killNode(EventName event, String node)
      throws ProviderException, InterruptedException {
    Failures.translated(
        "node " + node + " could not be ended",
        () -> {
          new NodeFleets(EventTier.of(event)).kill(node);
          return true;
        });
  }

  @Override
  public void close() {
    // holds nothing between calls
  }

  private record LocalLease(FileLock lock) implements Lease {
    @Override
    public void close() {
      try {
        lock.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(
            "the lock of a lease could not be given back; it ends with this process", e);
      }
    }
  }
}
