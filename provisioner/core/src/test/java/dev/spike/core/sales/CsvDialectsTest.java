package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever the dialect and however nasty the rows, the fast reader counts as the plain one. */
class CsvDialectsTest {
  private static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");
  private static final String[] LINE_ENDS = {"\n", "\r\n", "\r"};
  private static final List<BlockThreads> THREADS =
      List.of(
          new BlockThreads(1, true, 1 << 16),
          new BlockThreads(2, true, 2000),
          new BlockThreads(2, false, 2100),
          new BlockThreads(3, false, 2900));

  private static Path folder;

  /**
   * How a table is written.
   *
   * @param form 0 plain UTF-8, 1 with a byte-order mark, 2 and 3 UTF-16 with one, 4 gzip
   */
  record Dialect(char separator, String zone, boolean withId, int form, boolean endsInLineEnd) {}

  /**
   * A field before it is written.
   *
   * @param quoted put in quotes also where it need not be
   */
  record Field(String text, boolean quoted) {
    String written(char separator) {
      boolean needed =
          text.startsWith("\"")
              || text.indexOf(separator) >= 0
              || text.indexOf('\n') >= 0
              || text.indexOf('\r') >= 0;
      return quoted || needed ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
  }

  record Row(List<Field> fields, String end) {
    String written(char separator) {
      return fields.stream()
              .map(field -> field.written(separator))
              .reduce((left, right) -> left + separator + right)
              .orElse("")
          + end;
    }
  }

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("spike-dialects");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    Files.deleteIfExists(folder.resolve("t.csv"));
    Files.delete(folder);
  }

  @Property(tries = 400)
  void theFastReaderCountsAsThePlainOne(
      @ForAll("dialects") Dialect dialect, @ForAll("rows") List<Row> rows) throws Exception {
    String text = text(dialect, rows);
    Files.write(folder.resolve("t.csv"), bytes(dialect, text));
    Map<String, Object> expected =
        new PlainOrders(ZoneId.of(dialect.zone()), AS_OF, dialect.withId())
            .read(dialect.separator(), text, lines(dialect, rows))
            .counts();

    for (BlockThreads threads : THREADS) {
      if (!dialect.withId() || threads.inOrder()) {
        assertThat(counts(dialect, threads)).as("%s", threads).isEqualTo(expected);
      }
    }
  }

  @Property(tries = 200)
  void lettersBehindAClosingQuoteAreNamedByTheLineOfTheirRow(
      @ForAll("dialects") Dialect dialect, @ForAll("rows") List<Row> rows) throws Exception {
    String before = text(dialect, rows);
    String whole = before.endsWith("\n") || before.endsWith("\r") ? before : before + "\n";
    long line = whole.split("\r\n|\r|\n", -1).length;
    Files.write(folder.resolve("t.csv"), bytes(dialect, whole + "\"seat\"s\n"));

    assertThatThrownBy(() -> counts(dialect, THREADS.getFirst()))
        .isInstanceOf(TicketDataException.class)
        .hasMessageContaining("behind the closing quote of a field, in the row of line " + line);
  }

