package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SalesForecastTest {
  private static final Instant START = Instant.parse("2027-05-30T19:00:00Z");
  private static final Instant AS_OF = START.minus(Duration.ofHours(100));

  /** Half is sold 100 hours before, with a logit that spreads by 0.5, and all in the last hour. */
  private static final PickUpCurve CURVE =
      new PickUpCurve(
          List.of(10_000.0, 100.0, 1.0), List.of(0.25, 0.5, 1.0), List.of(0.7, 0.5, 0.0));

  private static final PickUp PICK_UP = new PickUp(CURVE, new TreeMap<>(), List.of());

  @Test
  void finalSalesAreWhatIsSoldOverTheShareReached() {
    SalesForecast forecast = forecast(Optional.empty(), sold(600, 400));

    assertThat(forecast.sold("pass")).isEqualTo(1000);
    assertThat(forecast.sold("other")).isZero();
    assertThat(forecast.finalSales("pass", 0, 1, -1))
        .containsExactly(
            2000, Math.rint(1000 * (1 + Math.exp(-0.5))), Math.rint(1000 * (1 + Math.exp(0.5))));
  }

  @Test
  void theyAreNeverAboveTheCapacityNorBelowWhatIsSold() {
    assertThat(forecast(Optional.of(1500L), sold(600, 400)).finalSales("pass", 0, 40))
        .containsExactly(1500, 1000);
    assertThat(forecast(Optional.of(900L), sold(600, 400)).finalSales("pass", 0))
        .containsExactly(1000);
  }

  @Test
  void aProductWithItsOwnCourseFollowsIt() {
    PickUpCurve fast = new PickUpCurve(List.of(100.0, 1.0), List.of(0.8, 1.0), List.of(0.0, 0.0));
    PickUp both = new PickUp(CURVE, new TreeMap<>(Map.of("seat", fast)), List.of("last-year"));
    SortedMap<String, SortedMap<Long, Long>> sales = new TreeMap<>(sold(600, 400));
    sales.put("seat", new TreeMap<>(Map.of(minute(AS_OF) - 10, 80L)));
    SortedMap<String, EventSpec.Product> products = new TreeMap<>();
    products.put("pass", product(Optional.empty()));
    products.put("seat", product(Optional.empty()));
    SalesForecast forecast = new SalesForecast(START, AS_OF, products, sales, both);

    assertThat(forecast.finalSales("seat", 0)).containsExactly(100);
    assertThat(forecast.finalSales("pass", 0)).containsExactly(2000);
    DemandForecast.SalesPoint last = forecast.series(new double[] {0}).getLast();
    assertThat(last.at()).isEqualTo(START);
    assertThat(last.p50()).isEqualTo(2100);
  }

  @Test
  void thePastOfTheSeriesIsWhatWasCountedUpToEachOfItsInstants() {
    SortedMap<String, SortedMap<Long, Long>> sales = new TreeMap<>();
    long first = minute(AS_OF) - 590;
    sales.put("pass", new TreeMap<>(Map.of(first, 100L, first + 10, 20L, first + 25, 3L)));
    List<DemandForecast.SalesPoint> past =
        forecast(Optional.empty(), sales).series(new double[] {0}).stream()
            .filter(point -> point.sold() != null)
            .toList();

    assertThat(past).hasSize(60);
    assertThat(past.get(0))
        .isEqualTo(
            new DemandForecast.SalesPoint(
                AS_OF.minus(Duration.ofMinutes(590)), 100L, 100, 100, 100));
    assertThat(past.get(1).at()).isEqualTo(AS_OF.minus(Duration.ofMinutes(580)));
    assertThat(past.get(1).sold()).isEqualTo(120);
    assertThat(past.get(2).sold()).isEqualTo(120);
    assertThat(past.get(3).sold()).isEqualTo(123);
    assertThat(past.get(59).at()).isEqualTo(AS_OF);
    assertThat(past.get(59).sold()).isEqualTo(123);
  }

  @Test
  void theFutureOfTheSeriesIsDenserTowardsTheStartAndEndsWithFinalSales() {
    double[] deviations = {-1, 0, 1};
    SalesForecast forecast = forecast(Optional.empty(), sold(600, 400));
    List<DemandForecast.SalesPoint> future =
        forecast.series(deviations).stream().filter(point -> point.sold() == null).toList();

    assertThat(future).hasSize(59);
    assertThat(future.getFirst().at())
        .isEqualTo(START.minusSeconds(Math.round(360_000 * Math.pow(1 - 1 / 59.0, 2))));
    assertThat(future.get(57).at())
        .isEqualTo(START.minusSeconds(Math.round(360_000 * Math.pow(1 / 59.0, 2))));
    assertThat(future.getLast().at()).isEqualTo(START);
    assertThat(future.getLast().p50()).isEqualTo(2000);
    assertThat(future.getLast().p99()).isEqualTo((long) forecast.finalSales("pass", -1)[0]);
    assertThat(future).extracting(DemandForecast.SalesPoint::p50).isSorted();
  }

  @Test
  void halfWayTheSeriesIsTheRatioOfTheSharesThenAndNow() {
    SalesForecast forecast = forecast(Optional.empty(), sold(600, 400));
    DemandForecast.SalesPoint then = forecast.series(new double[] {0}).get(60 + 40);
    double share = CURVE.expected(Duration.between(then.at(), START));

    assertThat(then.p50()).isEqualTo(Math.round(1000 * share / 0.5));
  }

  @Test
  void withoutASaleTheSeriesIsThatOfNone() {
    List<DemandForecast.SalesPoint> none =
        forecast(Optional.empty(), new TreeMap<>()).series(new double[] {0});

    assertThat(none.getFirst().at()).isEqualTo(AS_OF);
    assertThat(none).allMatch(point -> point.p99() == 0);
    assertThat(none.getLast().at()).isEqualTo(START);
  }

  @Test
  void aProductWithoutASaleDoesNotMoveTheBeginningOfTheSeries() {
    SortedMap<String, SortedMap<Long, Long>> sales = new TreeMap<>(sold(600, 400));
    sales.put("gift", new TreeMap<>());

    assertThat(forecast(Optional.empty(), sales).series(new double[] {0}))
        .isEqualTo(forecast(Optional.empty(), sold(600, 400)).series(new double[] {0}));
  }

  private static long minute(Instant at) {
    return at.getEpochSecond() / 60;
  }

  private static SortedMap<String, SortedMap<Long, Long>> sold(long first, long second) {
    return new TreeMap<>(
        Map.of(
            "pass", new TreeMap<>(Map.of(minute(AS_OF) - 10, first, minute(AS_OF) - 5, second))));
  }

  private static EventSpec.Product product(Optional<Long> capacity) {
    return new EventSpec.Product(
        EventSpec.Admission.STREAM, capacity, new Quantity.Exact(1), new Quantity.Exact(1));
  }

  private static SalesForecast forecast(
      Optional<Long> capacity, SortedMap<String, SortedMap<Long, Long>> sales) {
    return new SalesForecast(
        START, AS_OF, new TreeMap<>(Map.of("pass", product(capacity))), sales, PICK_UP);
  }
}
