package dev.spike.local.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinksTest {
  private static final String INTERRUPTED =
      "Dump was interrupted and may be inconsistent.\n[{\"ifname\":\"lo\"}]\n";

  @Test
  void aListThatChangedWhileItWasGivenOutIsAskedForAgain() throws Exception {
    Deque<String> answers =
        new ArrayDeque<>(List.of(INTERRUPTED, INTERRUPTED, "[{\"ifname\":\"eth0\"}]"));

    assertThat(Links.dumped(answers::remove).path(0).path("ifname").asText()).isEqualTo("eth0");
    assertThat(answers).isEmpty();
  }

  @Test
  void ofAListThatNeverStandsStillNothingIsRead() {
    assertThat(catchThrowable(() -> Links.dumped(() -> INTERRUPTED)))
        .hasMessageContaining("changed during each of 50 looks");
  }

  @Test
  void nothingToListIsAnEmptyList() throws Exception {
    assertThat(Links.dumped(() -> "\n")).isEmpty();
  }
}
