package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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

  /** Balancers and caches refuse a comma in a tag. */
  @Test
  void listsInTagsHaveNoCommaAndComeBackWhole() throws Exception {
    SortedMap<String, String> tags =
        EventTags.of(
            new Tags(LONG, Instant.EPOCH, ""),
            new ResourceId("balancer/1"),
            AwsSettings.of(Map.of("region", "us-east-1")),
            Map.of("zones", "a,b,c"));
    assertThat(tags.get("spike:attribute:zones")).isEqualTo("a b c");
    assertThat(EventTags.attributes(tags)).containsExactly(Map.entry("zones", "a,b,c"));
  }

  /** The parameters are of a version of an engine: a cache of another is refused. */
  @Test
  void aCacheRunsTheEngineThatItsParametersAreOf() {
    assertThat(CacheGroupsPart.Engine.of(CacheGroupsPart.FAMILY))
        .isEqualTo(new CacheGroupsPart.Engine("valkey", Optional.of("8.0")));
    assertThat(CacheGroupsPart.Engine.of("redis7").name()).isEqualTo("redis");
    assertThat(CacheGroupsPart.Engine.of("redis6.x").name()).isEqualTo("redis");
    assertThat(CacheGroupsPart.Engine.of("valkey9"))
        .isEqualTo(new CacheGroupsPart.Engine("valkey", Optional.empty()));
  }
}
