package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ExportGeneratorTest {
  private static final Instant ON_SALE = Instant.parse("2027-03-31T19:00:00Z");
  private static final Instant START = Instant.parse("2027-05-30T19:00:00Z");
  private static final int ROWS = 200_000;

  @Test
  void theSameRequestGivesTheSameBytesAndAnotherSeedOthers() throws Exception {
    assertThat(csv(7, 5000)).isEqualTo(csv(7, 5000)).isNotEqualTo(csv(8, 5000));
  }

  @Test
  void salesHaveABurstARushAndANight() throws Exception {
    List<String[]> rows = rows();

    assertThat(share(rows, row -> at(row).isBefore(ON_SALE.plus(Duration.ofDays(1)))))
        .as("burst of the first day")
        .isBetween(0.11, 0.17);
    assertThat(share(rows, row -> at(row).isAfter(START.minus(Duration.ofHours(48)))))
        .as("rush of the last 48 hours")
        .isBetween(0.25, 0.32);
    assertThat(share(rows, row -> at(row).atOffset(ZoneOffset.UTC).getHour() == 3))
        .as("orders from 3 to 4 in the night")
        .isLessThan(0.15 * share(rows, row -> at(row).atOffset(ZoneOffset.UTC).getHour() == 20));
  }

  @Test
  void statusesSeatsProductsAndAddOnsHaveTheirShares() throws Exception {
    List<String[]> rows = rows();

    assertThat(share(rows, row -> row[4].equals("paid"))).isCloseTo(0.92, within(0.005));
    assertThat(share(rows, row -> row[4].equals("cancelled"))).isCloseTo(0.03, within(0.005));
    assertThat(share(rows, row -> row[4].equals("refunded"))).isCloseTo(0.025, within(0.005));
    assertThat(share(rows, row -> row[4].equals("pending"))).isCloseTo(0.015, within(0.005));
    assertThat(share(rows, row -> row[4].equals("expired"))).isCloseTo(0.007, within(0.003));
    assertThat(share(rows, row -> row[4].equals("test"))).isCloseTo(0.003, within(0.002));
    assertThat(share(rows, row -> row[2].equals("scarf"))).isCloseTo(0.04, within(0.005));
    assertThat(share(rows, row -> row[2].equals("seat"))).isCloseTo(0.03 * 0.96, within(0.005));
    assertThat(rows.stream().mapToInt(row -> Integer.parseInt(row[3])).average().orElse(0))
        .isCloseTo(1.66, within(0.02));
  }

  @Test
  void rowsRiseInTimeEndWhereTheExportIsTakenAndAreAsManyAsAskedFor() throws Exception {
    List<String[]> rows = rows();

    assertThat(rows).hasSize(ROWS);
    assertThat(rows).isSortedAccordingTo((one, other) -> one[1].compareTo(other[1]));
    assertThat(at(rows.getFirst())).isAfterOrEqualTo(ON_SALE);
    assertThat(at(rows.getLast())).isBeforeOrEqualTo(START);
  }

  private static Instant at(String[] row) {
    return Instant.parse(row[1]);
  }

  private static double share(List<String[]> rows, Predicate<String[]> of) {
    return (double) rows.stream().filter(of).count() / rows.size();
  }

  private static List<String[]> rows() throws Exception {
    return new String(csv(7, ROWS), StandardCharsets.UTF_8)
        .lines()
        .skip(1)
        .map(line -> line.split(","))
        .toList();
  }

  private static byte[] csv(long seed, int rows) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExportGenerator.writeCsv(
        new ExportGenerator.Request(
            seed,
            rows,
            ON_SALE,
            START,
            START,
            List.of(
                new ExportGenerator.Product("stream-pass", 0.97),
                new ExportGenerator.Product("seat", 0.03))),
        ExportGenerator.CsvStyle.PLAIN,
        out);
    return out.toByteArray();
  }
}
