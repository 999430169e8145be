package dev.spike.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFilesTest {
  @TempDir Path folder;
  Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("plan.json");
  }

  @Test
  void whatIsWrittenIsReadBackEqualAndWritesTheSameBytes() throws Exception {
    Plan plan = SamplePlan.sealed();
    PlanFiles.write(plan, file);

    Plan read = PlanFiles.read(file);

    assertThat(read).isEqualTo(plan);
    assertThat(PlanFiles.bytes(read)).isEqualTo(Files.readAllBytes(file));
    assertThat(Files.list(folder)).containsExactly(file);
  }

  @Test
  void theFileHoldsWhatOtherProgramsReadByName() throws Exception {
    PlanFiles.write(SamplePlan.sealed(), file);

    JsonNode tree = PlanJson.MAPPER.readTree(Files.readAllBytes(file));

    assertThat(tree.at("/schema").asText()).isEqualTo("spike.plan/v1");
    assertThat(tree.at("/digest").asText()).matches("sha256:[0-9a-f]{64}");
    assertThat(tree.at("/event/startsAt").asText()).isEqualTo("2027-05-30T19:00:00Z");
    assertThat(tree.at("/demand/connections/p99").asLong()).isEqualTo(1_240_000);
    assertThat(tree.at("/resources/1/kind").asText()).isEqualTo("node-fleet");
    assertThat(tree.at("/resources/1/stage").asText()).isEqualTo("provision");
    assertThat(tree.at("/resources/1/dependsOn/0").asText()).isEqualTo("network");
    assertThat(tree.at("/assumptions/0/origin").asText()).isEqualTo("default");
  }

  @Test
  void theHeadlineIsTheWholeStory() {
    assertThat(SamplePlan.sealed().headline())
        .isEqualTo(
            "Plan: 2 to add, 0 to change, 0 to destroy; peak 1240 connections"
                + " (p99 of 1.24 M scaled by 1/1000); 2 nodes; $4,310");
  }

  @Test
  void aPlanEditedByHandIsRefusedAndTheDigestIsNamed() throws Exception {
    PlanFiles.write(SamplePlan.sealed(), file);
    String text = Files.readString(file);
    Files.writeString(file, text.replace("\"nodes\":2", "\"nodes\":3"));

    PlanException refused = refused();

    assertThat(refused.kind()).isEqualTo(PlanException.Kind.BAD);
    assertThat(refused).hasMessageContaining("changed after it was made");
    assertThat(refused.next()).contains("spike plan EVENT.yaml -o");
  }

  @Test
  void reformattingIsNoChange() throws Exception {
    PlanFiles.write(SamplePlan.sealed(), file);
    JsonNode tree = PlanJson.MAPPER.readTree(Files.readAllBytes(file));
    Files.writeString(file, tree.toPrettyString());

    assertThat(PlanFiles.read(file)).isEqualTo(SamplePlan.sealed());
  }

  @Test
  void aPlanOfAnotherSchemaIsRefusedByName() throws Exception {
    Files.writeString(file, "{\"schema\":\"spike.plan/v9\",\"digest\":\"sha256:00\"}");

    assertThat(refused()).hasMessageContaining("'spike.plan/v9'").hasMessageContaining("v1");
    assertThat(refused().kind()).isEqualTo(PlanException.Kind.BAD);
  }

  @Test
  void aRightDigestOverMissingSectionsIsRefused() throws Exception {
    String digest =
        PlanFiles.sha256(
            "{\"schema\":\"spike.plan/v1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Files.writeString(
        file,
        String.format(Locale.ROOT, "{\"schema\":\"spike.plan/v1\",\"digest\":\"%s\"}", digest));

    assertThat(refused()).hasMessageContaining("has no `");
    assertThat(refused().next()).endsWith(file.toString());
  }

  @Test
  void aPlanOfAnotherVersionSaysWhatItLacksAndHowToGoOnWithoutIt() throws Exception {
    ObjectNode older = PlanJson.MAPPER.valueToTree(SamplePlan.sealed());
    older.remove("basis");
    assertThat(sealed(older))
        .hasMessageContaining("has no `basis`, which this spike needs; spike 0.1.0 wrote it");
    assertThat(refused().kind()).isEqualTo(PlanException.Kind.BAD);
    assertThat(refused().next())
        .contains("spike plan EVENT.yaml -o " + file)
        .contains("--as-of 2027-05-29T19:00:00Z")
        .contains("teardown --event cup-final --provider local");

    ObjectNode other = PlanJson.MAPPER.valueToTree(SamplePlan.sealed());
    ((ObjectNode) other.at("/capacity/cache")).remove("constraints");
    assertThat(sealed(other)).hasMessageContaining("has no `capacity.cache.constraints`");

    ObjectNode newer = PlanJson.MAPPER.valueToTree(SamplePlan.sealed());
    newer.put("horoscope", 7);
    assertThat(sealed(newer))
        .hasMessageContaining("holds `horoscope`, which this spike does not know");

    ObjectNode wrong = PlanJson.MAPPER.valueToTree(SamplePlan.sealed());
    ((ObjectNode) wrong.at("/capacity")).put("nodes", "many");
    assertThat(sealed(wrong)).hasMessageContaining("does not hold what a plan holds");
  }

  @Test
  void aPlanFromBeforeNodesWereToldTheirHeartbeatIsRefusedAndSaysSo() throws Exception {
    ObjectNode older = PlanJson.MAPPER.valueToTree(SamplePlan.sealed());
    ObjectNode fleet = (ObjectNode) older.at("/resources/1");
    assertThat(fleet.path("kind").asText()).isEqualTo("node-fleet");
    assertThat(fleet.remove("heartbeatMillis")).isNotNull();

    PlanException refused = sealed(older);

    assertThat(refused.kind()).isEqualTo(PlanException.Kind.BAD);
    assertThat(refused)
        .hasMessageContaining("has no `resources.heartbeatMillis`, which this spike needs");
    assertThat(refused.next())
        .contains("spike plan EVENT.yaml -o " + file)
        .contains("teardown --event cup-final --provider local");

    fleet.put("heartbeatMillis", 0);
    assertThat(sealed(older)).hasMessageContaining("heartbeatMillis is at least 100, not 0");
  }

  /** Written as spike would, with the digest that belongs to it. */
  private PlanException sealed(ObjectNode plan) throws Exception {
    plan.remove("digest");
    plan.put(
        "digest",
        PlanFiles.sha256(CanonicalJson.of(plan).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    Files.writeString(file, CanonicalJson.of(plan));
    return refused();
  }

  @Test
  void anyOtherFileIsRefusedAsNoPlan() throws Exception {
    for (String content : new String[] {"", "[]", "{", "{}", "\u0000\u0001", "{\"a\":1,\"a\":2}"}) {
      Files.writeString(file, content);
      assertThat(refused().kind()).as(content).isEqualTo(PlanException.Kind.BAD);
    }
  }

  @Test
  void aMissingFileAndAFolderAreMissing() {
    assertThat(refused().kind()).isEqualTo(PlanException.Kind.MISSING_FILE);
    file = folder;
    assertThat(refused().kind()).isEqualTo(PlanException.Kind.MISSING_FILE);
  }

  @Test
  void aPlaceThatCannotBeWrittenIsSaidAndNothingIsLeft() throws Exception {
    Path absent = folder.resolve("absent/plan.json");

    PlanException refused =
        catchThrowableOfType(
            PlanException.class, () -> PlanFiles.write(SamplePlan.sealed(), absent));

    assertThat(refused.kind()).isEqualTo(PlanException.Kind.CANNOT_WRITE);
    assertThat(Files.list(folder)).isEmpty();
  }

  private PlanException refused() {
    return catchThrowableOfType(PlanException.class, () -> PlanFiles.read(file));
  }
}
