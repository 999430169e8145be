package dev.spike.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spike.core.catalog.PriceList;
import dev.spike.core.catalog.RegionPrices;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PricesFileTest {
  private static final Instant AS_OF = Instant.parse("2027-05-27T00:30:00Z");
  private static final RegionPrices PRICES =
      new RegionPrices(
          "aws",
          "eu-west-1",
          "cache.r7g.xlarge",
          new PriceList(
              "2027-05-27",
              "USD",
              Map.of("c8gn.4xlarge", 1.0618, "c8g.2xlarge", 0.1 + 0.2),
              0.49,
              0.02520000001,
              0.0068,
              0.09));

  @Test
  void whatIsWrittenIsReadAgainToTheLastDigit() throws Exception {
    assertThat(PricesFile.read("prices.json", PricesFile.bytes(PRICES), AS_OF)).isEqualTo(PRICES);
  }

  @Test
  void allMistakesAreSaidAtOnceWithTheirLines() {
    String text =
        text()
            .replace("\"date\" : \"2027-05-27\"", "\"date\" : \"27.05.2027\"")
            .replace("\"balancerHour\" : 0.02520000001", "\"balancerHour\" : 0")
            .replace("\"cacheNodeHour\"", "\"cacheNodeHuor\"");

    SpecException refused = catchThrowableOfType(SpecException.class, () -> read(text));

    assertThat(refused.problems()).hasSize(4);
    assertThat(refused)
        .hasMessageContaining("a day such as 2027-04-01")
        .hasMessageContaining("a price above 0")
        .hasMessageContaining("did you mean 'cacheNodeHour'?");
  }

  @Test
  void pricesOfTomorrowAndDaysThatAreNoneAreRefused() {
    assertThat(
            catchThrowableOfType(
                SpecException.class, () -> read(text().replace("2027-05-27", "2027-05-28"))))
        .hasMessageContaining("line 5: date is 2027-05-28, which is after the plan's instant");
    assertThat(
            catchThrowableOfType(
                SpecException.class, () -> read(text().replace("2027-05-27", "2027-02-30"))))
        .hasMessageContaining("is no day");
    assertThat(catchThrowableOfType(SpecException.class, () -> read("")))
        .hasMessageContaining("empty");
  }

  @Test
  void theDocumentedSchemaIsTheShippedOne() throws Exception {
    String shipped;
    try (InputStream in = PricesFile.class.getResourceAsStream(PricesFile.RESOURCE)) {
      shipped = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(Files.readString(Path.of("../../docs/schemas/prices.schema.json")))
        .isEqualTo(shipped);
  }

  private static String text() {
    return new String(PricesFile.bytes(PRICES), StandardCharsets.UTF_8);
  }

  private static RegionPrices read(String text) throws SpecException {
    return PricesFile.read("prices.json", text.getBytes(StandardCharsets.UTF_8), AS_OF);
  }
}
