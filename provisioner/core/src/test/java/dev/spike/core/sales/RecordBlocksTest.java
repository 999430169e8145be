package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.SpecReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds cutting and parallel parsing to what the parser alone makes of the same text. */
class RecordBlocksTest {
  private static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");
  private static final String[] PIECES = {
    "a", "b c", "\u00fc", "\u20ac", "\ud83c\udf9f", "\"\"", "\n", "\r\n", "\r", ",", ";", "\t", "1"
  };
  private static final String[] ENDS = {"\n", "\r\n", "\r", "\n\n", "\r\n\r\n"};

  @TempDir Path folder;

  @Test
  void blocksAreWhateverTheParserCallsARecordOfAnyText() throws Exception {
    Random random = new Random(20_261_124);
    for (int round = 0; round < 400; round++) {
      char separator = ",;\t|".charAt(random.nextInt(4));
      String text = text(random, separator, 40);
      List<List<String>> expected = records(separator, text);

      List<List<String>> cut = new ArrayList<>();
      RecordBlocks blocks =
          new RecordBlocks(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
              Optional.of(separator));
      byte[] block = new byte[1024 + random.nextInt(64)];
      for (int length = blocks.next(block); length > 0; length = blocks.next(block)) {
        cut.addAll(records(separator, new String(block, 0, length, StandardCharsets.UTF_8)));
      }

      assertThat(cut).as("round %d", round).isEqualTo(expected);
    }
  }

  @Test
  void theReportIsTheParsersOwnWhateverTheThreadsAndTheSizeOfBlocks() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      char separator = ",;".charAt(random.nextInt(2));
      String text = text(random, separator, 300);
      Files.writeString(folder.resolve("t.csv"), text);
      TreeMap<String, Long> sold = new TreeMap<>();
      List<String> rejected = expected(separator, text, sold);

      for (CsvTickets.Threads threads :
          List.of(
              new CsvTickets.Threads(1, 1 << 20),
              new CsvTickets.Threads(1, 1100),
              new CsvTickets.Threads(2, 1300),
              new CsvTickets.Threads(4, 1700))) {
        SalesHistory.Counter sales = new SalesHistory.Counter();
        SourceReport report = read(sales, separator, threads);

        Map<String, Long> counted = new TreeMap<>();
        SalesHistory history = sales.history();
        history.byProduct().keySet().forEach(name -> counted.put(name, history.sold(name)));
        assertThat(counted).as("round %d of %s", round, threads).isEqualTo(sold);
        assertThat(report.rejected()).isEqualTo(rejected.size());
        assertThat(report.firstRejected())
            .isEqualTo(rejected.subList(0, Math.min(5, rejected.size())));
      }
    }
  }

  private SourceReport read(SalesHistory.Counter sales, char separator, CsvTickets.Threads threads)
      throws Exception {
    String yaml =
        """
        apiVersion: spike/v1
        event: {name: cup, startsAt: 2027-05-30T19:00:00Z}
        tickets: {sources: [{type: csv, path: t.csv}]}
        """;
    EventSpec.CsvSource source =
        (EventSpec.CsvSource)
            SpecReader.read("event.yaml", yaml.getBytes(StandardCharsets.UTF_8), null, AS_OF)
                .tickets()
                .sources()
                .getFirst();
    try (ExportFile file = ExportFile.of("t.csv", folder)) {
      return new CsvTickets(
              "t.csv",
              Optional.of(separator),
              header -> new OrderRows(source, Columns.of(source, header), AS_OF, new SeenIds()),
              sales,
              threads)
          .read("csv", file);
    }
  }

  private static List<String> expected(char separator, String text, Map<String, Long> sold) {
    List<String> rejected = new ArrayList<>();
    boolean header = true;
    for (CsvRecord row : reader(separator, text)) {
      if (header) {
        header = false;
      } else if (row.getFieldCount() != 4) {
        rejected.add(
            "line %d: number of columns differs from the header"
                .formatted(row.getStartingLineNumber()));
      } else if (row.getField(1).isBlank()) {
        rejected.add("line %d: product is empty".formatted(row.getStartingLineNumber()));
      } else {
        sold.merge(row.getField(1).strip(), 3L, Long::sum);
      }
    }
    return rejected;
  }

  private static CsvReader<CsvRecord> reader(char separator, String text) {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .ofCsvRecord(text);
  }

  private static List<List<String>> records(char separator, String text) {
    List<List<String>> records = new ArrayList<>();
    reader(separator, text).forEach(record -> records.add(record.getFields()));
    return records;
  }

  /** Rows of time, any product, quantity and a note; some too short, some too long. */
  private static String text(Random random, char separator, int rows) {
    StringBuilder text = new StringBuilder();
    text.append("sold_at,product,qty,note".replace(',', separator)).append('\n');
    for (int row = 0; row < rows; row++) {
      text.append("2027-05-01T10:00Z").append(separator);
      text.append(field(random)).append(separator).append('3');
      for (int extra = random.nextInt(10) == 0 ? random.nextInt(3) : 1; extra > 0; extra--) {
        text.append(separator).append(field(random));
      }
      text.append(ENDS[random.nextInt(ENDS.length)]);
    }
    String whole = text.toString();
    return random.nextBoolean() ? whole : whole.stripTrailing();
  }

  private static String field(Random random) {
    StringBuilder field = new StringBuilder();
    for (int piece = random.nextInt(6); piece > 0; piece--) {
      field.append(PIECES[random.nextInt(PIECES.length)]);
    }
    if (random.nextBoolean()) {
      return '"' + field.toString() + '"';
    }
    String bare = field.toString().replaceAll("[\\r\\n,;\\t|]", "").replace("\"\"", "x\"y\"\"");
    return bare.startsWith("\"") ? "z" + bare : bare;
  }
}
