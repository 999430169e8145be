package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The readers there are: always those of files, and what else is installed. */
public final class TicketReaders {
  private final List<TicketSource> readers;
  private final Map<String, String> environment;

  private TicketReaders(List<TicketSource> installed, Map<String, String> environment) {
    this.readers = new ArrayList<>(installed);
    this.readers.add(new FileTickets());
    this.environment = Map.copyOf(environment);
  }

  /** Those of files only. */
  public static TicketReaders ofFiles() {
    return new TicketReaders(List.of(), Map.of());
  }

  /**
   * Those of files and others.
   *
   * @param environment the variables in which tokens and passwords are
   */
  public static TicketReaders with(List<TicketSource> installed, Map<String, String> environment) {
    return new TicketReaders(installed, environment);
  }

  Map<String, String> environment() {
    return environment;
  }

  SourceReport read(EventSpec.Source source, Reading reading) throws TicketDataException {
    for (TicketSource reader : readers) {
      if (reader.reads(source)) {
        return reader.read(source, reading);
      }
    }
    throw new TicketDataException(
        TicketDataException.Kind.UNAVAILABLE,
        "This build of spike has no reader for " + source.name() + ".",
        "Use the packaged distribution, or an export of the source.",
        null);
  }
}
