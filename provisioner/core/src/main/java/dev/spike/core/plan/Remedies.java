package dev.spike.core.plan;

import dev.spike.core.capacity.Load;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;

/**
 * What to change where no tier bears a load: of each value of the event file the nearest one with
 * which a tier would, everything else as it is. Each is tried, so that none is advised that would
 * not do.
 */
final class Remedies {
  /** Twenty steps to a factor of ten, over three such factors. */
  private static final int STEPS = 60;

  private static final double STEPS_TO_TEN = 20;
  private static final double SECONDS_MIN = 1;
  private static final double SECONDS_MAX = 3600;
  private static final MathContext UP = new MathContext(2, RoundingMode.UP);
  private static final MathContext DOWN = new MathContext(2, RoundingMode.DOWN);

  private final Load load;
  private final Predicate<Load> fits;
  private final List<String> found = new ArrayList<>();

  private Remedies(Load load, Predicate<Load> fits) {
    this.load = load;
    this.fits = fits;
  }

  /**
   * Changes as the event file writes them, such as {@code clients.reconnectJitter: 60s}; empty when
   * no change of one value suffices.
   *
   * @param fits whether some tier bears a load
   */
  static List<String> of(Load load, Predicate<Load> fits) {
    Remedies remedies = new Remedies(load, fits);
    remedies.messages();
    remedies.times();
    remedies.smaller(
        load.connections(),
        load::withConnections,
        most -> String.format(Locale.ROOT, "at most %,.0f connections", most));
    return List.copyOf(remedies.found);
  }

  private void messages() {
    Load.Traffic now = load.traffic();
    if (!now.skipMissed()) {
      Load skipping = with(now.messagesPerSecond(), now.acknowledgeSeconds(), true);
      if (fits.test(skipping)) {
        found.add(Input.SKIP_MISSED + ": true (who comes back goes on with the next message)");
      }
    }
    smaller(
        now.messagesPerSecond(),
        rate -> with(rate, now.acknowledgeSeconds(), now.skipMissed()),
        rate -> Input.MESSAGES + ": " + plain(rate));
    longer(
        Input.ACKNOWLEDGE,
        now.acknowledgeSeconds(),
        seconds -> with(now.messagesPerSecond(), seconds, now.skipMissed()));
  }

  private void times() {
    longer(Input.JITTER, load.jitterSeconds(), load::withJitter);
    smaller(
        load.jitterSeconds(),
        seconds -> seconds < SECONDS_MIN ? load : load.withJitter(seconds),
        seconds -> Input.JITTER + ": " + plain(seconds) + "s");
    double within = load.tauSeconds() * Input.TAUS;
    longer(Input.WITHIN, within, seconds -> load.withTau(seconds / Input.TAUS));
  }

  private void longer(String key, double seconds, DoubleFunction<Load> changed) {
    for (int step = 1; step <= STEPS; step++) {
      double tried = rounded(seconds * Math.pow(10, step / STEPS_TO_TEN), UP);
      if (tried > SECONDS_MAX) {
        return;
      }
      if (fits.test(changed.apply(tried))) {
        found.add(key + ": " + plain(Math.ceil(tried)) + "s");
        return;
      }
    }
  }

  private void smaller(double value, DoubleFunction<Load> changed, DoubleFunction<String> words) {
    for (int step = 1; step <= STEPS && value > 0; step++) {
      double tried = rounded(value / Math.pow(10, step / STEPS_TO_TEN), DOWN);
      if (fits.test(changed.apply(tried))) {
        found.add(words.apply(tried));
        return;
      }
    }
  }

  private Load with(double messagesPerSecond, double acknowledgeSeconds, boolean skipMissed) {
    Load.Traffic traffic = load.traffic();
    return new Load(
        load.connections(),
        load.tauSeconds(),
        load.patience(),
        new Load.Traffic(
            traffic.heartbeatSeconds(),
            messagesPerSecond,
            traffic.messageBytes(),
            traffic.channels(),
            traffic.channelsPerConnection(),
            acknowledgeSeconds,
            skipMissed));
  }

  private static double rounded(double value, MathContext digits) {
    return new BigDecimal(value).round(digits).doubleValue();
  }

  private static String plain(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }
}
