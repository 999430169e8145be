package dev.spike.core.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.spike.core.capacity.Backlog;
import dev.spike.core.demand.LogisticRamp;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectSimulationTest {
  private static final double TAU = 40.9605;
  private static final double PEAK = 10_000_000 / (4 * TAU);
  private static final LogisticRamp RAMP = LogisticRamp.within(10_000_000, Duration.ofSeconds(180));

  @ParameterizedTest
  @CsvSource({"0.8, 622000, 12.8", "0.95, 75300, 1.3"})
  void patientClientsWaitAsTheCheckValuesAndTheFluidSay(
      double share, double waiting, double seconds) {
    double capacity = share * PEAK;

    Course course = ConnectSimulation.run(patient(), capacity, 7, 200_000);

    assertThat(course.max()).isCloseTo(waiting, withinPercentage(1));
    assertThat(course.max()).isCloseTo(Backlog.most(RAMP, capacity), withinPercentage(1));
    assertThat(course.max() / capacity).isCloseTo(seconds, withinPercentage(1));
    assertThat(course.timedOut()).isZero();
    assertThat(course.retries()).isZero();
    assertThat(course.connected()).isCloseTo(1e7, withinPercentage(1e-7));
    assertThat(course.draws()).isEqualTo(200_000);
  }

  @Test
  void theCurveFollowsTheFluidWhileItRisesAndFalls() {
    double capacity = 0.8 * PEAK;

    Course course = ConnectSimulation.run(patient(), capacity, 7, 200_000);

    assertThat(course.moments()).hasSizeBetween(100, 200);
    assertThat(course.moments())
        .allSatisfy(
            moment ->
                assertThat(moment.waiting())
                    .isEqualTo(
                        Backlog.waiting(RAMP, capacity, moment.seconds()),
                        within(0.01 * Backlog.most(RAMP, capacity))));
    assertThat(course.moments())
        .filteredOn(moment -> Math.abs(moment.seconds()) < 2 * TAU)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            moment ->
                assertThat(moment.attemptsPerSecond())
                    .isEqualTo(
                        RAMP.perSecond(moment.seconds() - step(course) / 2), within(0.02 * PEAK)));
  }

  @Test
  void whereTheTierIsAsFastAsTheRampIsSteepHardlyAnyoneWaits() {
    Course course = ConnectSimulation.run(patient(), PEAK, 7, 200_000);

    assertThat(course.max()).isLessThan(0.001 * 10_000_000);
    assertThat(course.waitP99Seconds()).isLessThan(0.1);
  }

  @Test
  void theWaitOfTheLastHundredthIsNearTheLongestOfTheFluid() {
    double capacity = 0.8 * PEAK;

    Course course = ConnectSimulation.run(patient(), capacity, 7, 200_000);

    assertThat(course.waitP99Seconds())
        .isBetween(0.95 * Backlog.waitSeconds(RAMP, capacity), Backlog.waitSeconds(RAMP, capacity));
  }

  @Test
  void clientsThatGiveUpBeforeTheirTurnMakeTheOverloadLastAndGrow() {
    double capacity = 0.8 * PEAK;

    Course patient = ConnectSimulation.run(patient(), capacity, 7, 40_000);
    Course impatient =
        ConnectSimulation.run(new Crowd(10_000_000, TAU, 10, 5), capacity, 7, 40_000);

    assertThat(impatient.timedOut()).isGreaterThan(1_000_000);
    assertThat(impatient.retries()).isGreaterThan(1_000_000);
    assertThat(impatient.max()).isGreaterThan(3 * patient.max());
    assertThat(impatient.connected()).isLessThan(patient.connected());
  }

  @Test
  void aTimeOutAboveTwiceTheWaitChangesNothing() {
    double capacity = 0.95 * PEAK;

    Course course = ConnectSimulation.run(new Crowd(10_000_000, TAU, 10, 30), capacity, 7, 40_000);

    assertThat(course.timedOut()).isZero();
    assertThat(course.max()).isCloseTo(Backlog.most(RAMP, capacity), withinPercentage(1));
  }

  @Test
  void whoIsRefusedOftenEnoughStaysAway() {
    // One handshake takes longer than anyone waits, so only the first is in time.
    Course course = ConnectSimulation.run(new Crowd(100, 0.001, 1, 0), 0.5, 7, 100);

    assertThat(course.connected()).isEqualTo(1);
    assertThat(course.timedOut()).isEqualTo(99 * ConnectSimulation.ATTEMPTS_MAX);
    assertThat(course.retries()).isEqualTo(99 * (ConnectSimulation.ATTEMPTS_MAX - 1));
  }

  @Test
  void theSameSeedGivesTheSameCourseAndAnotherSeedAnother() {
    Crowd crowd = new Crowd(50_000, TAU, 10, 5);

    Course first = ConnectSimulation.run(crowd, 240, 3, 50_000);

    assertThat(ConnectSimulation.run(crowd, 240, 3, 50_000)).isEqualTo(first);
    assertThat(ConnectSimulation.run(crowd, 240, 4, 50_000)).isNotEqualTo(first);
  }

  @Test
  void ofTwoClientsOneComesBeforeTheMiddleAndOneAfterItAndTheCurveGoesOnToItsEnd() {
    for (long seed = 0; seed < 20; seed++) {
      Course course = ConnectSimulation.run(new Crowd(2, 10, 10, 5), 1000, seed, 2);

      assertThat(course.moments()).hasSize(160);
      // The moments are not at 0 itself, so count to the one before it and to the one after.
      assertThat(came(course, -step(course))).isLessThan(1.01);
      assertThat(came(course, step(course))).isGreaterThan(0.99);
      assertThat(came(course, 120)).isEqualTo(2, within(1e-9));
      assertThat(course.moments().getFirst().attemptsPerSecond()).isZero();
    }
  }

  @Test
  void whoTimedOutComesBackLaterWithinTheJitter() {
    for (long seed = 0; seed < 20; seed++) {
      // One handshake takes ten seconds; the second client's is wasted on it until 20 s.
      Course course = ConnectSimulation.run(new Crowd(2, 1e-6, 1, 1000), 0.1, seed, 2);

      assertThat(course.connected()).isEqualTo(2);
      assertThat(course.timedOut()).isEqualTo(course.retries()).isGreaterThanOrEqualTo(1);
      assertThat(course.waitP99Seconds()).isBetween(1.0, 1001.0 * course.retries());
      assertThat(course.max()).isEqualTo(1);
    }
  }

  @Test
  void fewClientsAreSimulatedOneByOne() {
    assertThat(ConnectSimulation.run(new Crowd(12, TAU, 10, 5), 240, 3, 50_000).draws())
        .isEqualTo(12);
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> ConnectSimulation.run(patient(), 0, 1, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ConnectSimulation.run(patient(), 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ConnectSimulation.run(new Crowd(1, 1, 1, 1), 1, 1, 1).connected()).isEqualTo(1);
    assertThatThrownBy(() -> new Crowd(0, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Crowd(1, 0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Crowd(1, 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Crowd(1, 1, 1, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static double came(Course course, double until) {
    return course.moments().stream()
            .filter(moment -> moment.seconds() <= until)
            .mapToDouble(Course.Moment::attemptsPerSecond)
            .sum()
        * step(course);
  }

  private static double step(Course course) {
    return course.moments().get(1).seconds() - course.moments().get(0).seconds();
  }

  private static Crowd patient() {
    return new Crowd(10_000_000, TAU, 1e6, 30);
  }
}
