package dev.spike.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.catalog.MeasuredNode;
import dev.spike.core.catalog.NodeProfile;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProfileReaderTest {
  private static final Instant AS_OF = Instant.parse("2027-05-01T00:00:00Z");
  private static final String GOOD =
      """
      {
        "schema": "spike.profile/v1",
        "machine": {"instanceType": "c8gn.4xlarge", "kernel": "6.12", "vcpus": 16},
        "measuredAt": "2027-04-01T10:00:00Z",
        "spikeVersion": "0.1.0",
        "figures": {
          "fullHandshakesPerSecond": {"value": 15500, "unit": "1/s", "samples": 12, "method": "load generator"},
          "trackedConnections": {"value": 900000, "unit": "connections", "samples": 3, "method": "ENA statistics"}
        }
      }
      """;

  @Test
  void whatWasMeasuredTakesThePlaceOfTheCataloguesFiguresAndOfNoOthers() throws Exception {
    MeasuredNode measured = read(GOOD);

    NodeProfile node = Catalog.shipped("aws").with(measured).profile("c8gn.4xlarge").orElseThrow();

    assertThat(node.value(Figure.FULL_HANDSHAKES_PER_SECOND)).isEqualTo(15_500);
    assertThat(node.origin(Figure.FULL_HANDSHAKES_PER_SECOND)).isEqualTo(FigureOrigin.MEASURED);
    assertThat(node.value(Figure.TRACKED_CONNECTIONS)).isEqualTo(900_000);
    assertThat(node.origin(Figure.PACKETS_PER_SECOND)).isEqualTo(FigureOrigin.ESTIMATE);
    assertThat(Catalog.shipped("aws").with(measured).profile("c7gn.4xlarge"))
        .isEqualTo(Catalog.shipped("aws").profile("c7gn.4xlarge"));
    assertThat(measured.digest()).isEqualTo("sha256:00");
    assertThat(measured.measuredAt()).isEqualTo(Instant.parse("2027-04-01T10:00:00Z"));
  }

  @Test
  void allMistakesAreSaidAtOnceWithTheirLines() {
    String bad =
        GOOD.replace("15500", "-1")
            .replace("trackedConnections", "trackedConections")
            .replace("\"samples\": 12", "\"samples\": 0")
            .replace("2027-04-01T10", "2027-06-01T10")
            .replace("\"unit\": \"1/s\"", "\"unit\": \"1/min\"");

    SpecException refused = catchThrowableOfType(SpecException.class, () -> read(bad));

    assertThat(refused.problems()).hasSize(5);
    assertThat(refused)
        .hasMessageContaining("profile.json has 5 mistakes")
        .hasMessageContaining("line 4: measuredAt is 2027-06-01T10:00:00Z, which is after")
        .hasMessageContaining("line 7: figures.fullHandshakesPerSecond.value is -1")
        .hasMessageContaining("did you mean 'trackedConnections'?")
        .hasMessageContaining("it must be 1/s");
  }

  @Test
  void whatIsNoProfileIsRefusedAsAWhole() {
    assertThat(catchThrowableOfType(SpecException.class, () -> read("")))
        .hasMessageContaining("empty");
    assertThat(catchThrowableOfType(SpecException.class, () -> read("[1]")).problems())
        .isNotEmpty();
    assertThat(
            catchThrowableOfType(
                SpecException.class, () -> read(GOOD.replace("spike.profile/v1", "v2"))))
        .hasMessageContaining("it must be spike.profile/v1");
    assertThat(
            catchThrowableOfType(
                SpecException.class, () -> read(GOOD.replace("04-01T10", "04-31T10"))))
        .hasMessageContaining("measuredAt is no time");
  }

  @Test
  void everyFigureIsInTheSchemaAndTheDocumentedSchemaIsTheShippedOne() throws Exception {
    String shipped;
    try (InputStream in = ProfileReader.class.getResourceAsStream(ProfileReader.RESOURCE)) {
      shipped = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (Figure figure : Figure.values()) {
      assertThat(shipped).contains("\"" + figure.key() + "\"");
    }
    assertThat(Files.readString(Path.of("../../docs/schemas/profile.schema.json")))
        .isEqualTo(shipped);
  }

  private static MeasuredNode read(String text) throws SpecException {
    return ProfileReader.read(
        "profile.json", text.getBytes(StandardCharsets.UTF_8), "sha256:00", AS_OF);
  }
}
