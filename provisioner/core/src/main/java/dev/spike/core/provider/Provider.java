package dev.spike.core.provider;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.core.resource.Stage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A place where a tier can be built. The contract, which one abstract test holds every provider to:
 *
 * <ul>
 *   <li>{@link #observe} returns only what carries the event's tag, and all of it, from the world
 *       itself (never from a file that could lie).
 *   <li>{@link #create} twice gives one resource: what is already there is kept and completed.
 *   <li>{@link #update} brings a resource that has differences or faults to the desired form and
 *       touches no part that is whole.
 *   <li>{@link #delete} of what is absent succeeds.
 *   <li>Every call ends by its deadline (plus at most 2 s), with {@link ProviderException} of kind
 *       UNAVAILABLE when it ran out; and answers an interrupt within 2 s.
 *   <li>Failures are of the closed set {@link ProviderException.Kind}.
 *   <li>Calls for different resources may run at the same time on different threads.
 * </ul>
 */
public interface Provider extends AutoCloseable {

  /** {@code local} or {@code aws}. */
  String name();

  /**
   * What this machine or account has and lacks, all of it at once.
   *
   * @param desired of the stage that is to be run; empty where a tier is to be removed
   * @param event whose own things do not count as others'; empty where none is known
   */
  List<Finding> preflight(List<Resource> desired, Optional<EventName> event);

  /**
   * Refuses where what is behind it is not what it was opened for, as with the credentials of
   * another account. The preflight finds the same; this is for what looks or acts without one.
   *
   * @throws ProviderException UNAUTHORIZED then
   */
  default void admit(Deadline deadline) throws ProviderException, InterruptedException {}

  /**
   * Where it looks and acts, in words for people, such as {@code us-east-1 of account
   * 123456789012}; empty where there is one place only.
   */
  default String where(Deadline deadline) throws ProviderException, InterruptedException {
    return "";
  }

  /**
   * What the provider charges today where this one is opened, for what the catalogue names. A node
   * type that is not to be had there has no price.
   *
   * @throws ProviderException NOT_FOUND when a price that every tier needs is not published there
   */
  PriceList prices(Catalog catalog, Deadline deadline)
      throws ProviderException, InterruptedException;

  /** Everything that carries the event's tag. */
  ObservedState observe(EventName event) throws ProviderException, InterruptedException;

  /**
   * As {@link #observe(EventName)}; what only a later stage makes may be left out, so that it need
   * not be asked for.
   */
  default ObservedState observe(EventName event, Stage upTo)
      throws ProviderException, InterruptedException {
    return observe(event);
  }

  /**
   * Creates one resource. All desired resources are given, because a listener needs the nodes'
   * names and a node the cache's.
   */
  void create(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException;

  /** Brings an existing resource to its desired form, repairing only what is missing. */
  void update(
      Resource resource, Observed observed, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException;

  /**
   * Removes one resource; succeeds when it is not there. Of what is committed ({@link
   * Observed#committedUntil}) it removes what can go, and succeeds.
   */
  void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException;

  /**
   * Removes whatever still carries the event's tag, resources and strays alike; what is committed
   * stays.
   */
  void sweep(EventName event, Deadline deadline) throws ProviderException, InterruptedException;

  /** Takes the lease; empty when another run holds it. Waiting is the caller's business. */
  Optional<Lease> tryLease(EventName event) throws ProviderException;

  /** Room promised for a later day; empty where the provider promises none. */
  default Optional<FutureCapacity> futureCapacity() {
    return Optional.empty();
  }

  /**
   * Which run holds the lease and until when, in words for people; empty when it cannot be told.
   */
  default Optional<String> leaseHolder(EventName event)
      throws ProviderException, InterruptedException {
    return Optional.empty();
  }

  /**
   * When the first of what is paid by the hour came to be; empty when nothing is there, or nothing
   * is paid for.
   */
  default Optional<Instant> standingSince(EventName event)
      throws ProviderException, InterruptedException {
    return Optional.empty();
  }

  /**
   * The last lines of the logs of nodes that are about to go, by node, each at most some 200 KB. Of
   * a node that does not answer it says so; empty where logs are kept elsewhere.
   */
  default SortedMap<String, String> lastLogs(
      EventName event, Collection<String> nodes, Deadline deadline)
      throws ProviderException, InterruptedException {
    return new TreeMap<>();
  }

  /** The channel to the nodes of an event. */
  NodeChannel nodes(EventName event) throws ProviderException;

  /** How one node gives way to a new one of its name. */
  NodeExchange exchange();

  /**
   * Ends one node at once and without warning, as a lost machine would. Only drills call it.
   *
   * @throws ProviderException NOT_FOUND when the node is not running
   */
  void killNode(EventName event, String node) throws ProviderException, InterruptedException;

  @Override
  void close();
}
