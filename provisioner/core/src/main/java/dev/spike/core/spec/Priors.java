package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;

/**
 * What is believed where the event file is silent. A range "a to b" is read as the middle 80 % of a
 * Beta or lognormal.
 */
public final class Priors {
  /** Arrivals without a ticket, as a factor on those with one. */
  static final Quantity UNINVITED = Quantity.factor(1.3, 0.1);

  static final String UNINVITED_SOURCE =
      "gated events see about 1.3; open and hyped ones up to 9 (1.5 M invited, 14 M came)";

  static final String STREAM_SHOW_SOURCE = "virtual events: 50 to 70 % do not show";

  static final String STREAM_CONNECTIONS_SOURCE =
      "no recorded source: a guess that one in ten opens a second device";

  private static final Quantity STREAM_SHOW = Quantity.share(0.4, 38);
  private static final Quantity VENUE_SHOW = Quantity.share(0.8, 25);
  private static final Quantity FREE_VENUE_SHOW = Quantity.share(0.5, 40);
  private static final Quantity STREAM_CONNECTIONS = Quantity.factor(1.1, 0.1);
  private static final Quantity VENUE_CONNECTIONS = Quantity.factor(0.15, 0.4);

  /** Why an undeclared product is planned as it is. */
  public static final String UNDECLARED_SOURCE =
      "in the sales and not in the event file; "
          + STREAM_SHOW_SOURCE
          + "; "
          + STREAM_CONNECTIONS_SOURCE;

  private Priors() {}

  /** A product that the sources name and the event file does not. */
  public static EventSpec.Product undeclared() {
    return new EventSpec.Product(
        EventSpec.Admission.STREAM, Optional.empty(), STREAM_SHOW, STREAM_CONNECTIONS);
  }

  /** A declared product, its gaps filled. */
  static EventSpec.Product product(Section product) {
    EventSpec.Admission admission =
        product
            .at("admission")
            .take(
                node -> EventSpec.Admission.valueOf(node.asText().toUpperCase(Locale.ROOT)),
                EventSpec.Admission.STREAM,
                value -> value.name().toLowerCase(Locale.ROOT),
                "a ticket for the stream");
    boolean venue = admission == EventSpec.Admission.VENUE;
    Show usual = venue ? ofVenue(product) : new Show(STREAM_SHOW, STREAM_SHOW_SOURCE);
    return new EventSpec.Product(
        admission,
        product.at("capacity").read(JsonNode::asLong),
        product
            .at("showRate")
            .take(SpecReader::probability, usual.rate(), Quantity::toString, usual.source()),
        product
            .at("connectionsPerTicket")
            .take(
                SpecReader::factor,
                venue ? VENUE_CONNECTIONS : STREAM_CONNECTIONS,
                Quantity::toString,
                venue
                    ? "no recorded source: a guess that some in the venue open the stream"
                    : STREAM_CONNECTIONS_SOURCE));
  }

  private record Show(Quantity rate, String source) {}

  /** Whether a ticket was paid for makes no difference to a stream, where most do not show. */
  private static Show ofVenue(Section product) {
    boolean free =
        product
            .at("free")
            .take(JsonNode::asBoolean, false, String::valueOf, "most tickets of a venue are sold");
    return free
        ? new Show(FREE_VENUE_SHOW, "free in person: 40 to 60 % do not show")
        : new Show(VENUE_SHOW, "paid in person: 10 to 30 % do not show");
  }
}
