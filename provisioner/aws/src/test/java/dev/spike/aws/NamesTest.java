package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import org.junit.jupiter.api.Test;

class NamesTest {
  private static final EventName LONG = new EventName("a-very-long-name-for-one-event1");

  @Test
  void aNameStaysWithinItsLimitAndTellsEventsAndResourcesApart() {
    String one = Names.of(LONG, new ResourceId("balancer/1"), Names.BALANCER_CHARS_MAX);
    String two = Names.of(LONG, new ResourceId("balancer/2"), Names.BALANCER_CHARS_MAX);

    assertThat(one).hasSizeLessThanOrEqualTo(32).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    assertThat(two).isNotEqualTo(one);
    assertThat(Names.of(LONG, new ResourceId("balancer/1"), 32)).isEqualTo(one);
  }

  @Test
  void aNameThatIsCutAtAHyphenHasNoTwoInARow() {
    String name = Names.of(new EventName("cup-"), new ResourceId("cache"), 40);

    assertThat(name).doesNotContain("--").startsWith("spike-cup-cache-");
  }

  @Test
  void aTokenIsTheSameForTheSameWordsOnly() {
    assertThat(Names.token("event", "node-fleet/a", "1"))
        .isEqualTo(Names.token("event", "node-fleet/a", "1"))
        .isNotEqualTo(Names.token("event", "node-fleet/a", "2"))
        .hasSizeLessThanOrEqualTo(64);
  }
}
