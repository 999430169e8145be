package dev.spike.core.sales;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.hipparchus.random.RandomDataGenerator;
import org.hipparchus.util.FastMath;

/**
 * When orders come: a burst when sales open, an even tail, a rush towards the start, and less by
 * night. Drawn minute by minute, so that any number of orders takes the same memory.
 */
final class OrderTimes {
  /** Of final sales, what the burst brings; it fades with e^(-days / 1.5). */
  static final double BURST = 0.28;

  /** Of final sales, what the rush brings; it grows with e^(days / 0.7), 94 % in the last 48 h. */
  static final double RUSH = 0.28;

  private static final double BURST_DAYS = 1.5;
  private static final double RUSH_DAYS = 0.7;
  private static final double MINUTES_A_DAY = 1440;
  private static final int OPENING_MINUTES = 180;
  private static final int MINUTES_MAX = 5 * 366 * 1440;

  /** Of the mean, by hour of the day in UTC; the mean of all is 1. */
  private static final double[] RHYTHM = {
    0.45, 0.25, 0.15, 0.10, 0.10, 0.20, 0.45, 0.80, 1.10, 1.25, 1.30, 1.30,
    1.35, 1.30, 1.20, 1.15, 1.20, 1.35, 1.60, 1.80, 1.85, 1.70, 1.25, 0.80
  };

  private final long firstSecond;
  private final int[] ordersOfMinute;
  private int minute = -1;
  private long[] seconds = new long[0];
  private int next;

  /**
   * Draws the times of so many orders.
   *
   * @param until no order is later
   * @param startsAt of the event; sales open at most five years before
   */
  OrderTimes(
      RandomDataGenerator random, int orders, Instant onSaleAt, Instant until, Instant startsAt) {
    long minutes = FastMath.max(1, Duration.between(onSaleAt, until).toMinutes());
    if (minutes > MINUTES_MAX) {
      throw new IllegalArgumentException("sales open at most five years before the event");
    }
    double span = Duration.between(onSaleAt, startsAt).toSeconds() / 86_400.0;
    this.firstSecond = onSaleAt.getEpochSecond();
    this.ordersOfMinute = new int[(int) minutes];
    double[] upTo = new double[(int) minutes];
    double sum = 0;
    for (int at = 0; at < upTo.length; at++) {
      int hour = (int) FastMath.floorMod(FastMath.floorDiv(firstSecond + at * 60L, 3600L), 24L);
      double rhythm = at < OPENING_MINUTES ? 1 : RHYTHM[hour];
      sum += rhythm * rate(at / MINUTES_A_DAY, span);
      upTo[at] = sum;
    }
    for (int order = 0; order < orders; order++) {
      int found = Arrays.binarySearch(upTo, random.nextDouble() * sum);
      ordersOfMinute[FastMath.min(found < 0 ? -found - 1 : found, upTo.length - 1)]++;
    }
  }

  /** Final sales a day, as a share. */
  private static double rate(double day, double span) {
    double burst = FastMath.exp(-day / BURST_DAYS) / (1 - FastMath.exp(-span / BURST_DAYS));
    double rush = FastMath.exp((day - span) / RUSH_DAYS) / (1 - FastMath.exp(-span / RUSH_DAYS));
    return BURST * burst / BURST_DAYS + RUSH * rush / RUSH_DAYS + (1 - BURST - RUSH) / span;
  }

  /** The epoch second of the next order; rising. To be asked once an order. */
  long next(RandomDataGenerator random) {
    while (next == seconds.length) {
      minute++;
      seconds = new long[ordersOfMinute[minute]];
      for (int order = 0; order < seconds.length; order++) {
        seconds[order] = firstSecond + minute * 60L + (long) (random.nextDouble() * 60);
      }
      Arrays.sort(seconds);
      next = 0;
    }
    return seconds[next++];
  }
}
