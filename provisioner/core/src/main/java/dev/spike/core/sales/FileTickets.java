package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

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
    try (ExportFile file = ExportFile.of(export.path(), reading.folder())) {
      return switch (export) {
        case EventSpec.CsvSource csv -> new OrderTable(csv, reading.asOf()).read(file, reading);
        case EventSpec.ShopifySource shopify -> shopify(shopify, file, reading);
        case EventSpec.PretixSource pretix ->
            new PretixTickets(
                    pretix,
                    file.name(),
                    pretix.items(),
                    pretix.subevent().isPresent()
                        ? OptionalLong.of(pretix.subevent().get())
                        : OptionalLong.empty(),
                    reading)
                .read(file);
      };
    } catch (IOException failed) {
      throw new TicketDataException(
          TicketDataException.Kind.BAD_DATA,
          "The ticket export "
              + ExportFile.named(export.path())
              + " stopped being readable: "
              + ExportFile.why(failed)
              + ".",
          "Export it again, and check that it opens.",
          failed);
    }
  }

  private static SourceReport shopify(
      EventSpec.ShopifySource source, ExportFile file, Reading reading)
      throws TicketDataException, IOException {
    ItemNames items = new ItemNames(source.items());
    SourceReport report =
        new CsvTickets(
                file.name(),
                Optional.empty(),
                header -> new ShopifyRows(source, items, header, reading.asOf()),
                reading.sales(),
                BlockThreads.inOrderOfRows())
            .read("shopify", file);
    items.remark(source).ifPresent(reading.remarks()::add);
    return report;
  }
}
