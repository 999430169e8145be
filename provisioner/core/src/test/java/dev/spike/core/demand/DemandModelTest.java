package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.resource.EventName;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hipparchus.random.RandomDataGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemandModelTest {
  private static final int DRAWS = 100_000;
  private static final Instant START = Instant.parse("2027-05-30T19:00:00Z");
  private static final long FIRST_SALE = START.getEpochSecond() / 60 - 100_000;
  private static final EventSpec.Arrivals ARRIVALS =
      new EventSpec.Arrivals(
          0,
          List.of(
              new EventSpec.Ramp("kick-off", START, 1, Duration.ofSeconds(180)),
              new EventSpec.Ramp(
                  "end surge", START.plusSeconds(6600), 0.8, Duration.ofMinutes(22))),
          Optional.empty(),
          new EventSpec.Stay(Optional.empty(), 1, Duration.ofMinutes(16)));
  private static final EventSpec.Product PASS =
      product(Optional.of(900_000L), Quantity.share(0.4, 38), Quantity.factor(1.1, 0.1));

  @Test
  void theSameSeedGivesTheSameForecastAndAnotherSeedAnother() {
    DemandForecast first = uncertain("p99").forecast(7, 10_000, 0.001);

    assertThat(uncertain("p99").forecast(7, 10_000, 0.001)).isEqualTo(first);
    assertThat(uncertain("p99").forecast(8, 10_000, 0.001).connections())
        .isNotEqualTo(first.connections());
  }

  @Test
  void quantilesRiseAndThePlanCoversTheOneThatWasAskedFor() {
    Quantiles connections = uncertain("p99").forecast(7, 10_000, 1).connections();

    assertThat(connections.p50()).isLessThan(connections.p90());
    assertThat(connections.p90()).isLessThan(connections.p99());
    assertThat(uncertain("p50").forecast(7, 10_000, 1).planned()).isEqualTo(connections.p50());
    assertThat(uncertain("p90").forecast(7, 10_000, 1).planned()).isEqualTo(connections.p90());
    assertThat(uncertain("p99").forecast(7, 10_000, 1).planned()).isEqualTo(connections.p99());
  }

  @Test
  void theMedianIsNearTheExpectedValueAndSeedsAgreeOnItWithinTwoPercent() {
    DemandModel model = uncertain("p99");
    double expected = model.expected(model.middle());

    for (long seed = 1; seed <= 5; seed++) {
      double median = (double) model.forecast(seed, 10_000, 1).connections().p50();
      assertThat(median / expected).as("seed %d", seed).isEqualTo(1, within(0.05));
      assertThat(median / (double) model.forecast(99, 10_000, 1).connections().p50())
          .isEqualTo(1, within(0.02));
    }
  }

  @Test
  void whoComesAtAllTimesComesOnTopOfTheTicketHolders() {
    EventSpec.Product exact =
        product(Optional.of(1000L), new Quantity.Exact(0.5), new Quantity.Exact(2));
    DemandModel quiet = model("p99", new Quantity.Exact(1.3), exact, 1000);
    EventSpec.Arrivals arrivals = quiet.demand().arrivals();
    // One a second from half an hour before the start on, who all stay to the end two hours after.
    DemandModel busy =
        withArrivals(
            quiet, new EventSpec.Arrivals(1, arrivals.ramps(), arrivals.trace(), arrivals.stay()));

    DemandForecast forecast = busy.forecast(7, 1000, 1);

    assertThat(forecast.planned()).isBetween(1300L + 8500, 1300L + 9100);
    assertThat(forecast.concurrency())
        .extracting(DemandForecast.ConcurrencyPoint::connections)
        .allMatch(connections -> connections <= forecast.planned());
    assertThat(busy.expected(busy.middle())).isEqualTo((double) forecast.planned(), within(1.0));
  }

  private static DemandModel withArrivals(DemandModel model, EventSpec.Arrivals arrivals) {
    EventSpec.Demand demand = model.demand();
    return new DemandModel(
        model.event(),
        new EventSpec.Demand(
            demand.uninvited(),
            demand.confidence(),
            demand.within(),
            demand.endSurge(),
            demand.baseline(),
            arrivals),
        model.products(),
        model.sales(),
        model.pickUp(),
        model.recorded(),
        model.asOf());
  }

  @Test
  void exactInputsLeaveNoSpread() {
    EventSpec.Product exact =
        product(Optional.of(1000L), new Quantity.Exact(0.5), new Quantity.Exact(2));
    DemandModel soldOut = model("p99", new Quantity.Exact(1.3), exact, 1000);

    assertThat(soldOut.forecast(7, 1000, 1).connections())
        .isEqualTo(new Quantiles(1300, 1300, 1300));
  }

  @Test
  void everyFigureOfAnExactForecastIsItsFormula() {
    EventSpec.Product exact =
        product(Optional.of(1000L), new Quantity.Exact(0.5), new Quantity.Exact(2));
    DemandForecast forecast =
        model("p99", new Quantity.Exact(1.3), exact, 1000).forecast(7, 1000, 0.0015);
    double tau = 180 / (2 * Math.log(9));

    assertThat(forecast.planned()).isEqualTo(1300);
    assertThat(forecast.scaled()).isEqualTo(2);
    assertThat(forecast.scale()).isEqualTo(0.0015);
    assertThat(forecast.confidence()).isEqualTo("p99");
    assertThat(forecast.rampTauSeconds()).isEqualTo(tau, within(1e-4));
    assertThat(model("p99", new Quantity.Exact(1.3), exact, 1000).ramp(1300).tauSeconds())
        .isEqualTo(tau, within(1e-12));
    assertThat(forecast.arrivalPeakPerSecond()).isEqualTo(1300 / (4 * tau), within(1e-4));
    assertThat(forecast.scaledArrivalPeakPerSecond())
        .isEqualTo(0.0015 * 1300 / (4 * tau), within(1e-4));
    assertThat(forecast.surgeFactor()).isEqualTo(0.052);
    assertThat(forecast.surgePercent()).isEqualTo(5.2);
    assertThat(forecast.peakedness()).isEqualTo(20);
    assertThat(forecast.products())
        .containsExactly(
            new DemandForecast.ProductDemand(
                "pass", 1000, new Quantiles(1000, 1000, 1000), new Quantiles(1300, 1300, 1300)));
    assertThat(forecast.sales().getLast().p50()).isEqualTo(1000);
    assertThat(forecast.ramps())
        .extracting(DemandForecast.RampShare::name)
        .containsExactly("kick-off", "end surge");
    assertThat(forecast.arrivals()).hasSizeGreaterThan(100);
    assertThat(forecast.mixturePeakPerSecond())
        .isEqualTo(forecast.ramps().getFirst().connections() / (4 * tau), within(0.01));
    assertThat(forecast.concurrency())
        .anySatisfy(point -> assertThat(point.connections()).isEqualTo(1300));
  }

  @Test
  void theCrowdIsUncertainInTimeByTheSpreadOfRecordedMidpoints() {
    EventSpec.Product exact =
        product(Optional.of(1_000_000L), new Quantity.Exact(1), new Quantity.Exact(1));
    DemandForecast forecast =
        model("p99", new Quantity.Exact(1), exact, 1_000_000).forecast(7, 10_000, 1);
    DemandForecast.ConcurrencyPoint start =
        forecast.concurrency().stream()
            .filter(point -> !point.at().isBefore(START))
            .findFirst()
            .orElseThrow();

    // The steep ramp lasts 3 minutes and the deviation 2.7, so at its middle nearly all is open.
    assertThat((double) start.p99() / start.p50()).isGreaterThan(1.6);
    assertThat((double) start.p90() / start.p99()).isEqualTo(1, within(0.12));
  }

  @Test
  void whereNoOrdinaryDayIsKnownThereIsNoSurgeFactorAndFourHundredTimesIs40000Percent() {
    EventSpec.Product exact =
        product(Optional.of(10_000_000L), new Quantity.Exact(1), new Quantity.Exact(1));
    DemandForecast surge =
        model("p99", new Quantity.Exact(1), exact, 10_000_000).forecast(7, 10, 1);

    assertThat(surge.surgeFactor()).isEqualTo(400);
    assertThat(surge.surgePercent()).isEqualTo(40_000);
  }

  @Test
  void theExpectedNumberMovesWithEachInputByItsFormula() {
    DemandModel model = uncertain("p99");
    double share = PickUp.PRIOR.pooled().expected(Duration.ofHours(72));
    double early = PickUp.PRIOR.pooled().at(Duration.ofHours(72), 1);
    EventSpec.Product twice =
        product(Optional.of(900_000L), Quantity.share(0.8, 38), Quantity.factor(1.1, 0.1));

    assertThat(model.left()).isEqualTo(Duration.ofHours(72));
    assertThat(model.middle()).isEqualTo(new DemandModel.Middle(new TreeMap<>(), 1.3));
    assertThat(model.finalSales("pass", 0)).isEqualTo(Math.rint(500_000 / share));
    assertThat(model.finalSales("pass", 1)).isEqualTo(Math.rint(500_000 / early));
    assertThat(model.expected(model.middle()))
        .isEqualTo(Math.rint(500_000 / share) * 0.4 * 1.1 * 1.3, within(1e-3));
    assertThat(model.expected(new DemandModel.Middle(new TreeMap<>(Map.of("pass", 1.0)), 2)))
        .isEqualTo(Math.rint(500_000 / early) * 0.4 * 1.1 * 2, within(1e-3));
    assertThat(model.with("pass", twice).expected(model.middle()))
        .isEqualTo(2 * model.expected(model.middle()), within(1e-3));
    assertThat(model.products()).containsEntry("pass", PASS);
  }

  @Test
  void salesGrowTowardsTheEventButNeverBeyondCapacityNorBelowWhatIsSold() {
    Quantiles bounded = sales(model("p99", new Quantity.Exact(1), PASS, 600_000));
    Quantiles oversold = sales(model("p99", new Quantity.Exact(1), PASS, 950_000));

    assertThat(bounded.p50()).isGreaterThan(600_000);
    assertThat(bounded.p99()).isLessThanOrEqualTo(900_000);
    assertThat(oversold).isEqualTo(new Quantiles(950_000, 950_000, 950_000));
  }

  @Test
  void theTierIsScaledAndTheEventIsNot() {
    DemandForecast full = uncertain("p99").forecast(7, 1000, 1);
    DemandForecast small = uncertain("p99").forecast(7, 1000, 0.001);

    assertThat(small.planned()).isEqualTo(full.planned());
    assertThat(small.connections()).isEqualTo(full.connections());
  }

  @Test
  void drawnSharesHaveTheMeanThatTheyAreNamedBy() {
    RandomDataGenerator random = new RandomDataGenerator(5);
    double sum = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      sum += Draws.one(Quantity.share(0.92, 40), random);
    }

    assertThat(sum / DRAWS).isEqualTo(0.92, within(0.002));
  }

  @ParameterizedTest
  @CsvSource({"0.15,0.4", "0.9,0.05", "1.15,0.1", "1.3,0.1", "9,0.5"})
  void drawnFactorsHaveTheMeanAndSpreadThatTheyAreNamedByAlsoBelowOne(double mean, double cv) {
    RandomDataGenerator random = new RandomDataGenerator(5);
    double sum = 0;
    double squares = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double value = Draws.one(Quantity.factor(mean, cv), random);
      sum += value;
      squares += value * value;
    }
    double drawn = sum / DRAWS;

    assertThat(drawn / mean).isEqualTo(1, within(0.01));
    assertThat(Math.sqrt(squares / DRAWS - drawn * drawn) / drawn / cv).isEqualTo(1, within(0.03));
  }

  @Test
  void aShareOfNoneOrAllIsAPoint() {
    assertThat(Quantity.share(0, 40)).isEqualTo(new Quantity.Exact(0));
    assertThat(Quantity.share(1, 40)).isEqualTo(new Quantity.Exact(1));
  }

  private static Quantiles sales(DemandModel model) {
    return model.forecast(7, 1000, 1).products().getFirst().finalSales();
  }

  private static DemandModel uncertain(String confidence) {
    return model(confidence, Quantity.factor(1.3, 0.1), PASS, 500_000);
  }

  private static EventSpec.Product product(
      Optional<Long> capacity, Quantity show, Quantity connections) {
    return new EventSpec.Product(EventSpec.Admission.STREAM, capacity, show, connections);
  }

  private static DemandModel model(
      String confidence, Quantity uninvited, EventSpec.Product product, long sold) {
    return new DemandModel(
        new EventSpec.Event(
            new EventName("cup-final"), START, START.plusSeconds(7200), "match", ZoneOffset.UTC),
        new EventSpec.Demand(
            uninvited, confidence, Duration.ofSeconds(180), 1.8, Optional.of(25_000L), ARRIVALS),
        new TreeMap<>(Map.of("pass", product)),
        new TreeMap<>(Map.of("pass", new TreeMap<>(Map.of(FIRST_SALE, sold)))),
        PickUp.PRIOR,
        Optional.empty(),
        START.minus(Duration.ofHours(72)));
  }
}
