package dev.spike.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spike.core.plan.PlanFiles;
import dev.spike.core.plan.PlanRequest;
import dev.spike.core.plan.PlanResult;
import dev.spike.core.plan.Planner;
import dev.spike.core.sales.Reading;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.sales.TicketReaders;
import dev.spike.core.spec.EventSpec;
import dev.spike.sources.TicketServer.Trouble;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretixApiTest {
  private static final String TOKEN = "s3cretpretixtoken0123456789";
  private static final String BASE = "/api/v1/organizers/fa/events/cup/";
  private static final String ORDERS = BASE + "orders/?ordering=datetime";

  private final List<Duration> waits = new ArrayList<>();
  private TicketServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TicketServer("Token " + TOKEN);
    server.page(
        BASE + "items/",
        page(
            null,
            "{\"id\": 7, \"name\": {\"en\": \"Stream pass\"}, \"admission\": true}",
            "{\"id\": 8, \"name\": {\"en\": \"Scarf\"}, \"admission\": false}"));
    server.page(
        BASE + "quotas/",
        page(null, "{\"id\": 1, \"size\": 9000, \"items\": [7], \"variations\": []}"));
    server.page(
        ORDERS, page(server.url() + BASE + "orders/?page=2", order("A1", 7), order("A2", 7, 8)));
    server.page(BASE + "orders/?page=2", page(null, order("A2", 7, 8), order("A3", 7)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void allPagesAreReadAndAnOrderThatMovedAcrossPagesCountsOnce() throws Exception {
    Reading reading = reading();

    SourceReport report = read(reading, Optional.empty());

    assertThat(reading.sales().history().sold("Stream pass")).isEqualTo(3);
    assertThat(reading.sales().history().byProduct()).containsOnlyKeys("Stream pass");
    assertThat(reading.capacities()).containsExactly(Map.entry("Stream pass", 9000L));
    assertThat(report.accepted()).isEqualTo(3);
    assertThat(report.leftOut())
        .containsEntry("order was on an earlier page", 2L)
        .containsEntry("item is no admission", 1L);
    assertThat(report.name()).isEqualTo("pretix fa/cup at " + server.url());
    assertThat(report.bytes()).isPositive();
  }

  @Test
  void theSameSalesGiveTheSameDigestWhateverElseChanged() throws Exception {
    String before = read(reading(), Optional.empty()).digest();
    server.page(BASE + "orders/?page=2", page(null, order("A3", 7).replace("jane@", "jane.doe@")));

    assertThat(read(reading(), Optional.empty()).digest()).isEqualTo(before);
  }

  @Test
  void whatMayPassIsAskedAgainAfterTheWaitTheServiceAskedFor() throws Exception {
    server.trouble(
        ORDERS,
        new Trouble.Status(429, Map.of("Retry-After", "1")),
        new Trouble.Status(500, Map.of()));

    assertThat(read(reading(), Optional.empty()).accepted()).isEqualTo(3);
    assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofMillis(20));
  }

  @Test
  void aConnectionCutInTheMiddleOfAPageCountsNothingTwice() throws Exception {
    server.trouble(BASE + "orders/?page=2", new Trouble.Cut());
    Reading reading = reading();

    read(reading, Optional.empty());

    assertThat(reading.sales().history().sold("Stream pass")).isEqualTo(3);
    assertThat(server.asked()).filteredOn(asked -> asked.endsWith("page=2")).hasSize(2);
  }

  @Test
  void aServiceThatStaysDownIsUnavailableAfterABoundedNumberOfAttempts() {
    Trouble down = new Trouble.Status(503, Map.of());
    server.trouble(ORDERS, down, down, down, down, down, down);

    assertThat(refused(reading()))
        .hasMessageContaining("HTTP status 503")
        .extracting(TicketDataException::kind)
        .isEqualTo(TicketDataException.Kind.UNAVAILABLE);
    assertThat(server.asked()).filteredOn(ORDERS::equals).hasSize(3);
  }

  @Test
  void aServiceThatIsTooSlowIsUnavailable() {
    Trouble slow = new Trouble.Slow(Duration.ofSeconds(3));
    server.trouble(ORDERS, slow, slow, slow);

    assertThat(refused(reading()))
        .hasMessageContaining("did not answer within 700 ms")
        .extracting(TicketDataException::kind)
        .isEqualTo(TicketDataException.Kind.UNAVAILABLE);
  }

  @Test
  void aServiceThatIsNotThereIsUnavailable() {
    server.close();

    assertThat(refused(reading()).kind()).isEqualTo(TicketDataException.Kind.UNAVAILABLE);
  }

  @Test
  void aRefusedTokenIsNamedAsRefusedAndNeverShown() {
    TicketDataException wrong =
        refused(Readings.with(Map.of("PRETIX_TOKEN", "wr0ngtokenfromanothershop")));

    assertThat(wrong.kind()).isEqualTo(TicketDataException.Kind.UNAUTHORIZED);
    assertThat(wrong.toString() + wrong.next()).doesNotContain("wr0ng");
    assertThat(wrong).hasMessageContaining("refused the token (HTTP status 401");
  }

  @Test
  void aTokenThatIsNotSetOrCannotBeSentIsSaidByItsLineOnly() {
    assertThat(refused(Readings.with(Map.of())))
        .hasMessageContaining("tokenEnv names in line 9 of the event file is not set")
        .extracting(TicketDataException::kind)
        .isEqualTo(TicketDataException.Kind.UNAUTHORIZED);
    assertThat(refused(Readings.with(Map.of("PRETIX_TOKEN", "tok en\r\nHost: x"))))
        .hasMessageContaining("holds blanks")
        .hasMessageNotContaining("tok en");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aNextPageOnAnotherServerIsNotFollowed() throws Exception {
    try (TicketServer other = new TicketServer("Token " + TOKEN)) {
      server.page(ORDERS, page(other.url() + "/steal", order("A1", 7)));

      assertThat(refused(reading()))
          .hasMessageContaining("names a next page on another server")
          .extracting(TicketDataException::kind)
          .isEqualTo(TicketDataException.Kind.BAD_DATA);
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void aPageThatNamesItselfAsTheNextEndsTheReading() {
    server.page(ORDERS, page(server.url() + ORDERS, order("A1", 7)));

    assertThat(refused(reading())).hasMessageContaining("as the next that was read before");
  }

  @Test
  void pagesThatNameEachOtherEndTheReadingBeforeTheyAreReadAgain() {
    server.page(BASE + "orders/?page=2", page(server.url() + ORDERS, order("A3", 7)));

    assertThat(refused(reading()))
        .hasMessageContaining("as the next that was read before (orders, page 2)");
    assertThat(server.asked()).filteredOn(ORDERS::equals).hasSize(1);
  }

  @Test
  void whatIsNoPageIsBadDataAndNotRepeated() {
    server.page(ORDERS, "<html>jane@example.com</html>");
    assertThat(refused(reading()))
        .hasMessageContaining("is no page of pretix's API (orders, page 1)")
        .hasMessageNotContaining("jane");
    server.page(ORDERS, "{\"detail\": \"moved\"}");
    assertThat(refused(reading()).kind()).isEqualTo(TicketDataException.Kind.BAD_DATA);
  }

  @Test
  void anEventThatTheShopDoesNotKnowIsBadData() {
    server.trouble(BASE + "items/", new Trouble.Status(404, Map.of()));

    assertThat(refused(reading()))
        .hasMessageContaining("knows no such event")
        .extracting(TicketDataException::kind)
        .isEqualTo(TicketDataException.Kind.BAD_DATA);
  }

  @Test
  void aRedirectIsNotFollowed() {
    server.trouble(ORDERS, new Trouble.Status(302, Map.of("Location", server.url() + "/x")));

    assertThat(refused(reading())).hasMessageContaining("HTTP status 302");
    assertThat(server.asked()).doesNotContain("/x");
  }

  @Test
  void onlyTheNamedDateOfASeriesCounts() throws Exception {
    server.page(
        ORDERS,
        page(
            null,
            order("A1", 7).replace("\"item\"", "\"subevent\": 5, \"item\""),
            order("A2", 7).replace("\"item\"", "\"subevent\": 6, \"item\"")));
    server.page(
        BASE + "quotas/",
        page(
            null,
            "{\"size\": 100, \"items\": [7], \"variations\": [], \"subevent\": 5}",
            "{\"size\": 200, \"items\": [7], \"variations\": [], \"subevent\": 6}"));
    Reading reading = reading();

    SourceReport report = read(reading, Optional.of(6L));

    assertThat(reading.sales().history().sold("Stream pass")).isEqualTo(1);
    assertThat(reading.capacities()).containsExactly(Map.entry("Stream pass", 200L));
    assertThat(report.leftOut()).containsEntry("another date of the series", 1L);
  }

  @Test
  void onlyOrdersModifiedSinceAreAskedFor() throws Exception {
    Instant since = Instant.parse("2027-01-01T00:00:00Z");
    server.page(ORDERS + "&modified_since=2027-01-01T00%3A00%3A00Z", page(null, order("A9", 7)));
    Reading reading = reading();

    api().read(source(Optional.empty(), Optional.of(since)), reading);

    assertThat(reading.sales().history().sold("Stream pass")).isEqualTo(1);
  }

  @Test
  void nothingPersonalOfOrdersAndNoTokenIsInThePlan(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("event.yaml"),
        """
        apiVersion: spike/v1
        event: {name: cup, startsAt: 2027-05-30T19:00:00Z}
        tickets:
          sources:
            - {type: pretix, url: "%s", organizer: fa, event: cup, tokenEnv: PRETIX_TOKEN}
          history:
            - name: last-cup
              startsAt: 2026-05-30T19:00:00Z
              sources: [{type: pretix, url: "%s", organizer: fa, event: cup, tokenEnv: PRETIX_TOKEN}]
        provider: {local: {scale: 1/1, zones: 1}}
        """
            .formatted(server.url(), server.url()));

    PlanResult result =
        Planner.plan(
            folder.resolve("event.yaml"),
            new PlanRequest(Readings.AS_OF, 1, Optional.of("local")),
            TicketReaders.with(List.of(api()), Map.of("PRETIX_TOKEN", TOKEN)));

    String plan = new String(PlanFiles.bytes(result.plan()), StandardCharsets.UTF_8);
    assertThat(plan + result.diagnostics())
        .doesNotContain("jane", "Doe", "example.com", TOKEN, "A1", "+44");
    assertThat(result.plan().inputs())
        .extracting(SourceReport::pastEvent)
        .containsExactly("", "last-cup");
  }

  private Reading reading() {
    return Readings.with(Map.of("PRETIX_TOKEN", TOKEN));
  }

  private PretixApi api() {
    return new PretixApi(
        Readings.QUICK,
        wait -> {
          waits.add(wait);
          Thread.sleep(Math.min(20, wait.toMillis()));
        });
  }

  private SourceReport read(Reading reading, Optional<Long> subevent) throws Exception {
    return api().read(source(subevent, Optional.empty()), reading);
  }

  private TicketDataException refused(Reading reading) {
    return catchThrowableOfType(TicketDataException.class, () -> read(reading, Optional.empty()));
  }

  private EventSpec.Source source(Optional<Long> subevent, Optional<Instant> since) {
    return new EventSpec.PretixApiSource(
        9, server.url(), "fa", "cup", "PRETIX_TOKEN", subevent, since, Map.of());
  }

  private static String page(String next, String... results) {
    return "{\"count\": %d, \"next\": %s, \"previous\": null, \"results\": [%s]}"
        .formatted(
            results.length, next == null ? "null" : "\"" + next + "\"", String.join(",", results));
  }

  private static String order(String code, int... items) {
    List<String> positions = new ArrayList<>();
    for (int item : items) {
      positions.add(
          "{\"id\": 1, \"item\": %d, \"addon_to\": null, \"canceled\": false, \"attendee_name\": \"Jane Doe\"}"
              .formatted(item));
    }
    return "{\"code\": \"%s\", \"status\": \"p\", \"testmode\": false, \"datetime\": \"2027-05-01T10:00:00Z\", \"email\": \"jane@example.com\", \"phone\": \"+441234\", \"positions\": [%s]}"
        .formatted(code, String.join(",", positions));
  }
}
