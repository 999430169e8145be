package dev.spike.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.node.config.Json;
import dev.spike.node.config.ServeConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigureCommandTest {
  /** What an adapter writes; its tests compare what they write with the same file. */
  private static final Path TIER = Path.of("src/test/resources/dev/spike/node/tier.json");

  @TempDir Path folder;
  private Path tier = Path.of("");

  @BeforeEach
  void files() throws Exception {
    tier = folder.resolve("tier.json");
    Files.copy(TIER, tier);
    Files.createDirectories(folder.resolve("secrets"));
    for (String secret : new String[] {"certificate.pem", "cache", "fleet"}) {
      Files.writeString(folder.resolve("secrets").resolve(secret), "x");
    }
  }

  @Test
  void theServersFileIsOneThatTheServerReadsAndItsCacheSpeaksTls() throws Exception {
    JsonNode answer = run("a-1");

    assertThat(answer.path("router").asBoolean()).isTrue();
    ServeConfig serve = ServeConfig.read(folder.resolve("serve.json"));
    assertThat(serve.node()).isEqualTo("a-1");
    assertThat(serve.limits().connections()).isEqualTo(60_000);
    assertThat(serve.cache().tls()).isTrue();
    JsonNode router = Json.parse(Files.readAllBytes(folder.resolve("router.json")));
    assertThat(router.path("gateway").asText()).isEqualTo("10.0.1.1");
    assertThat(router.path("nodes")).hasSize(2);
  }

  @Test
  void aNodeThatIsNotListedYetGetsNoRouter() throws Exception {
    JsonNode answer = run("a-2");

    assertThat(answer.path("router").asBoolean()).isFalse();
    assertThat(folder.resolve("serve.json")).exists();
    assertThat(folder.resolve("router.json")).doesNotExist();
  }

  @Test
  void aFileThatIsAsItShouldBeIsLeftAlone() throws Exception {
    run("a-1");
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(folder.resolve("serve.json"), old);

    assertThat(run("a-1").path("written")).isEmpty();
    assertThat(Files.getLastModifiedTime(folder.resolve("serve.json"))).isEqualTo(old);
  }

  @Test
  void mistakesOfTheSharedFileAreAllNamed() throws Exception {
    Files.writeString(
        tier, Files.readString(TIER).replace("tier/v1", "tier/v9").replace("8443", "0"));

    JsonNode answer = run("a-1");

    assertThat(answer.path("error").asText()).contains("spike.tier/v1", "servicePort");
    assertThat(folder.resolve("serve.json")).doesNotExist();
  }

  private JsonNode run(String node) throws Exception {
    PrintStream stdout = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      SpikeNode.run(
          "configure",
          "--tier",
          tier.toString(),
          "--node",
          node,
          "--zone",
          "a",
          "--address",
          "10.0.1.5",
          "--gateway",
          "10.0.1.1",
          "--interface",
          "eth0",
          "--run",
          folder.toString(),
          "--to",
          folder.toString());
    } finally {
      System.setOut(stdout);
    }
    return Json.parse(bytes.toByteArray());
  }
}
