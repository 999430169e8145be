package dev.spike.core.provider;

import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Room for machines that is promised for a later day, and that one commits oneself to pay for: the
 * capacity reservations of an event that were asked for ahead.
 */
public interface FutureCapacity {

  /** What became of a request. */
  enum Standing {
    /** It has no answer yet; that takes up to days. */
    ASSESSING,
    /** It is granted and not delivered yet. */
    SCHEDULED,
    /** The room is there. */
    ACTIVE,
    /** It was granted and is not delivered at its time: the commitment is waived. */
    DELAYED,
    /** It was not granted, or what was granted failed. */
    DECLINED,
    /** It was cancelled, or its time is over. */
    ENDED
  }

  /**
   * One request.
   *
   * @param id the provider's
   * @param resource of the tier that the room is for
   * @param zoneName the provider's name of the zone
   * @param profile the machines' type
   * @param nodes how many
   * @param state in the provider's own word
   * @param endsAt when it ends by itself
   * @param committedUntil until when it can be neither cancelled nor made smaller; empty where it
   *     can be
   */
  record Promise(
      String id,
      ResourceId resource,
      String zoneName,
      String profile,
      int nodes,
      Standing standing,
      String state,
      Instant startsAt,
      Optional<Instant> endsAt,
      Optional<Instant> committedUntil) {

    /** Whether room is there for it, or may come. */
    public boolean holds() {
      return switch (standing) {
        case ASSESSING, SCHEDULED, ACTIVE, DELAYED -> true;
        case DECLINED, ENDED -> false;
      };
    }
  }

  /**
   * What is asked for.
   *
   * @param room of which zone, how many of which type
   * @param zoneName the provider's name of the zone
   * @param commitment for which it is paid for, used or not
   */
  record Request(
      CloudResource.CapacityReservation room,
      String zoneName,
      Instant startsAt,
      Instant endsAt,
      Duration commitment) {}

  /** The provider's name of each zone of the tier. */
  SortedMap<String, String> zoneNames(EventName event, List<Resource> desired, Deadline deadline)
      throws ProviderException, InterruptedException;

  /** All requests of the event that the provider still knows, by resource, the oldest first. */
  List<Promise> promises(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException;

  /**
   * Asks for room. The same request again, as after a lost answer, is the same promise; what ended
   * or was declined meanwhile is asked for anew.
   *
   * @return what is known at once: as a rule it is being assessed
   */
  Promise ask(Request request, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException;

  /** Waits until no request is being assessed any more, or the time is up. */
  void awaitAnswers(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException;
}
