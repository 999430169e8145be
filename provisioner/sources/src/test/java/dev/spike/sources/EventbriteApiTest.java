package dev.spike.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spike.core.sales.Reading;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.spec.EventSpec;
import dev.spike.sources.TicketServer.Trouble;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventbriteApiTest {
  private static final String TOKEN = "EVENTBRITETOKEN12345";
  private static final String BASE = "/v3/events/77/";

  private TicketServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TicketServer("Bearer " + TOKEN);
    server.page(
        BASE + "ticket_classes/",
        """
        {"pagination": {"has_more_items": false}, "ticket_classes": [
          {"id": "1", "name": "Stream", "category": "admission", "quantity_total": 500, "quantity_sold": 3},
          {"id": "2", "name": "Donation", "category": "donation", "quantity_total": 0},
          {"id": "3", "name": "Seat", "capacity": 80, "quantity_total": 90}]}""");
    attendees("", "", attendee(1, "Attending", "1"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void attendeesOfAllPagesCountByTicketClassAndOnlyOnce() throws Exception {
    attendees("", "next/1=", attendee(1, "Attending", "1"), attendee(2, "Checked In", "1"));
    attendees(
        "?continuation=next%2F1%3D",
        "", attendee(2, "Checked In", "1"), attendee(3, "Attending", "3"));
    Reading reading = reading();

    SourceReport report = read(reading, Map.of("3", "seat"));

    assertThat(reading.sales().history().sold("Stream")).isEqualTo(2);
    assertThat(reading.sales().history().sold("seat")).isEqualTo(1);
    assertThat(reading.capacities())
        .containsExactly(Map.entry("Stream", 500L), Map.entry("seat", 80L));
    assertThat(report.leftOut()).containsExactly(Map.entry("attendee was on an earlier page", 1L));
    assertThat(report.rejected()).isZero();
  }

  @Test
  void ticketClassesThatTheEventFileMapsToNoneAreNoAdmissionAndHaveNoCapacity() throws Exception {
    attendees(
        "",
        "",
        attendee(1, "Attending", "1"),
        attendee(2, "Attending", "3"),
        attendee(3, "Attending", "99"));
    Reading reading = reading();

    SourceReport report = read(reading, Map.of("1", "none", "99", "none", "Seats", "seat"));

    assertThat(reading.remarks())
        .singleElement()
        .satisfies(
            remark -> {
              assertThat(remark.summary())
                  .isEqualTo(
                      "eventbrite event 77 has no 'Seats', which items in line 4 of the event file"
                          + " maps.");
              assertThat(remark.next()).isEqualTo("Did you mean 'Seat'?");
            });

    assertThat(reading.sales().history().byProduct()).containsOnlyKeys("Seat");
    assertThat(reading.capacities()).containsExactly(Map.entry("Seat", 80L));
    assertThat(report.leftOut()).containsExactly(Map.entry("ticket class is no admission", 2L));
  }

  @Test
  void whatIsNoSaleIsLeftOutByItsReason() throws Exception {
    attendees(
        "",
        "",
        attendee(1, "Attending", "1"),
        attendee(2, "Not Attending", "1"),
        attendee(3, "Deleted", "1"),
        attendee(4, "Transferred", "1"),
        attendee(5, "Unpaid", "1"),
        attendee(6, "Attending", "2"),
        attendee(7, "Attending", "1").replace("\"refunded\": false", "\"refunded\": true"),
        attendee(8, "Attending", "1").replace("\"cancelled\": false", "\"cancelled\": true"),
        attendee(9, "Attending", "1").replace("2027-05-01", "2027-05-29"));
    Reading reading = reading();

    SourceReport report = read(reading, Map.of());

    assertThat(report.accepted()).isEqualTo(1);
    assertThat(report.leftOut())
        .containsOnlyKeys(
            "status is not attending",
            "status is deleted",
            "status is transferred",
            "status is unpaid",
            "ticket class is no admission",
            "refunded",
            "cancelled",
            "sold after the plan's instant");
  }

  @Test
  void whatCannotBeUnderstoodIsRejectedByPageAndPlace() throws Exception {
    attendees(
        "",
        "",
        attendee(1, "Levitating", "1"),
        attendee(2, "Attending", "1").replace("2027-05-01T", "yesterday "),
        attendee(3, "Attending", "1").replace("\"quantity\": 1", "\"quantity\": -4"),
        "[1]",
        attendee(4, "Attending", "1").replace("2027-05-01", "1969-05-01"),
        attendee(5, "Attending", "1"));

    SourceReport report = read(reading(), Map.of());

    assertThat(report.accepted()).isEqualTo(1);
    assertThat(report.firstRejected())
        .containsExactly(
            "attendees, page 1, attendee 1: attendee has a status Eventbrite does not know",
            "attendees, page 1, attendee 2: time of creation is not readable",
            "attendees, page 1, attendee 3: quantity is not from 1 to 1000",
            "attendees, page 1, attendee 4: attendee is not a JSON object",
            "attendees, page 1, attendee 5: time of creation is a placeholder, before 2000 or after"
                + " 2099");
  }

  @Test
  void aRefusedTokenIsUnauthorizedAndNeverShown() {
    TicketDataException wrong = refused(Readings.with(Map.of("TICKETS", "WRONGTOKEN99")));

    assertThat(wrong.kind()).isEqualTo(TicketDataException.Kind.UNAUTHORIZED);
    assertThat(wrong.toString() + wrong.next()).doesNotContain("WRONGTOKEN99");
  }

  @Test
  void troublesThatPassAreSurvivedAndThoseThatStayAreUnavailable() throws Exception {
    Trouble busy = new Trouble.Status(429, Map.of("Retry-After", "0"));
    server.trouble(BASE + "attendees/", busy, new Trouble.Cut());
    assertThat(read(reading(), Map.of()).accepted()).isEqualTo(1);

    server.trouble(BASE + "attendees/", busy, busy, busy);
    assertThat(refused(reading()).kind()).isEqualTo(TicketDataException.Kind.UNAVAILABLE);
  }

  @Test
  void moreThanTheBoundOfPagesAndAContinuationThatStandsStillAreBadData() {
    attendees("", "a", attendee(1, "Attending", "1"));
    attendees("?continuation=a", "a", attendee(2, "Attending", "1"));
    assertThat(refused(reading())).hasMessageContaining("as the next that was read before");

    attendees("?continuation=a", "b", attendee(2, "Attending", "1"));
    attendees("?continuation=b", "a", attendee(3, "Attending", "1"));
    assertThat(refused(reading()))
        .hasMessageContaining("as the next that was read before (attendees, page 3)");

    IntStream.range(0, 200)
        .forEach(page -> attendees(page == 0 ? "" : "?continuation=" + page, "" + (page + 1)));
    assertThat(refused(reading())).hasMessageContaining("more than 100 pages");
  }

  @Test
  void anAnswerAboveItsBoundIsNotTaken() {
    attendees("", "", "\"" + "x".repeat(2 << 20) + "\"");

    assertThat(refused(reading()).kind()).isEqualTo(TicketDataException.Kind.UNAVAILABLE);
  }

  private void attendees(String query, String continuation, String... attendees) {
    server.page(
        BASE + "attendees/" + query,
        "{\"pagination\": {\"has_more_items\": %b, \"continuation\": \"%s\"}, \"attendees\": [%s]}"
            .formatted(!continuation.isEmpty(), continuation, String.join(",", attendees)));
  }

  private static String attendee(int id, String status, String ticketClass) {
    return """
        {"id": "%d", "created": "2027-05-01T10:00:00Z", "status": "%s", "ticket_class_id": "%s",
         "quantity": 1, "cancelled": false, "refunded": false,
         "profile": {"name": "Jane Doe", "email": "jane@example.com"}}"""
        .formatted(id, status, ticketClass);
  }

  private static Reading reading() {
    return Readings.with(Map.of("TICKETS", TOKEN));
  }

  private SourceReport read(Reading reading, Map<String, String> items) throws Exception {
    return new EventbriteApi(Readings.QUICK, wait -> Thread.sleep(1))
        .read(new EventSpec.EventbriteSource(4, server.url(), "77", "TICKETS", items), reading);
  }

  private TicketDataException refused(Reading reading) {
    return catchThrowableOfType(TicketDataException.class, () -> read(reading, Map.of()));
  }
}
