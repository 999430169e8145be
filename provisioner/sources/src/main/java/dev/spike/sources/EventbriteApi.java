package dev.spike.sources;

import dev.spike.core.sales.Reading;
import dev.spike.core.sales.SeenIds;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.sales.TicketSource;
import dev.spike.core.spec.EventSpec;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Reads an Eventbrite event through its API (version 3): ticket classes for names and capacities,
 * then attendees, one a ticket, for what was sold when.
 */
public final class EventbriteApi implements TicketSource {
  private final ApiLimits limits;
  private final Pause pause;

  /** For the service loader. */
  public EventbriteApi() {
    this(ApiLimits.USUAL, Thread::sleep);
  }

  EventbriteApi(ApiLimits limits, Pause pause) {
    this.limits = limits;
    this.pause = pause;
  }

  @Override
  public boolean reads(EventSpec.Source source) {
    return source instanceof EventSpec.EventbriteSource;
  }

  @Override
  public SourceReport read(EventSpec.Source source, Reading reading) throws TicketDataException {
    if (!(source instanceof EventSpec.EventbriteSource event)) {
      throw new IllegalArgumentException(source.name() + " is no Eventbrite event");
    }
    String token = Tokens.of(reading, event.tokenEnv(), "tokenEnv", event.name(), event.line());
    EventbritePages tickets = new EventbritePages(event, reading);
    try (ApiClient client = new ApiClient(event.name(), "Bearer " + token, limits, pause)) {
      for (EventbritePages.Listing listing : EventbritePages.Listing.values()) {
        pages(client, event, listing, tickets);
      }
      return tickets.finish(client.bytes());
    }
  }

  private static void pages(
      ApiClient client,
      EventSpec.EventbriteSource event,
      EventbritePages.Listing listing,
      EventbritePages tickets)
      throws TicketDataException {
    String base = event.url() + "/v3/events/" + event.event() + "/" + listing.path() + "/";
    String continuation = "";
    SeenIds asked = new SeenIds();
    for (int page = 1; ; page++) {
      String where = listing.path().replace('_', ' ') + ", page " + page;
      URI address =
          URI.create(
              continuation.isEmpty()
                  ? base
                  : base
                      + "?continuation="
                      + URLEncoder.encode(continuation, StandardCharsets.UTF_8));
      String next = tickets.page(listing, where, client.page(address, where));
      if (next.isEmpty()) {
        return;
      }
      if (!asked.add(SeenIds.hash(next))) {
        throw TicketDataException.bad(
            event.name() + " names a page as the next that was read before (" + where + ").",
            "Run the command again; if it stays, use a CSV export of the attendees.");
      }
      continuation = next;
    }
  }
}
