package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StayTest {
  @Test
  void aLognormalStayHasTheQuantilesOfItsMeanAndSpread() {
    Stay stay = new Stay(600, 0.8, 7200, 960);
    double deviation = Math.sqrt(Math.log(1 + 0.8 * 0.8));
    double median = 600 / Math.sqrt(1 + 0.8 * 0.8);

    assertThat(stay.own(median)).isEqualTo(0.5, within(1e-12));
    assertThat(stay.own(median * Math.exp(1.2815515655446004 * deviation)))
        .isEqualTo(0.1, within(1e-9));
    assertThat(stay.own(median * Math.exp(-1.2815515655446004 * deviation)))
        .isEqualTo(0.9, within(1e-9));
  }

  @Test
  void withoutSpreadAllStayExactlyTheMeanAndWithoutMeanToTheEnd() {
    Stay exact = new Stay(600, 0, 7200, 960);

    assertThat(exact.own(599.9)).isEqualTo(1);
    assertThat(exact.own(600)).isZero();
    assertThat(new Stay(Double.POSITIVE_INFINITY, 1, 7200, 960).own(1e9)).isEqualTo(1);
    assertThat(new Stay(600, 1, 7200, 960).own(0)).isEqualTo(1);
    assertThat(new Stay(600, 1, 7200, 960).own(-5)).isEqualTo(1);
  }

  @Test
  void afterTheEndHalfAreGoneInEveryHalfTime() {
    Stay stay = new Stay(600, 1, 7200, 960);

    assertThat(stay.afterEnd(0)).isEqualTo(1);
    assertThat(stay.afterEnd(-100)).isEqualTo(1);
    assertThat(stay.afterEnd(960)).isEqualTo(0.5, within(1e-12));
    assertThat(stay.afterEnd(1920)).isEqualTo(0.25, within(1e-12));
  }

  @Test
  void aStayTakesTime() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Stay(0, 1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Stay(1, -0.1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Stay(1, 1, 1, 0));
  }
}
