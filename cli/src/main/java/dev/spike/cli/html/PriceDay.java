package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The day of the prices.
 *
 * @param ageDays when the plan was made
 */
record PriceDay(LocalDate day, long ageDays) {
  private static final int QUARTER_DAYS = 92;

  /** Nothing where the plan's price list has no day, as one of a provider that charges nothing. */
  static Optional<PriceDay> of(Plan plan) {
    try {
      LocalDate day = LocalDate.parse(plan.cost().priceList());
      LocalDate made = plan.made().asOf().atZone(ZoneOffset.UTC).toLocalDate();
      return Optional.of(new PriceDay(day, ChronoUnit.DAYS.between(day, made)));
    } catch (DateTimeException named) {
      return Optional.empty();
    }
  }

  /** Whether so much time has passed that prices may have changed. */
  boolean old() {
    return ageDays > QUARTER_DAYS;
  }

  /** {@code 1 July 2026}, and how long ago that was where it matters. */
  String words() {
    return EventTime.date(day) + (old() ? ", " + ageDays + " days before this plan" : "");
  }
}
