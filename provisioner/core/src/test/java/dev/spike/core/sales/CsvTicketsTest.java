package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.SpecReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTicketsTest {
  private static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");
  private static final String HEADER = "sold_at,product,quantity,status\n";
  private static final String SEAT = "2027-05-01T10:00:00Z,seat,2,paid\n";

  @TempDir Path folder;
  private String sourceOptions = "";
  private String sourcePath = "tickets.csv";

  @Test
  void aByteOrderMarkSemicolonsAndCrlfChangeNothing() throws Exception {
    String plain = HEADER + SEAT + SEAT;
    String spreadsheet = "\uFEFF" + plain.replace(",", ";").replace("\n", "\r\n");

    assertThat(read(spreadsheet).history().byProduct())
        .isEqualTo(read(plain).history().byProduct());
    assertThat(read(spreadsheet).history().sold("seat")).isEqualTo(4);
    assertThat(read(spreadsheet).reports().getFirst().read()).isEqualTo(2);
  }

  @Test
  void utf16WithAByteOrderMarkIsRead() throws Exception {
    byte[] text = ("\uFEFF" + HEADER + SEAT).getBytes(StandardCharsets.UTF_16LE);

    assertThat(read(text).history().sold("seat")).isEqualTo(2);
  }

  @Test
  void gzipIsUnpackedAndCountsTheSame() throws Exception {
    assertThat(read(gzip(HEADER + SEAT)).history().sold("seat")).isEqualTo(2);
  }

  @Test
  void aGzipFileThatWasCutOffIsBadData() throws Exception {
    byte[] whole = gzip(HEADER + SEAT.repeat(5000));

    TicketDataException refused = refused(Arrays.copyOf(whole, whole.length - 20));

    assertThat(refused.kind()).isEqualTo(TicketDataException.Kind.BAD_DATA);
    assertThat(refused).hasMessageContaining("tickets.csv");
  }

  @Test
  void aQuotedNewlineAndAQuotedSeparatorDoNotSplitARow() throws Exception {
    String text = HEADER + "2027-05-01T10:00:00Z,\"seat,\nupper \"\"B\"\"\",3,paid\n" + SEAT;

    TicketSales sales = read(text);

    assertThat(sales.history().sold("seat,\nupper \"B\"")).isEqualTo(3);
    assertThat(sales.history().sold("seat")).isEqualTo(2);
    assertThat(sales.reports().getFirst().read()).isEqualTo(2);
  }

  @Test
  void aRejectedRowIsNamedByItsLineAlsoAfterAQuotedNewline() throws Exception {
    String text =
        HEADER + "2027-05-01T10:00:00Z,\"a\nb\",1,paid\n2027-05-01T10:00:00Z,seat,x,paid\n";

    assertThat(refused(text)).hasMessageContaining("line 4: quantity is not a whole number");
  }

  @Test
  void aQuoteThatIsNeverClosedIsBadDataAndNotOneLongRow() throws Exception {
    String open = "2027-05-01T10:00:00Z,\"seat,1,paid\n";

    assertThat(refused(HEADER + open + SEAT.repeat(20_000)))
        .hasMessageContaining("tickets.csv has a quote that is never closed; it opens in line 2.");
    assertThat(refused(HEADER + SEAT.repeat(40_000) + open + SEAT.repeat(40_000)))
        .hasMessageContaining("never closed; it opens in line 40002.");
    assertThat(refused(HEADER + SEAT.repeat(40_000) + open))
        .hasMessageContaining("never closed; it opens in line 40002.");
    assertThat(refused(HEADER + open.stripTrailing()).next()).contains("Close the quote");
  }

  @Test
  void whereEveryFieldIsQuotedAnUnclosedQuoteIsNamedByItsRow() throws Exception {
    String row = "\"2027-05-01T10:00:00Z\",\"seat\",\"1\",\"paid\"\n";

    assertThat(refused(HEADER + row.repeat(50_000) + row.replace("seat\"", "seat") + row))
        .hasMessageContaining("behind the closing quote")
        .hasMessageContaining("in the row of line 50002");
  }

  @Test
  void bytesThatAreNoUtf8AreNamedByTheirLine() throws Exception {
    byte[] latin =
        (HEADER + SEAT.repeat(30_000) + SEAT.replace("seat", "m\u00fcller"))
            .getBytes(StandardCharsets.ISO_8859_1);

    assertThat(refused(latin)).hasMessageContaining("is not UTF-8 text from line 30002.");
  }

  @Test
  void anExportOnStandardInputIsReadAndDigestedLikeAFile() throws Exception {
    TicketSales file = read(HEADER + SEAT.repeat(100));
    sourcePath = "-";

    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(gzip(HEADER + SEAT.repeat(100))));
      assertThat(TicketSales.read(tickets(), folder, AS_OF).history().byProduct())
          .isEqualTo(file.history().byProduct());
      System.setIn(
          new ByteArrayInputStream((HEADER + SEAT.repeat(100)).getBytes(StandardCharsets.UTF_8)));
      SourceReport report = TicketSales.read(tickets(), folder, AS_OF).reports().getFirst();
      assertThat(report.digest()).isEqualTo(file.reports().getFirst().digest());
      System.setIn(new ByteArrayInputStream(new byte[0]));
      assertThat(catchThrowableOfType(TicketDataException.class, this::readTickets))
          .hasMessageContaining("The ticket export on standard input is empty.");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void gzipOfSeveralMembersIsReadToTheLastOne() throws Exception {
    byte[] members = joined(gzip(HEADER + SEAT), gzip(SEAT), gzip(SEAT.repeat(10_000)));

    TicketSales sales = read(members);

    assertThat(sales.history().sold("seat")).isEqualTo(2 * 10_002);
    assertThat(sales.reports().getFirst().bytes()).isEqualTo(members.length);
    assertThat(read(joined(members, new byte[512])).history().sold("seat")).isEqualTo(2 * 10_002);
  }

  @Test
  void aBrokenMemberOfGzipIsNotTakenForTheEnd() throws Exception {
    byte[] broken = gzip(SEAT.repeat(10_000));
    broken[0] = 7;

    assertThat(refused(joined(gzip(HEADER + SEAT), broken)))
        .hasMessageContaining("after its gzip data come bytes that are none");
  }

  @Test
  void tabsAndSemicolonsAreFoundOutAndMayBeNamed() throws Exception {
    assertThat(read((HEADER + SEAT).replace(',', '\t')).history().sold("seat")).isEqualTo(2);
    sourceOptions = ", separator: ';'";
    assertThat(read((HEADER + SEAT).replace(',', ';')).history().sold("seat")).isEqualTo(2);
  }

  @Test
  void rowsThatAreRepeatedOnALaterPageCountOnceByTheirId() throws Exception {
    String header = "id," + HEADER;
    String page = "a," + SEAT + "b," + SEAT.replace("paid", "pending") + "c," + SEAT;
    String next = "b," + SEAT + "c," + SEAT + "d," + SEAT.replace("seat", "lounge");

    assertThat(read(header + page + next).history().sold("seat")).isEqualTo(8);
    sourceOptions = ", columns: {id: id}";
    TicketSales once = read(header + page + next);

    assertThat(once.history().sold("seat")).isEqualTo(6);
    assertThat(once.history().sold("lounge")).isEqualTo(2);
    assertThat(once.reports().getFirst().leftOut())
        .containsEntry("id was there before", 1L)
        .containsEntry("status is pending", 1L);
    assertThat(refused(header + "a," + SEAT + "," + SEAT)).hasMessageContaining("id is empty");
  }

  @Test
  void addOnsThatTheEventFileMapsToNoneAreNoAdmission() throws Exception {
    sourceOptions = ", items: {scarf: none, seat: venue-seat}";

    TicketSales sales = read(HEADER + SEAT + SEAT.replace("seat", "scarf"));

    assertThat(sales.history().byProduct()).containsOnlyKeys("venue-seat");
    assertThat(sales.reports().getFirst().leftOut()).containsEntry("item is no admission", 1L);
  }

  @Test
  void ofAFestivalOfSeveralDaysOnlyTheDayThatIsAcceptedCounts() throws Exception {
    String header = "sold_at,product,quantity,status,day\n";
    String row = SEAT.stripTrailing() + ",";
    sourceOptions = ", accept: {day: ['2027-05-30']}";

    TicketSales sales = read(header + row + "2027-05-30\n" + row + "2027-05-31\n");

    assertThat(sales.history().sold("seat")).isEqualTo(2);
    assertThat(sales.reports().getFirst().leftOut()).containsEntry("day is not accepted", 1L);
  }

  @Test
  void testAndExpiredOrdersAreLeftOut() throws Exception {
    String text = HEADER + SEAT + SEAT.replace("paid", "test") + SEAT.replace("paid", "expired");

    assertThat(read(text).history().sold("seat")).isEqualTo(2);
  }

  @Test
  void cancelledPendingAndRefundedOrdersAreLeftOutAndNotRejected() throws Exception {
    String text =
        HEADER
            + SEAT
            + SEAT.replace("paid", "cancelled")
            + SEAT.replace("paid", "Pending")
            + SEAT.replace("paid", "refunded");

    TicketSales sales = read(text);

    assertThat(sales.history().sold("seat")).isEqualTo(2);
    assertThat(sales.reports().getFirst().rejected()).isZero();
    assertThat(sales.reports().getFirst().leftOut())
        .isEqualTo(
            new TreeMap<>(
                java.util.Map.of(
                    "status is cancelled", 1L, "status is pending", 1L, "status is refunded", 1L)));
  }

  @Test
  void negativeQuantitiesAreRejectedAndLeftUncountedUpToOnePercent() throws Exception {
    TicketSales sales = read(HEADER + SEAT.repeat(99) + SEAT.replace(",2,", ",-2,"));

    assertThat(sales.history().sold("seat")).isEqualTo(198);
    assertThat(sales.reports().getFirst().rejectedByReason())
        .containsExactly(java.util.Map.entry("quantity is negative", 1L));
    assertThat(sales.reports().getFirst().firstRejected())
        .containsExactly("line 101: quantity is negative");
  }

  @Test
  void moreThanOnePercentOfRejectedRowsRefusesTheExport() throws Exception {
    String text = HEADER + SEAT.repeat(98) + SEAT.replace(",2,", ",-2,").repeat(2);

    assertThat(refused(text))
        .hasMessageContaining("2 of 100 rows")
        .hasMessageContaining("2.00 %, allowed are 1.00 %")
        .hasMessageContaining("line 100: quantity is negative");
  }

  @Test
  void aRowMayBeATotalOfUpToAMillionTicketsAndOneMoreIsAbsurd() throws Exception {
    assertThat(read(HEADER + SEAT.replace(",2,", ",2000,")).history().sold("seat")).isEqualTo(2000);
    assertThat(read(HEADER + SEAT.replace(",2,", ",1000000,")).history().sold("seat"))
        .isEqualTo(1_000_000);
    assertThat(refused(HEADER + SEAT.replace(",2,", ",1000001,")))
        .hasMessageContaining("quantity is above 1000000");
    sourceOptions = ", maxQuantity: 2000000";
    assertThat(read(HEADER + SEAT.replace(",2,", ",1000001,")).history().sold("seat"))
        .isEqualTo(1_000_001);
  }

  @Test
  void salesAfterThePlansInstantWereNotKnownAndAreLeftOut() throws Exception {
    TicketSales sales = read(HEADER + SEAT + SEAT.replace("05-01T", "05-28T"));

    assertThat(sales.history().sold("seat")).isEqualTo(2);
    assertThat(sales.reports().getFirst().leftOut()).containsKey("sold after the plan's instant");
  }

  @Test
  void placeholderTimesAndTimesInADaylightSavingGapAreRejected() throws Exception {
    sourceOptions = ", timezone: Europe/London";

    assertThat(refused(HEADER + "1970-01-01T00:00:00Z,seat,1,paid\n"))
        .hasMessageContaining("placeholder");
    assertThat(refused(HEADER + "9999-12-31T23:59:59Z,seat,1,paid\n"))
        .hasMessageContaining("placeholder");
    assertThat(refused(HEADER + "0001-01-01T00:00:00Z,seat,1,paid\n"))
        .hasMessageContaining("placeholder");
    assertThat(refused(HEADER + "0000-00-00 00:00:00,seat,1,paid\n"))
        .hasMessageContaining("time of sale is not readable");
    assertThat(refused(HEADER + "2027-03-28 01:30:00,seat,1,paid\n"))
        .hasMessageContaining("does not exist in Europe/London");
    assertThat(read(HEADER + "2027-05-01 10:00:00,seat,1,paid\n").history().byProduct().get("seat"))
        .containsOnlyKeys(Instant.parse("2027-05-01T09:00:00Z").getEpochSecond() / 60);
  }

  @Test
  void ofAnHourThatHappensTwiceTheFirstIsMeantAndAnOffsetDecides() throws Exception {
    sourceOptions = ", timezone: Europe/London";
    String twice = HEADER + "2026-10-25 01:30:00,seat,1,paid\n";

    assertThat(read(twice).history().byProduct().get("seat"))
        .containsOnlyKeys(Instant.parse("2026-10-25T00:30:00Z").getEpochSecond() / 60);
    for (String offset : new String[] {"Z", " UTC", "+00", "+0000", "-00:00"}) {
      assertThat(read(twice.replace("30:00", "30:00" + offset)).history().byProduct().get("seat"))
          .containsOnlyKeys(Instant.parse("2026-10-25T01:30:00Z").getEpochSecond() / 60);
    }
    assertThat(read(twice.replace("30:00", "30:00.123+05:30")).history().byProduct().get("seat"))
        .containsOnlyKeys(Instant.parse("2026-10-24T20:00:00Z").getEpochSecond() / 60);
  }

  @Test
  void rowsOfAnotherWidthAreRejectedAndEmptyLinesAreNoRows() throws Exception {
    TicketSales sales = read(HEADER + SEAT.repeat(120) + "\n\nseat,1\n");

    assertThat(sales.reports().getFirst().read()).isEqualTo(121);
    assertThat(sales.reports().getFirst().rejectedByReason())
        .containsOnlyKeys("number of columns differs from the header");
  }

  @Test
  void emptyBinaryHeaderOnlyAndMissingExportsAreToldApart() throws Exception {
    assertThat(refused("")).hasMessageContaining("tickets.csv is empty");
    assertThat(refused(new byte[] {'P', 'K', 3, 4, 0, 0})).hasMessageContaining("is binary");
    assertThat(refused(HEADER)).hasMessageContaining("holds no order");
    Files.delete(folder.resolve("tickets.csv"));
    TicketDataException missing =
        catchThrowableOfType(
            TicketDataException.class, () -> TicketSales.read(tickets(), folder, AS_OF));
    assertThat(missing.kind()).isEqualTo(TicketDataException.Kind.MISSING_FILE);
    assertThat(missing.next()).contains("relative to the event file");
  }

  @Test
  void aFirstLineThatIsARowOrOfAnotherFileIsNotRepeated() {
    assertThat(refused("A-1,2027-05-01T10:00:00Z,seat,2,paid,jane@example.com\n"))
        .hasMessageContaining("has no header")
        .hasMessageNotContaining("jane");
    assertThat(refused("Jane Doe,seat,2,01.05.2027\n"))
        .hasMessageContaining("has no header")
        .hasMessageNotContaining("Jane");
    assertThat(refused("root:s3cret:1\n"))
        .hasMessageContaining("has one column only")
        .hasMessageNotContaining("s3cret");
    assertThat(refused("Lineitem name,Tax 1 Name,#,,E-Mail (2)\n"))
        .hasMessageContaining("Its columns: Lineitem name, Tax 1 Name, #, , E-Mail (2).");
  }

  @Test
  void aColumnThatTheSourceNeedsAndIsThereTwiceIsRefused() {
    assertThat(refused("sold_at,product,product\n2027-05-01T10:00:00Z,seat,jane\n"))
        .hasMessageContaining("has several columns 'product'");
  }

  @Test
  void customersInTheColumnOfTheProductOrTheStatusComeIntoNoReport() throws Exception {
    assertThat(refused(HEADER + SEAT.replace("seat", "jane@example.com")))
        .hasMessageContaining("1 × product is a mail address")
        .hasMessageNotContaining("jane");
    TicketSales sales =
        read(HEADER + SEAT + SEAT.replace("paid", "Jane Doe") + SEAT.replace("paid", "On hold"));
    assertThat(sales.reports().getFirst().leftOut())
        .containsOnlyKeys("status is not accepted", "status is on hold");
  }

  @Test
  void aGzipFileThatIsDamagedIsSaidToBeThat() throws Exception {
    byte[] whole = gzip(HEADER + SEAT.repeat(5000));
    byte[] damaged = whole.clone();
    damaged[whole.length - 6] ^= 1;

    assertThat(refused(Arrays.copyOf(whole, whole.length - 4)))
        .hasMessageContaining("its gzip data ends in the middle");
    assertThat(refused(Arrays.copyOf(whole, whole.length - 20)))
        .hasMessageContaining("its gzip data ends in the middle");
    assertThat(refused(damaged)).hasMessageContaining("its gzip data is damaged");
  }

  @Test
  void whatIsNoFileIsSaidToBeAFolder() throws Exception {
    Files.createDirectory(folder.resolve("tickets.csv"));

    assertThat(catchThrowableOfType(TicketDataException.class, this::readTickets))
        .hasMessageContaining("tickets.csv cannot be read: it is a folder");
  }

  @Test
  void noCellOfTheExportStandsInTheReport() throws Exception {
    String secret = "jane.doe@example.com";
    TicketSales sales =
        read(
            HEADER
                + SEAT.repeat(200)
                + SEAT.replace(",2,", "," + secret + ",")
                + SEAT.replace("paid", secret));

    assertThat(sales.reports().toString()).doesNotContain("jane");
    assertThat(sales.reports().getFirst().leftOut()).containsOnlyKeys("status is not accepted");
  }

  private TicketSales read(String text) throws Exception {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private TicketSales read(byte[] bytes) throws Exception {
    Files.write(folder.resolve("tickets.csv"), bytes);
    return TicketSales.read(tickets(), folder, AS_OF);
  }

  private TicketDataException refused(String text) {
    return refused(text.getBytes(StandardCharsets.UTF_8));
  }

  private TicketDataException refused(byte[] bytes) {
    return catchThrowableOfType(TicketDataException.class, () -> read(bytes));
  }

  private TicketSales readTickets() throws Exception {
    return TicketSales.read(tickets(), folder, AS_OF);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private EventSpec.Tickets tickets() throws Exception {
    String yaml =
        "apiVersion: spike/v1\nevent: {name: cup, startsAt: 2027-05-30T19:00:00Z}\n"
            + "tickets: {sources: [{type: csv, path: "
            + sourcePath
            + sourceOptions
            + "}]}\n";
    return SpecReader.read("event.yaml", yaml.getBytes(StandardCharsets.UTF_8), null, AS_OF)
        .tickets();
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
