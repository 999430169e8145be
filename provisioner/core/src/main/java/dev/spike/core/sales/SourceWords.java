package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;

/**
 * What messages call a source, and what of it may be wrong: only keys that such a source has.
 *
 * @param called the source as the subject of a sentence
 * @param empty what to do when it has no sale at all
 * @param rejected what to do when too much of it cannot be understood
 * @param uncounted what to do when nothing of it counts
 */
record SourceWords(String called, String empty, String rejected, String uncounted) {

  /** Those of a source. */
  static SourceWords of(EventSpec.Source source) {
    String here = " of the source in line " + source.line() + " of the event file";
    return switch (source) {
      case EventSpec.CsvSource csv ->
          file(
              csv,
              "Correct columns, timezone, timeFormat or maxQuantity" + here + ", or the export.",
              "Check accept, columns and items" + here + ".");
      case EventSpec.ShopifySource shopify ->
          file(
              shopify,
              "Export the orders again, as Shopify writes them; times without an offset are of"
                  + " timezone"
                  + here
                  + ".",
              "Check that the export has paid orders, and items" + here + ".");
      case EventSpec.PretixSource pretix ->
          file(
              pretix,
              "Export it again: pretix, Export, Order data (JSON).",
              "Check that the export has paid orders, and items and subevent" + here + ".");
      case EventSpec.PretixApiSource shop ->
          service(
              shop,
              "Look at these orders in the shop, or raise tickets.maxRejected.",
              "Check event, subevent, modifiedSince and items" + here + ".");
      case EventSpec.EventbriteSource event ->
          service(
              event,
              "Look at these attendees in Eventbrite, or raise tickets.maxRejected.",
              "Check event and items" + here + ".");
      case EventSpec.JdbcSource database ->
          new SourceWords(
              "The database " + database.name(),
              "Check the where in query" + here + ".",
              "Correct query or timezone" + here + ".",
              "Check the where in query" + here + ".");
    };
  }

  private static SourceWords file(EventSpec.FileSource file, String rejected, String uncounted) {
    return new SourceWords(
        "The ticket export " + ExportFile.named(file.path()),
        "Check the export's filter, or remove the source from the event file.",
        rejected,
        uncounted);
  }

  private static SourceWords service(EventSpec.Source source, String rejected, String uncounted) {
    return new SourceWords(
        source.name(),
        uncounted.replace(" and items", "") + " Remove it until sales open.",
        rejected,
        uncounted);
  }
}
