package dev.spike.core.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.plan.CapacityCommitment;
import dev.spike.core.provider.FutureCapacity.Promise;
import dev.spike.core.provider.FutureCapacity.Standing;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReservationGapsTest {
  private static final Instant START = Instant.parse("2027-05-27T19:00:00Z");
  private static final Duration COMMITMENT = Duration.ofDays(14);

  /** Six nodes of 16 virtual processors in one zone, needed for 76 hours. */
  private static final CapacityCommitment WANTED =
      new CapacityCommitment(
          List.of(
              new CloudResource.CapacityReservation(
                  new ResourceId("capacity-reservation/a"), List.of(), "a", "c8gn.4xlarge", 6)),
          16,
          START,
          COMMITMENT,
          START.plus(COMMITMENT).plus(Duration.ofHours(1)),
          76,
          0.948,
          "USD");

  @Test
  void theSumIsThatOfTheWholeCommitmentAndSaysWhatOfItIsForNothing() {
    assertThat(WANTED.hours()).isEqualTo(337);
    assertThat(WANTED.total()).isEqualTo(1916.86); // 6 x 337 h x $0.948
    assertThat(WANTED.unused()).isEqualTo(1484.57); // 6 x (337 - 76) h x $0.948
    assertThat(WANTED.askBy()).isEqualTo("2027-05-22T19:00:00Z");
    assertThat(WANTED.openFrom()).isEqualTo("2027-01-27T19:00:00Z");
    assertThat(WANTED.tooFew(1)).isTrue();
    assertThat(WANTED.tooFew(2)).isFalse();
  }

  @Test
  void whatHoldsOrMayComeToHoldIsNotAskedForAgainAndWhatWasDeclinedIs() {
    assertThat(gaps().missing().getFirst().nodes()).isEqualTo(6);
    assertThat(gaps(promise(6, Standing.ASSESSING)).missing()).isEmpty();
    assertThat(gaps(promise(6, Standing.DELAYED)).missing()).isEmpty();
    assertThat(gaps(promise(6, Standing.DECLINED)).missing().getFirst().nodes()).isEqualTo(6);
    assertThat(gaps(promise(6, Standing.ENDED)).missing()).hasSize(1);
  }

  @Test
  void onlyTheDifferenceIsAskedForUnlessItIsTooLittleForAReservation() {
    assertThat(gaps(promise(4, Standing.SCHEDULED)).missing().getFirst().nodes()).isEqualTo(2);

    ReservationGaps little = gaps(promise(5, Standing.SCHEDULED));

    assertThat(little.missing()).isEmpty();
    assertThat(little.remarks().getFirst().summary()).contains("1 more of c8gn.4xlarge");
  }

  @Test
  void aPromiseOfAnotherTypeOrTimeIsRemarkedOn() {
    ReservationGaps other = gaps(promise("c7gn.4xlarge", 6, START, Standing.SCHEDULED));
    ReservationGaps later =
        gaps(promise("c8gn.4xlarge", 6, START.plus(Duration.ofDays(7)), Standing.SCHEDULED));

    assertThat(other.missing()).hasSize(1);
    assertThat(other.remarks().getFirst().summary()).contains("is of another type");
    assertThat(later.missing()).isEmpty();
    assertThat(later.remarks().getFirst().summary()).contains("does not fit this plan's time");
  }

  private static ReservationGaps gaps(Promise... promises) {
    return ReservationGaps.of(WANTED, List.of(promises));
  }

  private static Promise promise(int nodes, Standing standing) {
    return promise("c8gn.4xlarge", nodes, START, standing);
  }

  private static Promise promise(String type, int nodes, Instant startsAt, Standing standing) {
    return new Promise(
        "cr-1",
        new ResourceId("capacity-reservation/a"),
        "us-east-1a",
        type,
        nodes,
        standing,
        "as AWS says",
        startsAt,
        Optional.of(startsAt.plus(COMMITMENT)),
        Optional.empty());
  }
}
