package dev.spike.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.local.linux.EventProcess;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SightTest {
  private static final String PART = "balancer/health";

  /** A look must not take the tool that a process just runs for a second such process. */
  @Test
  void whatAProcessOfAPartStartsIsNoSecondOne() throws Exception {
    Process parent = new ProcessBuilder("sh", "-c", "sleep 60 & echo; wait").start();
    try {
      assertThat(parent.getInputStream().read()).isEqualTo('\n');
      List<EventProcess> both =
          Stream.concat(Stream.of(parent.toHandle()), parent.descendants())
              .map(SightTest::ofThePart)
              .toList();
      assertThat(both).hasSize(2);

      assertThat(new Sight(new TreeMap<>(), both).of(PART))
          .extracting(EventProcess::pid)
          .containsExactly(parent.pid());
    } finally {
      parent.descendants().forEach(ProcessHandle::destroyForcibly);
      parent.destroyForcibly().waitFor();
    }
  }

  private static EventProcess ofThePart(ProcessHandle handle) {
    return new EventProcess(handle, Map.of(Launch.PART, PART), "", 0);
  }
}
