package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import java.io.IOException;
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
 * @param reports one a source, in the event file's order
 * @param capacities of products, where a source knows them
 */
public record TicketSales(
    SalesHistory history, List<SourceReport> reports, SortedMap<String, Long> capacities) {
  public TicketSales {
    reports = List.copyOf(reports);
  }

  /**
   * Reads all sources. Sales after {@code asOf} are left out: they were not known.
   *
   * @param folder that paths are relative to
   * @throws TicketDataException for the first source that cannot be counted
   */
  public static TicketSales read(EventSpec.Tickets tickets, Path folder, Instant asOf)
      throws TicketDataException {
    SalesHistory.Counter sales = new SalesHistory.Counter();
    List<SourceReport> reports = new ArrayList<>();
    SortedMap<String, Long> capacities = new TreeMap<>();
    for (EventSpec.Source source : tickets.sources()) {
      try (ExportFile file = ExportFile.open(source.path(), folder.resolve(source.path()))) {
        SourceReport report =
            switch (source) {
              case EventSpec.CsvSource csv -> new CsvTickets(csv, asOf, sales).read(file);
              case EventSpec.PretixSource pretix -> {
                PretixTickets reader = new PretixTickets(pretix, asOf, sales);
                SourceReport read = reader.read(file);
                capacities.putAll(reader.capacities());
                yield read;
              }
            };
        refuse(report, tickets.maxRejected());
        reports.add(report);
      } catch (IOException failed) {
        throw new TicketDataException(
            TicketDataException.Kind.BAD_DATA,
            "The ticket export "
                + source.path()
                + " stopped being readable: "
                + failed.getMessage()
                + ".",
            "Export it again, and check that it opens.",
            failed);
      }
    }
    return new TicketSales(sales.history(), reports, capacities);
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
