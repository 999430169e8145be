package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenIdsTest {
  @Test
  void aMillionIdsThatDifferInADigitAreAllNewOnceAndKnownAfterwards() {
    SeenIds ids = new SeenIds();
    int again = 0;
    for (int round = 0; round < 2; round++) {
      for (int id = 0; id < 1_000_000; id++) {
        again += ids.add(SeenIds.hash("order-" + id)) ? 0 : 1;
      }
    }
    assertThat(again).isEqualTo(1_000_000);
    assertThat(ids.isFull()).isFalse();
  }

  @Test
  void idsOfAnyLengthInAnExportAreToldApartToo() {
    SeenIds ids = new SeenIds();
    int again = 0;
    for (int round = 0; round < 2; round++) {
      for (int id = 0; id < 200_000; id++) {
        again += ids.add(SeenIds.hash(new Slice().over("A" + id))) ? 0 : 1;
        again += ids.add(SeenIds.hash(new Slice().over(id + "-order-of-2027-" + id % 7))) ? 0 : 1;
      }
    }
    assertThat(again).isEqualTo(400_000);
  }

  @Test
  void moreThanAreTakenIsSaidAndKnownOnesAreStillKnown() {
    SeenIds ids = new SeenIds(2);
    assertThat(ids.add(1)).isTrue();
    assertThat(ids.add(2)).isTrue();
    assertThat(ids.add(1)).isFalse();
    assertThat(ids.isFull()).isFalse();
    assertThat(ids.add(3)).isTrue();
    assertThat(ids.isFull()).isTrue();
    assertThat(ids.add(2)).isFalse();
  }
}
