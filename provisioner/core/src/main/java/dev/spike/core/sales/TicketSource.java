package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;

/**
 * A reader of one kind of ticket source. Those that need a network or a driver are found by {@link
 * java.util.ServiceLoader}, so that this module needs neither.
 *
 * <p>The contract: a reader streams, in bounded memory and bounded time; it adds counts by product
 * and minute to the reading and lets nothing else out, neither into what it returns nor into a
 * message: no row, no name, no address, no token and no password. Sales after the reading's instant
 * are left out and reported as such. It may fail after it added counts; the whole reading is then
 * given up.
 */
public interface TicketSource {
  /** What an event file maps things to that are sold and admit nobody. */
  String NO_ADMISSION = "none";

  /** Whether this reader is the one for that source. */
  boolean reads(EventSpec.Source source);

  /**
   * Reads a source to its end.
   *
   * @return what was read; with nothing read or nothing accepted the caller refuses the source
   * @throws TicketDataException MISSING_FILE, there is no such file; BAD_DATA, what came is not
   *     what the source is said to be, or more than its bounds; UNAVAILABLE, a service or database
   *     did not answer in time, also when asked again; UNAUTHORIZED, a token or password is not set
   *     or was refused
   */
  SourceReport read(EventSpec.Source source, Reading reading) throws TicketDataException;
}
