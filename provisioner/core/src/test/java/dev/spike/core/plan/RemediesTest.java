package dev.spike.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.capacity.Load;
import org.junit.jupiter.api.Test;

class RemediesTest {
  /** A million in 180 s, back within 30 s, with 20 messages a second. */
  private static final Load LOAD =
      new Load(
          1_000_000,
          180 / (2 * Math.log(9)),
          new Load.Patience(30, 10, 1),
          new Load.Traffic(25, 20, 512, 2, 1, 25));

  @Test
  void ofEachValueTheNearestThatSufficesIsSaidAsTheEventFileWritesIt() {
    assertThat(Remedies.of(LOAD, load -> load.messagesPerSecond() <= 7))
        .containsExactly("service.messages.ratePerSecond: 7");
    assertThat(Remedies.of(LOAD, load -> load.traffic().acknowledgeSeconds() >= 100))
        .containsExactly("clients.acknowledgeEvery: 100s");
    assertThat(Remedies.of(LOAD, load -> load.jitterSeconds() >= 55))
        .containsExactly("clients.reconnectJitter: 60s");
    assertThat(Remedies.of(LOAD, load -> load.jitterSeconds() <= 20))
        .containsExactly("clients.reconnectJitter: 18s");
    assertThat(Remedies.of(LOAD, load -> load.tauSeconds() >= 80))
        .containsExactly("demand.arrivals.within: 360s");
    assertThat(Remedies.of(LOAD, load -> load.connections() <= 500_000))
        .containsExactly("at most 500,000 connections");
    assertThat(Remedies.of(LOAD, load -> load.traffic().skipMissed()))
        .containsExactly(
            "service.messages.skipMissed: true (who comes back goes on with the next message)");
  }

  @Test
  void nothingIsSaidOfWhatWouldNotDo() {
    assertThat(Remedies.of(LOAD, load -> false)).isEmpty();
    assertThat(Remedies.of(LOAD, load -> load.jitterSeconds() > 3600)).isEmpty();
    assertThat(Remedies.of(LOAD, load -> load.jitterSeconds() < 1)).isEmpty();
    assertThat(Remedies.of(LOAD.withConnections(0), load -> load.connections() > 0)).isEmpty();
  }
}
