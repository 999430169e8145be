package dev.spike.core.demand.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoreTest {
  private static final MinuteQuantiles FORECAST = new MinuteQuantiles(100, 200, 300);

  @Test
  void aCountAboveAQuantileLosesItsProbabilityTimesTheDistance() {
    Score score = score(400);

    assertThat(score.p50()).isEqualTo(new Score.Fit(0, 0.5 * 300));
    assertThat(score.p90()).isEqualTo(new Score.Fit(0, 0.9 * 200));
    assertThat(score.p99()).isEqualTo(new Score.Fit(0, 0.99 * 100));
    assertThat(score.pinball()).isEqualTo((150 + 180 + 99) / 3.0);
    assertThat(score(400, 200).p50().pinball()).isEqualTo((150 + 50) / 2.0);
  }

  @Test
  void aCountBelowAQuantileLosesTheRestOfItsProbabilityTimesTheDistance() {
    Score score = score(50);

    assertThat(score.p50()).isEqualTo(new Score.Fit(1, 0.5 * 50));
    assertThat(score.p90().pinball()).isEqualTo(0.1 * 150, within(1e-9));
    assertThat(score.p99().pinball()).isEqualTo(0.01 * 250, within(1e-9));
  }

  @Test
  void aCountAtAQuantileIsCoveredAndLosesNothing() {
    assertThat(score(200).p90()).isEqualTo(new Score.Fit(1, 0));
  }

  @Test
  void coverageIsTheShareOfMinutesAndTheWorstOfThreeIsSaid() {
    Score score = score(50, 150, 250, 400);

    assertThat(score.minutes()).isEqualTo(4);
    assertThat(score.p50().covered()).isEqualTo(0.25);
    assertThat(score.p90().covered()).isEqualTo(0.5);
    assertThat(score.p99().covered()).isEqualTo(0.75);
    assertThat(score.missed()).isEqualTo(0.4, within(1e-9));
    assertThat(score(50, 50, 50, 50).missed()).isEqualTo(0.5, within(1e-9));
    assertThat(score(150, 50, 150, 310, 50, 50).missed()).isEqualTo(0.99 - 5 / 6.0, within(1e-9));
  }

  @Test
  void talliesAddUp() {
    Score.Tally all = tally(50, 150);
    all.addAll(tally(250, 400));

    assertThat(all.score()).isEqualTo(score(50, 150, 250, 400));
    assertThat(all.minutes()).isEqualTo(4);
    assertThat(new Score.Tally().score().p50().covered()).isNaN();
    assertThat(new Score.Tally().score().p50().pinball()).isNaN();
  }

  @Test
  void aPointIsAllThreeQuantilesAndQuantilesMustRise() {
    assertThat(MinuteQuantiles.point(7)).isEqualTo(new MinuteQuantiles(7, 7, 7));
    assertThatIllegalArgumentException().isThrownBy(() -> new MinuteQuantiles(2, 1, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> new MinuteQuantiles(1, 3, 2));
  }

  private static Score score(double... counts) {
    return tally(counts).score();
  }

  private static Score.Tally tally(double... counts) {
    Score.Tally tally = new Score.Tally();
    for (double count : counts) {
      tally.add(count, FORECAST);
    }
    return tally;
  }
}
