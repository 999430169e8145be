package dev.spike.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.node.config.FleetSecret.Grant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetSecretTest {
  private final FleetSecret secret = new FleetSecret("a secret of this test only");
  private final Grant grant = new Grant("anna", List.of("chat/*", "news"));

  @Test
  void aTokenGrantsWhatItWasIssuedFor() {
    assertThat(secret.verify(secret.issue(grant, 1000), 999)).contains(grant);
    assertThat(grant.mayPublish("chat/1")).isTrue();
    assertThat(grant.mayPublish("news")).isTrue();
    assertThat(grant.mayPublish("newsroom")).isFalse();
  }

  @Test
  void aTokenThatEndedOrIsForgedGrantsNothing() {
    assertThat(secret.verify(secret.issue(grant, 1000), 1000)).isEmpty();
    String foreign = new FleetSecret("another secret altogether").issue(grant, 1000);
    assertThat(secret.verify(foreign, 1)).isEmpty();
    assertThat(secret.verify("not a token", 1)).isEmpty();
  }
}
