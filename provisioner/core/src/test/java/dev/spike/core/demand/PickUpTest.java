package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.sales.PastEvent;
import dev.spike.core.sales.SalesHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PickUpTest {
  private static final Instant THEN = Instant.parse("2026-05-30T19:00:00Z");
  private static final Duration TWO_DAYS = Duration.ofHours(48);

  /** In points of the curve: 48 h are the seventh, at which the prior's middle is 0.75. */
  private static final int AT_48 = 6;

  @Test
  void withoutPastEventsThePriorHolds() {
    assertThat(PickUp.learned(List.of())).isEqualTo(PickUp.PRIOR);
    assertThat(PickUp.PRIOR.pastEvents()).isEmpty();
    assertThat(PickUp.PRIOR.of("any")).isSameAs(PickUp.PRIOR.pooled());
  }

  @Test
  void thePriorsSpreadIsThatOfThirtyObservationsByTheDeltaMethod() {
    PickUpCurve prior = PickUp.PRIOR.pooled();

    assertThat(prior.spread().get(AT_48)).isEqualTo(1 / Math.sqrt(0.75 * 0.25 * 31), within(1e-12));
    assertThat(prior.spread().getLast()).isZero();
    assertThat(prior.share()).isSorted();
    assertThat(prior.hoursLeft()).isSortedAccordingTo(java.util.Comparator.reverseOrder());
  }

  @Test
  void onePastEventMovesTheMiddleHalfTheWayInLogits() {
    PickUp learned = PickUp.learned(List.of(past("one", 600, 400)));
    double middle = (logit(0.75) + logit(0.6)) / 2;

    assertThat(learned.pastEvents()).containsExactly("one");
    assertThat(learned.pooled().share().get(AT_48)).isEqualTo(logistic(middle), within(1e-12));
    assertThat(learned.pooled().expected(TWO_DAYS)).isEqualTo(logistic(middle), within(1e-9));
  }

  @Test
  void manyPastEventsOutweighThePriorAndTheirSpreadIsTheCurves() {
    List<PastEvent> events =
        java.util.stream.IntStream.range(0, 200)
            .mapToObj(index -> past("e" + index, index % 2 == 0 ? 500 : 700, 0))
            .map(event -> withLast(event, index(event) % 2 == 0 ? 500 : 300))
            .toList();
    PickUpCurve curve = PickUp.learned(events).pooled();
    double half = (logit(0.7) - logit(0.5)) / 2;

    assertThat(curve.share().get(AT_48)).isEqualTo(logistic(logit(0.5) + half), within(0.005));
    assertThat(curve.spread().get(AT_48)).isEqualTo(half / Math.sqrt(2), within(0.01));
  }

  @Test
  void theBlendIsTheConjugateOneOfANormal() {
    PickUpLearning.Blend none = PickUpLearning.Blend.of(1, 0.4, List.of());
    PickUpLearning.Blend three = PickUpLearning.Blend.of(1, 0.4, List.of(3.0, 4.0, 8.0));

    assertThat(none).isEqualTo(new PickUpLearning.Blend(1, 0.4));
    assertThat(three.mean()).isEqualTo(4, within(1e-12));
    // (2 x 0.16 + squares 14 + 1 x 3 / 4 x (5 - 1)^2) / 5, then (1 + 1/4) / 2 for the next event.
    assertThat(three.deviation())
        .isEqualTo(Math.sqrt((0.32 + 14 + 12) / 5 * 1.25 / 2), within(1e-12));
  }

  @Test
  void aProductThatPastEventsHadIsLearnedOnTopOfAllTogether() {
    PastEvent event = past("one", counted("seat", 900, 100), counted("pass", 300, 700));
    PickUp learned = PickUp.learned(List.of(event));
    double pooled = (logit(0.75) + logit(0.6)) / 2;

    assertThat(learned.byProduct()).containsOnlyKeys("pass", "seat");
    assertThat(learned.of("seat").share().get(AT_48))
        .isEqualTo(logistic((pooled + logit(0.9)) / 2), within(1e-9));
    assertThat(learned.of("pass").share().get(AT_48))
        .isEqualTo(logistic((pooled + logit(0.3)) / 2), within(1e-9));
    assertThat(learned.of("other").share().get(AT_48)).isEqualTo(logistic(pooled), within(1e-9));
  }

  @Test
  void fewerThanAHundredTicketsSayNothing() {
    assertThat(PickUp.learned(List.of(past("small", 50, 49)))).isEqualTo(PickUp.PRIOR);
    assertThat(PickUp.learned(List.of(past("enough", 50, 50))).pastEvents())
        .containsExactly("enough");
    PickUp mixed =
        PickUp.learned(List.of(past("one", counted("seat", 98, 1), counted("pass", 500, 500))));
    assertThat(mixed.byProduct()).containsOnlyKeys("pass");
  }

  @Test
  void salesAtTheDoorAreNotFinalSales() {
    SalesHistory.Counter sales = counted("pass", 600, 400);
    sales.add("pass", THEN.getEpochSecond() / 60, 5000);

    assertThat(PickUp.learned(List.of(past("one", sales))))
        .isEqualTo(PickUp.learned(List.of(past("one", 600, 400))));
  }

  @Test
  void whereASaleHadNotBegunThePriorHoldsAndTheCourseStillRises() {
    SalesHistory.Counter late = new SalesHistory.Counter();
    late.add("pass", minute(Duration.ofHours(30)), 400);
    late.add("pass", minute(Duration.ofHours(1)), 600);
    PickUpCurve curve = PickUp.learned(List.of(past("late", late))).pooled();
    PickUpCurve prior = PickUp.PRIOR.pooled();

    // At 72 and 48 hours the prior is above what is learned of 24, and no later share is smaller.
    assertThat(curve.share().subList(0, AT_48 - 1)).isEqualTo(prior.share().subList(0, AT_48 - 1));
    assertThat(curve.spread().subList(0, AT_48 + 1))
        .isEqualTo(prior.spread().subList(0, AT_48 + 1));
    assertThat(curve.share()).isSorted();
    double learned = logistic((logit(0.84) + logit(0.4)) / 2);
    assertThat(curve.share().get(AT_48)).isEqualTo(learned, within(1e-9));
    assertThat(curve.share().get(AT_48 + 1)).isEqualTo(learned, within(1e-9));
  }

  @Test
  void aShareOfNearlyNoneOrAllIsTakenForAThousandth() {
    SalesHistory.Counter sales = new SalesHistory.Counter();
    sales.add("pass", minute(Duration.ofHours(3000)), 1);
    sales.add("pass", minute(Duration.ofHours(49)), 999_999);
    PickUpCurve curve = PickUp.learned(List.of(past("one", sales))).pooled();

    assertThat(curve.share().getFirst())
        .isEqualTo(logistic((logit(0.2) + logit(0.001)) / 2), within(1e-9));
    assertThat(curve.share().get(AT_48))
        .isEqualTo(logistic((logit(0.75) + logit(0.999)) / 2), within(1e-9));
    assertThat(curve.share().getLast()).isEqualTo(0.999, within(1e-9));
  }

  @Test
  void aCurveIsStraightInTheLogarithmOfTheTimeLeft() {
    PickUpCurve curve =
        new PickUpCurve(List.of(100.0, 10.0, 1.0), List.of(0.2, 0.5, 0.9), List.of(0.4, 0.2, 0.0));

    assertThat(curve.expected(Duration.ofHours(100))).isEqualTo(0.2);
    assertThat(curve.expected(Duration.ofHours(5000))).isEqualTo(0.2);
    assertThat(curve.expected(Duration.ofHours(10))).isEqualTo(0.5, within(1e-12));
    assertThat(curve.expected(Duration.ofSeconds(Math.round(3600 * Math.sqrt(1000)))))
        .isEqualTo(0.35, within(1e-6));
    assertThat(curve.expected(Duration.ofSeconds(Math.round(3600 * Math.sqrt(10)))))
        .isEqualTo(0.7, within(1e-5));
    assertThat(curve.expected(Duration.ofHours(1))).isEqualTo(0.9, within(1e-12));
    assertThat(curve.expected(Duration.ofMinutes(59))).isEqualTo(1);
    assertThat(curve.expected(Duration.ZERO)).isEqualTo(1);
  }

  @Test
  void deviationsAreOfTheLogitAndNeverLeaveLessThanAFiftieth() {
    PickUpCurve curve = new PickUpCurve(List.of(100.0, 1.0), List.of(0.2, 0.9), List.of(0.4, 0.1));

    assertThat(curve.at(Duration.ofHours(100), 2))
        .isEqualTo(logistic(logit(0.2) + 0.8), within(1e-12));
    assertThat(curve.at(Duration.ofHours(100), -2))
        .isEqualTo(logistic(logit(0.2) - 0.8), within(1e-12));
    assertThat(curve.at(Duration.ofHours(100), -9)).isEqualTo(0.02);
    assertThat(curve.at(Duration.ofMinutes(30), -2)).isEqualTo(1);
    assertThat(curve.at(Duration.ofHours(10), 1))
        .isEqualTo(logistic(logit(0.55) + 0.25), within(1e-9));
  }

  @Test
  void aCurveHasAShareAndASpreadPerPoint() {
    List<Double> one = List.of(1.0);
    List<Double> two = List.of(2.0, 1.0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PickUpCurve(List.of(), List.of(), List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> new PickUpCurve(two, one, two));
    assertThatIllegalArgumentException().isThrownBy(() -> new PickUpCurve(two, two, one));
  }

  private static int index(PastEvent event) {
    return Integer.parseInt(event.name().substring(1));
  }

  private static PastEvent withLast(PastEvent event, int last) {
    int first = (int) event.sales().sold("pass");
    return past(event.name(), counted("pass", first, last));
  }

  /** Sold by 49 hours before, and in the last two hours. */
  private static PastEvent past(String name, int early, int late) {
    return past(name, counted("pass", early, late));
  }

  private static PastEvent past(String name, SalesHistory.Counter... counters) {
    SalesHistory.Counter all = new SalesHistory.Counter();
    for (SalesHistory.Counter counter : counters) {
      counter
          .history()
          .byProduct()
          .forEach(
              (product, minutes) ->
                  minutes.forEach((minute, count) -> all.add(product, minute, count)));
    }
    return new PastEvent(name, THEN, all.history());
  }

  private static SalesHistory.Counter counted(String product, int early, int late) {
    SalesHistory.Counter sales = new SalesHistory.Counter();
    sales.add(product, minute(Duration.ofHours(49)), early);
    if (late > 0) {
      sales.add(product, minute(Duration.ofHours(1)), late);
    }
    return sales;
  }

  private static long minute(Duration before) {
    return THEN.minus(before).getEpochSecond() / 60;
  }

  private static double logit(double share) {
    return Math.log(share / (1 - share));
  }

  private static double logistic(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}
