package dev.spike.core.plan;

import dev.spike.core.resource.CloudResource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What future-dated capacity reservations of a plan's nodes ask for, and what they bind one to pay.
 * The limits are those of EC2's CreateCapacityReservation.
 *
 * @param reservations one a zone; empty where the event file wants none
 * @param vcpusPerNode virtual processors of a node
 * @param startsAt when the room is needed: when provision is due
 * @param duration for which one commits oneself, from the delivery on
 * @param endsAt when the reservations end by themselves, a little after the commitment
 * @param ownHours hours in which the plan's nodes use the room
 * @param nodeHour price of a node's hour; 0 where the price list has none
 * @param currency ISO 4217
 */
public record CapacityCommitment(
    List<CloudResource.CapacityReservation> reservations,
    int vcpusPerNode,
    Instant startsAt,
    Duration duration,
    Instant endsAt,
    double ownHours,
    double nodeHour,
    String currency) {

  /** The latest that one can be asked for. */
  public static final Duration AHEAD_MIN = Duration.ofDays(5);

  /** The earliest that one can be asked for. */
  public static final Duration AHEAD_MAX = Duration.ofDays(120);

  /** The shortest commitment. */
  public static final Duration DURATION_MIN = Costing.COMMITMENT;

  /** The fewest virtual processors of one reservation. */
  public static final int VCPUS_MIN = 32;

  /** A commitment counts from the delivery, and an end within it is refused. */
  private static final Duration DELIVERY = Duration.ofHours(1);

  public CapacityCommitment {
    reservations = List.copyOf(reservations);
  }

  /** That of a plan. */
  public static CapacityCommitment of(Plan plan) {
    List<CloudResource.CapacityReservation> reservations =
        plan.resources().stream()
            .filter(CloudResource.CapacityReservation.class::isInstance)
            .map(CloudResource.CapacityReservation.class::cast)
            .toList();
    Instant startsAt = plan.schedule().provisionAt();
    Duration own = Duration.between(startsAt, plan.schedule().teardownAfter());
    Duration duration = own.compareTo(DURATION_MIN) > 0 ? own : DURATION_MIN;
    return new CapacityCommitment(
        reservations,
        plan.basis().node().vcpus(),
        startsAt,
        duration,
        startsAt.plus(duration).plus(DELIVERY),
        hours(own),
        plan.basis().prices().nodeHour().getOrDefault(plan.capacity().profile(), 0.0),
        plan.cost().currency());
  }

  /** Before this instant it is too early. */
  public Instant openFrom() {
    return startsAt.minus(AHEAD_MAX);
  }

  /** After this instant it is too late. */
  public Instant askBy() {
    return startsAt.minus(AHEAD_MIN);
  }

  /** Nodes of all zones. */
  public int nodes() {
    return reservations.stream().mapToInt(CloudResource.CapacityReservation::nodes).sum();
  }

  /** Hours that are paid for, used or not. */
  public double hours() {
    return hours(Duration.between(startsAt, endsAt));
  }

  /** What so many nodes cost over all those hours. */
  public double cost(int nodes) {
    return cents(nodes * hours() * nodeHour);
  }

  /** What all nodes cost over all those hours. */
  public double total() {
    return cost(nodes());
  }

  /** What of the total is for hours in which the plan has no use for the room. */
  public double unused() {
    return cents(nodes() * Math.max(0, hours() - ownHours) * nodeHour);
  }

  /** Whether so many nodes are fewer than a reservation may have. */
  public boolean tooFew(int nodes) {
    return nodes * vcpusPerNode < VCPUS_MIN;
  }

  private static double hours(Duration duration) {
    return duration.toSeconds() / 3600.0;
  }

  private static double cents(double value) {
    return Math.rint(value * 100) / 100;
  }
}
