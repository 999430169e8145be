package dev.spike.aws;

import dev.spike.aws.api.Ec2Tags;
import dev.spike.core.provider.FutureCapacity;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.CapacityReservation;

/**
 * A capacity reservation as AWS shows it. Those that were asked for ahead have a role tag; a second
 * tag tells how many of their nodes the plan needs, where it needs fewer than were committed to.
 */
record Reservation(CapacityReservation seen, Map<String, String> tags) {
  /** The role of those that were asked for ahead. */
  static final String FUTURE_DATED = "future-dated";

  /** The tag with the number of nodes that are needed. */
  static final String NEEDED = EventTags.ATTRIBUTE + "nodes";

  /** One that begins so soon is waited for instead of being replaced. */
  private static final Duration SOON = Duration.ofHours(1);

  static Reservation of(CapacityReservation seen) {
    return new Reservation(seen, Ec2Tags.map(seen.tags()));
  }

  String id() {
    return seen.capacityReservationId();
  }

  String type() {
    return seen.instanceType();
  }

  int nodes() {
    return seen.totalInstanceCount();
  }

  String state() {
    return seen.stateAsString();
  }

  /** What of the tier it is for; empty where its tag was taken away. */
  Optional<ResourceId> resource() {
    return Optional.ofNullable(tags.get(EventTags.RESOURCE)).map(ResourceId::new);
  }

  boolean futureDated() {
    return FUTURE_DATED.equals(tags.get(EventTags.ROLE)) || seen.commitmentInfo() != null;
  }

  FutureCapacity.Standing standing() {
    return switch (seen.state()) {
      case ASSESSING, PAYMENT_PENDING -> FutureCapacity.Standing.ASSESSING;
      case SCHEDULED, PENDING -> FutureCapacity.Standing.SCHEDULED;
      case ACTIVE -> FutureCapacity.Standing.ACTIVE;
      case DELAYED -> FutureCapacity.Standing.DELAYED;
      case UNSUPPORTED, FAILED, PAYMENT_FAILED, UNAVAILABLE -> FutureCapacity.Standing.DECLINED;
      case CANCELLED, EXPIRED -> FutureCapacity.Standing.ENDED;
      case UNKNOWN_TO_SDK_VERSION -> FutureCapacity.Standing.ASSESSING;
    };
  }

  /** Whether it has room or may come to have some. */
  boolean holds() {
    return switch (standing()) {
      case ASSESSING, SCHEDULED, ACTIVE, DELAYED -> true;
      case DECLINED, ENDED -> false;
    };
  }

  boolean active() {
    return standing() == FutureCapacity.Standing.ACTIVE;
  }

  /** Granted, and there within the hour: worth waiting for. */
  boolean arrives(Instant now) {
    return standing() == FutureCapacity.Standing.SCHEDULED && !startsAt().isAfter(now.plus(SOON));
  }

  Instant startsAt() {
    return seen.startDate() == null ? seen.createDate() : seen.startDate();
  }

  /**
   * How many of its nodes are needed: all, unless its tag says fewer. What is not committed is made
   * smaller instead.
   */
  int needed() {
    String tagged = tags.getOrDefault(NEEDED, "");
    return futureDated() && tagged.matches("[0-9]{1,6}")
        ? Math.min(nodes(), Integer.parseInt(tagged))
        : nodes();
  }

  /**
   * Until when it can be neither cancelled nor made smaller. A reservation that is scheduled is
   * committed before its time has begun; one that is delayed is not any more.
   */
  Optional<Instant> committedUntil(Instant now) {
    if (!futureDated()) {
      return Optional.empty();
    }
    return switch (standing()) {
      case SCHEDULED -> Optional.of(commitmentEnd());
      case ACTIVE -> Optional.of(commitmentEnd()).filter(now::isBefore);
      case ASSESSING, DELAYED, DECLINED, ENDED -> Optional.empty();
    };
  }

  private Instant commitmentEnd() {
    if (seen.commitmentInfo() != null && seen.commitmentInfo().commitmentEndDate() != null) {
      return seen.commitmentInfo().commitmentEndDate();
    }
    return seen.endDate() == null ? startsAt() : seen.endDate();
  }

  FutureCapacity.Promise promise(ResourceId resource, Instant now) {
    return new FutureCapacity.Promise(
        id(),
        resource,
        seen.availabilityZone(),
        type(),
        nodes(),
        standing(),
        state(),
        startsAt(),
        Optional.ofNullable(seen.endDate()),
        committedUntil(now));
  }
}
