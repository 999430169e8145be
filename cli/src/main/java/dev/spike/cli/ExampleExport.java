package dev.spike.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/**
 * A ticket export such as a shop would give: rows in the order of sale, most of them paid. The same
 * values give the same bytes.
 *
 * @param rows without the header
 * @param until the instant of the last sale
 */
record ExampleExport(long rows, long seed, Instant until) {
  static final long ROWS_MAX = 100_000_000;

  private static final Duration ON_SALE = Duration.ofDays(60);
  private static final double SEAT_SHARE = 0.03;
  private static final double REFUNDED_SHARE = 0.03;
  private static final double PENDING_SHARE = 0.02;

  /** How strongly sales thicken towards the event; 1 would be an even flow. */
  private static final double RUSH = 0.6;

  void writeTo(BufferedWriter out) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Instant from = until.minus(ON_SALE);
    out.write("order,ordered_at,ticket_type,qty,status\n");
    for (long row = 0; row < rows; row++) {
      double share = Math.pow((row + random.nextDouble()) / rows, RUSH);
      Instant at = from.plusMillis((long) (share * ON_SALE.toMillis()));
      out.write("T");
      out.write(Long.toString(100_000 + row));
      out.write(',');
      out.write(at.truncatedTo(ChronoUnit.SECONDS).toString());
      out.write(random.nextDouble() < SEAT_SHARE ? ",seat," : ",stream-pass,");
      out.write(quantity(random.nextDouble()));
      out.write(status(random.nextDouble()));
      out.write('\n');
    }
  }

  private static String quantity(double draw) {
    return draw < 0.55 ? "1" : draw < 0.88 ? "2" : draw < 0.95 ? "3" : "4";
  }

  private static String status(double draw) {
    if (draw < REFUNDED_SHARE) {
      return ",refunded";
    }
    return draw < REFUNDED_SHARE + PENDING_SHARE ? ",pending" : ",paid";
  }
}
