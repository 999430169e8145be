package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import java.io.IOException;
import java.time.Instant;

/** A CSV export of a source of type csv. */
final class OrderTable {
  private final EventSpec.CsvSource source;
  private final Instant asOf;
  private final ItemNames items;
  private final SeenIds ids = new SeenIds();

  OrderTable(EventSpec.CsvSource source, Instant asOf) {
    this.source = source;
    this.asOf = asOf;
    this.items = new ItemNames(source.items());
  }

  /** Reads the export to its end. Rows that may repeat are parsed by one thread, in their order. */
  SourceReport read(ExportFile file, Reading reading) throws TicketDataException, IOException {
    CsvTickets tickets =
        new CsvTickets(
            file.name(),
            source.separator(),
            header -> new OrderRows(source, Columns.of(source, header), asOf, items, ids),
            reading.sales(),
            source.columns().containsKey("id") ? BlockThreads.inOrderOfRows() : BlockThreads.all());
    SourceReport report = tickets.read("csv", file);
    if (ids.isFull()) {
      throw TicketDataException.bad(
          "The ticket export %s has more than %,d rows that count, too many to tell those that repeat."
              .formatted(file.name(), SeenIds.IDS_MAX),
          "Take columns.id out where no row repeats, or aggregate in a database with type: jdbc.");
    }
    items.remark(source).ifPresent(reading.remarks()::add);
    return report;
  }
}