  @Provide
  Arbitrary<Dialect> dialects() {
    return Combinators.combine(
            Arbitraries.of(',', ';', '\t', '|'),
            Arbitraries.of("UTC", "Europe/London", "Australia/Lord_Howe", "America/St_Johns"),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 4),
            Arbitraries.of(true, false))
        .as(Dialect::new);
  }

  @Provide
  Arbitrary<List<Row>> rows() {
    Arbitrary<Row> usual =
        Combinators.combine(
                field(times()),
                field(products()),
                field(quantities()),
                field(statuses()),
                field(ids()),
                Arbitraries.of(LINE_ENDS))
            .as(
                (time, product, quantity, status, id, end) ->
                    new Row(List.of(time, product, quantity, status, id), end));
    Arbitrary<Row> odd =
        Combinators.combine(field(pieces()).list().ofMaxSize(7), Arbitraries.of(LINE_ENDS))
            .as(Row::new);
    return Arbitraries.frequencyOf(Tuple.of(12, usual), Tuple.of(1, odd)).list().ofMaxSize(120);
  }

  private static Arbitrary<Field> field(Arbitrary<String> texts) {
    return Combinators.combine(texts, Arbitraries.of(true, false)).as(Field::new);
  }

  /** Well-formed times of all spellings, of gaps, of hours that happen twice, and near misses. */
  private static Arbitrary<String> times() {
    Arbitrary<String> dates =
        Arbitraries.of(
            "2027-05-01",
            "2027-05-01",
            "2027-05-27",
            "2028-02-29",
            "2027-02-29",
            "2027-03-28",
            "2026-10-25",
            "2027-10-03",
            "2027-04-04",
            "1970-01-01",
            "2000-01-01",
            "1999-12-31",
            "2099-12-31",
            "9999-12-31",
            "0001-01-01",
            "0000-00-00",
            "2027-13-01",
            "2027-04-31");
    Arbitrary<String> clocks =
        Arbitraries.of(
            "T10:00", "T10:01", " 10:00", "T00:00", "T23:59", "T01:30", "T02:15", "T24:00",
            "T10:60", "T1:00", "t10:00", "T12:00", "T12:01", "");
    Arbitrary<String> seconds =
        Arbitraries.of(":00", ":59", ":60", ":61", ":07.123", ":07,5", ":0", "");
    Arbitrary<String> offsets =
        Arbitraries.of(
            "Z", "Z", "", " UTC", "+00", "+0100", "-05:30", " +0200", "+18:00", "+1", "+01:60", "z",
            "+010", "ZZ", " ");
    return Arbitraries.frequencyOf(
        Tuple.of(
            9,
            Combinators.combine(dates, clocks, seconds, offsets).as((a, b, c, d) -> a + b + c + d)),
        Tuple.of(6, Arbitraries.of("2027-05-01T10:00:07Z", "2027-05-01T10:00:08Z")),
        Tuple.of(1, pieces()));
  }

  private static Arbitrary<String> products() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            6,
            Arbitraries.of(
                "seat",
                "stream-pass",
                " seat ",
                "none",
                "\u3000seat\u2003",
                "Entr\u00e9e",
                "\u20ac",
                "Loge \ud83c\udf9f",
                "seat, upper",
                "seat \"B\"",
                "\"",
                "")),
        Tuple.of(1, Arbitraries.of("x".repeat(256), "x".repeat(257), "\u00fc".repeat(256))),
        Tuple.of(2, pieces()));
  }

  private static Arbitrary<String> quantities() {
    return Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.of("1", "2", "3", "4", "12")),
        Tuple.of(
            2,
            Arbitraries.of(
                "0",
                "-1",
                "2.00",
                "2.",
                "2.5",
                "1000000",
                "1000001",
                "",
                "-",
                ".",
                "+1",
                "1e3",
                "00000000000000000001",
                "000000000000001",
                "1,0",
                "\u0661",
                " 7\t")));
  }

  private static Arbitrary<String> statuses() {
    return Arbitraries.of(
        "paid", "paid", "PAID", " p", "test", "cancelled", "ex-pired", "", "p\u00e4id");
  }

  private static Arbitrary<String> ids() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.integers().between(1, 60).map(id -> "A" + id)),
        Tuple.of(3, Arbitraries.integers().between(1, 9999).map(id -> "order-2027-" + id)),
        Tuple.of(1, pieces()));
  }

  private static Arbitrary<String> pieces() {
    return Arbitraries.of(
            "a",
            "b c",
            "\u00fc",
            "\u20ac",
            "\ud83c\udf9f",
            "\"",
            "\"\"",
            "\n",
            "\r\n",
            "\r",
            ",",
            ";",
            "\t",
            "|",
            "1",
            " ",
            "\u2003",
            "0123456",
            "01234567")
        .list()
        .ofMaxSize(5)
        .map(list -> String.join("", list));
  }

  private static String text(Dialect dialect, List<Row> rows) {
    StringBuilder text = new StringBuilder();
    char separator = dialect.separator();
    text.append("sold_at,product,quantity,status,id".replace(',', separator)).append('\n');
    rows.forEach(row -> text.append(row.written(separator)));
    if (!dialect.endsInLineEnd() && !rows.isEmpty()) {
      text.setLength(text.length() - rows.getLast().end().length());
    }
    return text.toString();
  }

  /** Where the header and each row that is no empty line start. */
  private static List<Integer> lines(Dialect dialect, List<Row> rows) {
    List<Integer> lines = new ArrayList<>(List.of(1));
    StringBuilder before = new StringBuilder("header\n");
    for (Row row : rows) {
      String written = row.written(dialect.separator());
      if (written.length() > row.end().length()) {
        lines.add(before.toString().split("\r\n|\r|\n", -1).length);
      }
      before.append(written);
    }
    return lines;
  }

  private static byte[] bytes(Dialect dialect, String text) throws IOException {
    return switch (dialect.form()) {
      case 1 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
      case 2 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE);
      case 3 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE);
      case 4 -> gzip(text.getBytes(StandardCharsets.UTF_8));
      default -> text.getBytes(StandardCharsets.UTF_8);
    };
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  private static Map<String, Object> counts(Dialect dialect, BlockThreads threads)
      throws Exception {
    EventSpec.CsvSource source = source(dialect);
    SalesHistory.Counter sales = new SalesHistory.Counter();
    SeenIds ids = new SeenIds();
    SourceReport report;
    try (ExportFile file = ExportFile.of("t.csv", folder)) {
      report =
          new CsvTickets(
                  "t.csv",
                  Optional.of(dialect.separator()),
                  header ->
                      new OrderRows(
                          source, Columns.of(source, header), AS_OF, new ItemNames(Map.of()), ids),
                  sales,
                  threads)
              .read("csv", file);
    }
    return Map.of(
        "accepted", report.accepted(),
        "rejected", report.rejectedByReason(),
        "leftOut", report.leftOut(),
        "firstRejected", report.firstRejected(),
        "sold", sales.history().byProduct());
  }

  private static EventSpec.CsvSource source(Dialect dialect) throws Exception {
    String yaml =
        """
        apiVersion: spike/v1
        event: {name: cup, startsAt: 2027-05-30T19:00:00Z}
        tickets:
          sources:
            - {type: csv, path: t.csv, timezone: %s, accept: {status: [paid, p]}%s}
        """
            .formatted(dialect.zone(), dialect.withId() ? ", columns: {id: id}" : "");
    return (EventSpec.CsvSource)
        SpecReader.read("event.yaml", yaml.getBytes(StandardCharsets.UTF_8), null, AS_OF)
            .tickets()
            .sources()
            .getFirst();
  }
}
