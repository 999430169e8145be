package dev.spike.sources;

import dev.spike.core.sales.PretixTickets;
import dev.spike.core.sales.PretixTickets.Listing;
import dev.spike.core.sales.Reading;
import dev.spike.core.sales.SeenIds;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.sales.TicketSource;
import dev.spike.core.spec.EventSpec;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Reads a pretix shop through its REST API (version 1): items for names, quotas for capacities,
 * then orders, oldest first, so that orders placed meanwhile come last.
 */
public final class PretixApi implements TicketSource {
  private final ApiLimits limits;
  private final Pause pause;

  /** For the service loader. */
  public PretixApi() {
    this(ApiLimits.USUAL, Thread::sleep);
  }

  PretixApi(ApiLimits limits, Pause pause) {
    this.limits = limits;
    this.pause = pause;
  }

  @Override
  public boolean reads(EventSpec.Source source) {
    return source instanceof EventSpec.PretixApiSource;
  }

  @Override
  public SourceReport read(EventSpec.Source source, Reading reading) throws TicketDataException {
    if (!(source instanceof EventSpec.PretixApiSource shop)) {
      throw new IllegalArgumentException(source.name() + " is no pretix API");
    }
    String token = Tokens.of(reading, shop.tokenEnv(), "tokenEnv", shop.name(), shop.line());
    PretixTickets tickets =
        new PretixTickets(
            shop,
            shop.name(),
            shop.items(),
            shop.subevent().isPresent()
                ? OptionalLong.of(shop.subevent().get())
                : OptionalLong.empty(),
            reading);
    try (ApiClient client = new ApiClient(shop.name(), "Token " + token, limits, pause)) {
      for (Listing listing : Listing.values()) {
        pages(client, shop, listing, tickets);
      }
      return tickets.finish(client.bytes());
    }
  }

  private static void pages(
      ApiClient client, EventSpec.PretixApiSource shop, Listing listing, PretixTickets tickets)
      throws TicketDataException {
    URI address = first(shop, listing);
    String name = listing.name().toLowerCase(java.util.Locale.ROOT);
    SeenIds asked = new SeenIds();
    asked.add(SeenIds.hash(address.toString()));
    for (int page = 1; ; page++) {
      String where = name + ", page " + page;
      String next = tickets.page(listing, where, client.page(address, where));
      if (next.isEmpty()) {
        return;
      }
      address = following(shop, address, next, where);
      if (!asked.add(SeenIds.hash(address.toString()))) {
        throw TicketDataException.bad(
            shop.name() + " names a page as the next that was read before (" + where + ").",
            "Ask the shop's operator, or use pretix's export of order data (JSON).");
      }
    }
  }

  private static URI first(EventSpec.PretixApiSource shop, Listing listing) {
    String base =
        shop.url() + "/api/v1/organizers/" + shop.organizer() + "/events/" + shop.event() + "/";
    return URI.create(
        switch (listing) {
          case ITEMS -> base + "items/";
          case QUOTAS -> base + "quotas/";
          case ORDERS ->
              base
                  + "orders/?ordering=datetime"
                  + shop.modifiedSince()
                      .map(
                          since ->
                              "&modified_since="
                                  + URLEncoder.encode(since.toString(), StandardCharsets.UTF_8))
                      .orElse("");
        });
  }

  /** A next page elsewhere would be sent the token. */
  private static URI following(EventSpec.PretixApiSource shop, URI from, String next, String where)
      throws TicketDataException {
    URI address;
    try {
      address = from.resolve(next);
    } catch (IllegalArgumentException broken) {
      throw elsewhere(shop, where);
    }
    if (!Objects.equals(from.getScheme(), address.getScheme())
        || !Objects.equals(from.getHost(), address.getHost())
        || from.getPort() != address.getPort()
        || address.getUserInfo() != null) {
      throw elsewhere(shop, where);
    }
    return address;
  }

  private static TicketDataException elsewhere(EventSpec.PretixApiSource shop, String where) {
    return TicketDataException.bad(
        shop.name() + " names a next page on another server (" + where + "); it is not followed.",
        "Give url as the shop calls itself: scheme, host and port as in its own links.");
  }
}
