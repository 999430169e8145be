package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the sources of an event say.
 *
 * @param reports one a source, in the event file's order, those of past events last
 * @param capacities of products, where a source knows them
 * @param past events that are over, in the event file's order; their sales are not the event's
 */
public record TicketSales(
    SalesHistory history,
    List<SourceReport> reports,
    SortedMap<String, Long> capacities,
    List<PastEvent> past) {
  public TicketSales {
    reports = List.copyOf(reports);
    past = List.copyOf(past);
  }

  /** As the other, from files only. */
  public static TicketSales read(EventSpec.Tickets tickets, Path folder, Instant asOf)
      throws TicketDataException {
    return read(tickets, folder, asOf, TicketReaders.ofFiles());
  }

  /**
   * Reads all sources. Sales after {@code asOf} are left out: they were not known.
   *
   * @param folder that paths are relative to
   * @throws TicketDataException for the first source that cannot be counted
   */
  public static TicketSales read(
      EventSpec.Tickets tickets, Path folder, Instant asOf, TicketReaders readers)
      throws TicketDataException {
    Reading reading = reading(folder, asOf, readers);
    List<SourceReport> reports = new ArrayList<>();
    for (EventSpec.Source source : tickets.sources()) {
      SourceReport report = readers.read(source, reading);
      refuse(report, tickets.maxRejected());
      reports.add(report);
    }
    List<PastEvent> past = new ArrayList<>();
    for (EventSpec.Past event : tickets.history()) {
      past.add(
          past(event, tickets.maxRejected(), reading(folder, asOf, readers), readers, reports));
    }
    return new TicketSales(reading.sales().history(), reports, reading.capacities(), past);
  }

  private static Reading reading(Path folder, Instant asOf, TicketReaders readers) {
    return new Reading(
        folder, asOf, readers.environment(), new SalesHistory.Counter(), new TreeMap<>());
  }

  private static PastEvent past(
      EventSpec.Past event,
      double maxRejected,
      Reading reading,
      TicketReaders readers,
      List<SourceReport> reports)
      throws TicketDataException {
    for (EventSpec.Source source : event.sources()) {
      try {
        SourceReport report = readers.read(source, reading);
        refuse(report, maxRejected);
        reports.add(report.ofPastEvent(event.name()));
      } catch (TicketDataException failed) {
        throw new TicketDataException(
            failed.kind(),
            "The past event " + event.name() + " cannot be read. " + failed.getMessage(),
            failed.next(),
            failed);
      }
    }
    return new PastEvent(event.name(), event.startsAt(), reading.sales().history());
  }

  private static void refuse(SourceReport report, double maxRejected) throws TicketDataException {
    if (report.read() == 0) {
      throw TicketDataException.bad(
          "The ticket export " + report.name() + " holds no order.",
          "Check the export's filter, or remove the source from the event file.");
    }
    if (report.rejected() > report.read() * maxRejected) {
      throw TicketDataException.bad(
          String.format(
              Locale.ROOT,
              "The ticket export %s has %,d of %,d rows that cannot be understood (%.2f %%, allowed"
                  + " are %.2f %%):%s%s",
              report.name(),
              report.rejected(),
              report.read(),
              100.0 * report.rejected() / report.read(),
              100 * maxRejected,
              lines(report.rejectedByReason()),
              "\n  " + String.join("\n  ", report.firstRejected())),
          "Correct the source's columns, timezone or timeFormat, or the export.");
    }
    if (report.accepted() == 0) {
      throw TicketDataException.bad(
          "No row of the ticket export "
              + report.name()
              + " counts as a sale:"
              + lines(report.leftOut()),
          "Check accept of the source, and the plan's instant (--as-of).");
    }
  }

  private static String lines(SortedMap<String, Long> counts) {
    StringBuilder out = new StringBuilder();
    counts.forEach(
        (reason, count) -> out.append("\n  ").append(count).append(" × ").append(reason));
    return out.toString();
  }
}
