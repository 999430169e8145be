package dev.spike.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Java mirror of {@code spike_router.h} and the header say the same. */
class RouterLayoutTest {
  private static final Path HEADER = Path.of("../bpf/spike_router.h");

  @Test
  void constantsAgree() throws IOException {
    Map<String, Integer> defined = new LinkedHashMap<>();
    Matcher matcher =
        Pattern.compile("^#define SPIKE_(\\w+) (\\d+)", Pattern.MULTILINE)
            .matcher(Files.readString(HEADER));
    while (matcher.find()) {
      defined.put(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }
    Map<String, Integer> mirrored = new LinkedHashMap<>();
    mirrored.put("LAYOUT", RouterLayout.LAYOUT);
    mirrored.put("PORT_FORWARD", RouterLayout.PORT_FORWARD);
    mirrored.put("PORT_REPLY", RouterLayout.PORT_REPLY);
    mirrored.put("TUNNEL_BYTES", RouterLayout.TUNNEL_BYTES);
    mirrored.put("ROWS", MaglevTable.ROWS);
    mirrored.put("NODES", RouterLayout.NODES);
    mirrored.put("PINS", RouterLayout.PINS);
    mirrored.put("COUNTER_SLOTS", RouterLayout.COUNTER_SLOTS);
    mirrored.put("AGENT_OFF", RouterLayout.AGENT_OFF);
    mirrored.put("LOAD_HEARTBEAT", LoadWords.HEARTBEAT_NANOS);
    mirrored.put("LOAD_HANDSHAKES", LoadWords.HANDSHAKES_PENDING);
    mirrored.put("LOAD_CONNECTIONS", LoadWords.CONNECTIONS);
    mirrored.put("LOAD_ACCEPT_QUEUE", LoadWords.ACCEPT_QUEUE);
    mirrored.put("LOAD_DRAINING", LoadWords.DRAINING);
    mirrored.put("LOAD_WORDS", LoadWords.WORDS);
    mirrored.put("AGENT_HEARTBEAT", RouterLayout.AGENT_HEARTBEAT);
    mirrored.put("MODE_LADDER", RouterLayout.MODE_LADDER);
    mirrored.put("MODE_FORWARD_ALL", RouterLayout.MODE_FORWARD_ALL);
    mirrored.put("FLAG_DRAINING", RouterLayout.FLAG_DRAINING);
    mirrored.put("FLAG_GATEWAY_KNOWN", RouterLayout.FLAG_GATEWAY_KNOWN);
    mirrored.put("PEER_ALIVE", RouterLayout.PEER_ALIVE);
    mirrored.put("PEER_REACHABLE", RouterLayout.PEER_REACHABLE);
    mirrored.put("PIN_CLOSED", RouterLayout.PIN_CLOSED);
    assertThat(defined).containsAllEntriesOf(mirrored);
  }

  @Test
  void countersAgreeAndNoNumberIsUsedTwice() throws IOException {
    Map<Integer, String> defined = new LinkedHashMap<>();
    Matcher matcher =
        Pattern.compile("X\\((\\d+), (\\w+), \"([a-z-]+)\"\\)").matcher(Files.readString(HEADER));
    while (matcher.find()) {
      String before =
          defined.put(
              Integer.parseInt(matcher.group(1)), matcher.group(2) + " " + matcher.group(3));
      assertThat(before).isNull();
    }
    Map<Integer, String> mirrored = new LinkedHashMap<>();
    for (RouterCounter counter : RouterCounter.values()) {
      mirrored.put(counter.number(), counter.name() + " " + counter.label());
    }
    assertThat(mirrored).isEqualTo(defined);
    assertThat(mirrored.keySet()).allMatch(number -> number < RouterLayout.COUNTER_SLOTS);
  }

  @Test
  void structuresHaveTheSizesOfTheLoadedMaps() throws IOException {
    LoadedProgram.assumeRoot();
    try (LoadedProgram program = LoadedProgram.load()) {
      assertThat(sizes(program, "config")).containsExactly(4, RouterLayout.CONFIG_BYTES, 2);
      assertThat(sizes(program, "peers"))
          .containsExactly(4, RouterLayout.PEER_BYTES, RouterLayout.NODES);
      assertThat(sizes(program, "pins"))
          .containsExactly(RouterLayout.FLOW_BYTES, RouterLayout.PIN_BYTES, RouterLayout.PINS);
      assertThat(sizes(program, "anchors"))
          .containsExactly(RouterLayout.FLOW_BYTES, RouterLayout.ANCHOR_BYTES, RouterLayout.PINS);
      assertThat(sizes(program, "state")).containsExactly(4, RouterLayout.STATE_BYTES, 1);
      assertThat(sizes(program, "load")).containsExactly(4, 8, LoadWords.WORDS);
    }
  }

  private static int[] sizes(LoadedProgram program, String map) throws NativeException {
    ByteBuffer info = Libbpf.info(program.map(map));
    return new int[] {info.getInt(8), info.getInt(12), info.getInt(16)};
  }
}
