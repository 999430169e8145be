package dev.spike.core.demand;

import java.util.List;
import org.hipparchus.util.FastMath;

/**
 * lambda(t) = base + sum over k of N_k/(4 tau_k) sech^2((t - t_k)/(2 tau_k)): logistic ramps of
 * doors, kick-off, restart, pulses and the surge at the end.
 *
 * @param basePerSecond at all times
 */
record RampMixture(double basePerSecond, List<Part> parts) implements ArrivalCurve {
  private static final int SEARCH_STEPS = 400;

  RampMixture {
    parts = List.copyOf(parts);
  }

  /**
   * One ramp.
   *
   * @param at its midpoint
   */
  record Part(String name, double at, LogisticRamp ramp) {}

  @Override
  public double perSecond(double time) {
    double rate = basePerSecond;
    for (Part part : parts) {
      rate += part.ramp().perSecond(time - part.at());
    }
    return rate;
  }

  @Override
  public double between(double from, double to) {
    double arrivals = basePerSecond * (to - from);
    for (Part part : parts) {
      arrivals += part.ramp().upTo(to - part.at()) - part.ramp().upTo(from - part.at());
    }
    return arrivals;
  }

  /** Ramps overlap, so the largest rate is looked for around each midpoint. */
  @Override
  public double peakPerSecond() {
    double peak = basePerSecond;
    for (Part part : parts) {
      double tau = part.ramp().tauSeconds();
      for (int step = -SEARCH_STEPS; step <= SEARCH_STEPS; step++) {
        peak = FastMath.max(peak, perSecond(part.at() + 4 * tau * step / SEARCH_STEPS));
      }
    }
    return peak;
  }

  /** The base stays: it is not a part of the event's crowd. */
  @Override
  public RampMixture times(double factor) {
    return new RampMixture(
        basePerSecond,
        parts.stream()
            .map(
                part ->
                    new Part(
                        part.name(),
                        part.at(),
                        new LogisticRamp(
                            part.ramp().arrivals() * factor, part.ramp().tauSeconds())))
            .toList());
  }
}
