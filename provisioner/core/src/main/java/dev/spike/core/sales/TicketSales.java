package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * @param remarks what people should know of sources that were read
 * @param past events that are over, in the event file's order; their sales are not the event's
 */
public record TicketSales(
    SalesHistory history,
    List<SourceReport> reports,
    SortedMap<String, Long> capacities,
    List<SourceRemark> remarks,
    List<PastEvent> past) {
  public TicketSales {
    reports = List.copyOf(reports);
    remarks = List.copyOf(remarks);
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
    List<SourceRemark> remarks = new ArrayList<>();
    Reading reading = reading(folder, asOf, readers, remarks);
    List<SourceReport> reports = new ArrayList<>();
    for (EventSpec.Source source : tickets.sources()) {
      SourceReport report = readers.read(source, reading);
      refuse(source, report, tickets.maxRejected(), asOf);
      reports.add(report);
    }
    List<PastEvent> past = new ArrayList<>();
    for (EventSpec.Past event : tickets.history()) {
      past.add(
          past(
              event,
              tickets.maxRejected(),
              reading(folder, asOf, readers, remarks),
              readers,
              reports));
    }
    tickets.upcoming().forEach(name -> remarks.add(notOver(name, asOf)));
    return new TicketSales(reading.sales().history(), reports, reading.capacities(), remarks, past);
  }

  private static SourceRemark notOver(String name, Instant asOf) {
    return new SourceRemark(
        "The event " + name + " under tickets.history is left out.",
        "It had not started at the plan's instant " + asOf.truncatedTo(ChronoUnit.SECONDS) + ".",
        "Correct its startsAt, or leave it until it is over.");
  }

  private static Reading reading(
      Path folder, Instant asOf, TicketReaders readers, List<SourceRemark> remarks) {
    return new Reading(
        folder, asOf, readers.environment(), new SalesHistory.Counter(), new TreeMap<>(), remarks);
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
        refuse(source, report, maxRejected, reading.asOf());
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

  private static void refuse(
      EventSpec.Source source, SourceReport report, double maxRejected, Instant asOf)
      throws TicketDataException {
    SourceWords words = SourceWords.of(source);
    if (report.read() == 0) {
      throw TicketDataException.bad(words.called() + " holds no order.", words.empty());
    }
    if (report.rejected() > report.read() * maxRejected) {
      throw TicketDataException.bad(
          String.format(
              Locale.ROOT,
              "%s has %,d of %,d rows that cannot be understood (%.2f %%, allowed are %.2f"
                  + " %%):%s%s",
              words.called(),
              report.rejected(),
              report.read(),
              100.0 * report.rejected() / report.read(),
              100 * maxRejected,
              lines(report.rejectedByReason()),
              "\n  " + String.join("\n  ", report.firstRejected())),
          words.rejected());
    }
    if (report.accepted() == 0) {
      boolean isTooEarly = report.leftOut().containsKey(RowTally.LATER);
      throw TicketDataException.bad(
          words.called()
              + " has no row that counts as a sale at the plan's instant "
              + asOf.truncatedTo(ChronoUnit.SECONDS)
              + ":"
              + lines(report.leftOut()),
          isTooEarly
              ? "Plan as of a later instant, when tickets were sold, with --as-of; until then there"
                  + " is nothing to plan from."
              : words.uncounted());
    }
  }

  private static String lines(SortedMap<String, Long> counts) {
    StringBuilder out = new StringBuilder();
    counts.forEach(
        (reason, count) -> out.append("\n  ").append(count).append(" × ").append(reason));
    return out.toString();
  }
}
