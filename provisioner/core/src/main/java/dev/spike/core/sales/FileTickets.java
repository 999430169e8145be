package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import java.io.IOException;

/** Reads exports that lie beside the event file. */
final class FileTickets implements TicketSource {
  @Override
  public boolean reads(EventSpec.Source source) {
    return source instanceof EventSpec.FileSource;
  }

  @Override
  public SourceReport read(EventSpec.Source source, Reading reading) throws TicketDataException {
    if (!(source instanceof EventSpec.FileSource export)) {
      throw new IllegalArgumentException(source.name() + " is not a file");
    }
    try (ExportFile file =
        ExportFile.open(export.path(), reading.folder().resolve(export.path()))) {
      return switch (export) {
        case EventSpec.CsvSource csv ->
            new CsvTickets(csv, reading.asOf(), reading.sales()).read(file);
        case EventSpec.PretixSource pretix -> {
          PretixTickets reader = new PretixTickets(pretix, reading.asOf(), reading.sales());
          SourceReport read = reader.read(file);
          reading.capacities().putAll(reader.capacities());
          yield read;
        }
      };
    } catch (IOException failed) {
      throw new TicketDataException(
          TicketDataException.Kind.BAD_DATA,
          "The ticket export "
              + export.path()
              + " stopped being readable: "
              + failed.getMessage()
              + ".",
          "Export it again, and check that it opens.",
          failed);
    }
  }
}
