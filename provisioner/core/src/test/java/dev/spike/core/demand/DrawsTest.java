package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.spec.Quantity;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final Draws DRAWS = new Draws(3, 200_000);

  @Test
  void aShareHasTheQuantilesOfItsBeta() {
    // Beta(1, 2) has the quantile function 1 - sqrt(1 - p), Beta(3, 1) the cube root of p.
    double[] low = sorted(Quantity.share(1 / 3.0, 3));
    double[] high = sorted(Quantity.share(0.75, 4));

    for (double probability : new double[] {0.1, 0.5, 0.9}) {
      int rank = (int) (probability * low.length);
      assertThat(low[rank]).isEqualTo(1 - Math.sqrt(1 - probability), within(0.005));
      assertThat(high[rank]).isEqualTo(Math.cbrt(probability), within(0.005));
    }
  }

  @Test
  void aFactorHasTheQuantilesOfItsLognormal() {
    double[] drawn = sorted(Quantity.factor(1.3, 0.5));
    double deviation = Math.sqrt(Math.log(1.25));
    double median = 1.3 / Math.sqrt(1.25);

    assertThat(drawn[drawn.length / 2] / median).isEqualTo(1, within(0.005));
    assertThat(drawn[drawn.length / 10 * 9] / median)
        .isEqualTo(Math.exp(1.28155 * deviation), within(0.01));
  }

  @Test
  void anExactNumberIsDrawnAsItIsAndNormalNumbersAreStandard() {
    double[] normal = DRAWS.normal("any");

    assertThat(DRAWS.of("x", new Quantity.Exact(0.4))).hasSize(200_000).containsOnly(0.4);
    assertThat(Arrays.stream(normal).average().orElseThrow()).isEqualTo(0, within(0.01));
    assertThat(Arrays.stream(normal).map(value -> value * value).average().orElseThrow())
        .isEqualTo(1, within(0.01));
  }

  @Test
  void eachInputHasAStreamOfItsOwnThatTheSeedMoves() {
    Draws few = new Draws(1, 5);

    assertThat(few.normal("a")).isEqualTo(new Draws(1, 5).normal("a"));
    assertThat(few.normal("a")).isNotEqualTo(few.normal("b"));
    assertThat(few.normal("a")).isNotEqualTo(new Draws(2, 5).normal("a"));
    assertThat(new Draws(0, 5).normal("a")).isNotEqualTo(few.normal("a"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Draws(1, 0));
    assertThat(new Draws(1, 1).normal("a")).hasSize(1);
  }

  @Test
  void quantilesAreNearestRanksRoundedUp() {
    double[] hundred = IntStream.rangeClosed(1, 100).mapToDouble(value -> 101 - value).toArray();

    assertThat(Draws.quantiles(hundred)).isEqualTo(new Quantiles(50, 90, 99));
    assertThat(Draws.quantiles(new double[] {3.2})).isEqualTo(new Quantiles(4, 4, 4));
    assertThat(Draws.quantiles(new double[] {2.0000000001, 1})).isEqualTo(new Quantiles(1, 2, 2));
    assertThat(hundred[0]).isEqualTo(100);
  }

  @Test
  void aQuantileIsNamedAndQuantilesRiseFromNone() {
    Quantiles quantiles = new Quantiles(0, 0, 7);

    assertThat(quantiles.at("p50")).isZero();
    assertThat(new Quantiles(1, 2, 3).at("p90")).isEqualTo(2);
    assertThat(quantiles.at("p99")).isEqualTo(7);
    assertThatIllegalArgumentException().isThrownBy(() -> quantiles.at("p95"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Quantiles(-1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Quantiles(2, 1, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> new Quantiles(1, 3, 2));
  }

  @Test
  void numbersAreRoundedToFourDigits() {
    assertThat(Draws.rounded(1.23456)).isEqualTo(1.2346);
    assertThat(Draws.rounded(-0.00004)).isEqualTo(-0.0);
  }

  private static double[] sorted(Quantity quantity) {
    double[] drawn = DRAWS.of("x", quantity);
    Arrays.sort(drawn);
    return drawn;
  }
}
