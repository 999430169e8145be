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

  private static final Quantity STREAM_SHOW = Quantity.share(0.4, 38);
  private static final Quantity VENUE_SHOW = Quantity.share(0.8, 25);
  private static final Quantity STREAM_CONNECTIONS = Quantity.factor(1.1, 0.1);
  private static final Quantity VENUE_CONNECTIONS = Quantity.factor(0.15, 0.4);

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
    return new EventSpec.Product(
        admission,
        product.at("capacity").read(JsonNode::asLong),
        product
            .at("showRate")
            .take(
                SpecReader::probability,
                venue ? VENUE_SHOW : STREAM_SHOW,
                Quantity::toString,
                venue
                    ? "paid in person: 10 to 30 % do not show"
                    : "virtual events: 50 to 70 % do not show"),
        product
            .at("connectionsPerTicket")
            .take(
                SpecReader::factor,
                venue ? VENUE_CONNECTIONS : STREAM_CONNECTIONS,
                Quantity::toString,
                venue
                    ? "no recorded source: a guess that some in the venue open the stream"
                    : "no recorded source: a guess that one in ten opens a second device"));
  }
}
