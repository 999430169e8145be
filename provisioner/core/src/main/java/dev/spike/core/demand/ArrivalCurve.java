package dev.spike.core.demand;

/** Expected arrivals over time; times are seconds from the event's start. */
sealed interface ArrivalCurve permits RampMixture, RecordedArrivals {
  /** Arrivals per second at a time. */
  double perSecond(double time);

  /** Arrivals between two times, exactly. */
  double between(double from, double to);

  /** The largest rate. */
  double peakPerSecond();

  /** The same course with another number of arrivals. */
  ArrivalCurve times(double factor);
}
