package dev.spike.core.demand.backtest;

import dev.spike.core.demand.DemandModel;
import dev.spike.core.demand.RecordedCurve;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hipparchus.special.Erf;
import org.hipparchus.util.FastMath;

/**
 * An evening's load as other evenings went: each of them, brought to this evening's level, is one
 * way in which it may go, and around each lies a lognormal (a smoothed bootstrap). Quantiles are
 * those of that mixture, so nothing is drawn.
 *
 * <p>The level is what the load was in the half hour before the forecast. It is believed by half:
 * an evening whose half hour was k times this one's counts 1/sqrt(k), because the same crowd that
 * shows in the half hour before also shows in the mean of all evenings. The width is Silverman's,
 * 1.06 s n^(-1/5), s being the standard deviation of the n logarithms, pooled over half an hour to
 * both sides (Silverman, Density Estimation, 1986, 3.28); the over-dispersion of a minute's count,
 * z / mean in logarithms, comes on top.
 */
final class EveningForecast implements MinuteForecast {
  /** Fewer have no spread. */
  static final int EVENINGS_MIN = 2;

  private static final int POOLED_MINUTES = 30;
  private static final double LEVEL_BELIEVED = 0.5;
  private static final double COUNT_MIN = 0.5;

  private final List<Other> others;
  private final Course course;

  /** Another evening's logarithms, raised to this evening's level, from its first minute on. */
  private static final class Other {
    private final int fromMinute;
    private final double[] logarithms;

    private Other(int fromMinute, double[] logarithms) {
      this.fromMinute = fromMinute;
      this.logarithms = logarithms;
    }

    static Other of(RecordedCurve curve, Instant kickoff, Course course, double raise) {
      int from = course.fromMinute() - POOLED_MINUTES;
      double[] logarithms = new double[course.toMinute() + POOLED_MINUTES - from + 1];
      for (int index = 0; index < logarithms.length; index++) {
        Instant at = kickoff.plus(Duration.ofMinutes((long) from + index));
        double mean = curve.mean(at.minusSeconds(120), at.plusSeconds(180));
        logarithms[index] = FastMath.log(FastMath.max(COUNT_MIN, mean)) + raise;
      }
      return new Other(from, logarithms);
    }

    /** NaN outside of what is looked at, and where nothing was recorded. */
    double logarithm(int minute) {
      int index = minute - fromMinute;
      return index < 0 || index >= logarithms.length ? Double.NaN : logarithms[index];
    }
  }

  /** One way in which a minute may go. */
  private record Way(double weight, double logarithm, double width) {
    /** The share of it below. */
    double below(double logarithmThen) {
      return weight * 0.5 * Erf.erfc((logarithm - logarithmThen) / (width * FastMath.sqrt(2.0)));
    }
  }

  private EveningForecast(List<Other> others, Course course) {
    this.others = others;
    this.course = course;
  }

  /**
   * A forecast; empty where the half hour before it was not recorded in this evening and two
   * others.
   *
   * @param known the recording up to the instant of the forecast
   * @param kickoffs of other evenings
   * @param recorded the recording of those
   */
  static Optional<EveningForecast> of(
      RecordedCurve known,
      Instant kickoff,
      RecordedCurve recorded,
      List<Instant> kickoffs,
      Course course) {
    double level = level(known, kickoff, course);
    List<Other> others = new ArrayList<>();
    for (Instant other : kickoffs) {
      double its = level(recorded, other, course);
      if (!Double.isNaN(its)) {
        others.add(Other.of(recorded, other, course, LEVEL_BELIEVED * FastMath.log(level / its)));
      }
    }
    return Double.isNaN(level) || others.size() < EVENINGS_MIN
        ? Optional.empty()
        : Optional.of(new EveningForecast(List.copyOf(others), course));
  }

  /** The mean count per minute of the half hour before the forecast; NaN where none is recorded. */
  private static double level(RecordedCurve curve, Instant kickoff, Course course) {
    return FastMath.max(COUNT_MIN, curve.mean(course.firstSeen(kickoff), course.asOf(kickoff)));
  }

  @Override
  public Optional<MinuteQuantiles> at(int minute) {
    List<Way> ways = ways(minute);
    if (ways.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new MinuteQuantiles(quantile(ways, 0.5), quantile(ways, 0.9), quantile(ways, 0.99)));
  }

  private List<Way> ways(int minute) {
    int late = course.whenLate(minute);
    double width = width(minute);
    double widthLate = width(late);
    double lateShare = course.overrun().probability();
    List<Way> ways = new ArrayList<>();
    for (Other other : others) {
      double usual = other.logarithm(minute);
      double whenLate = FastMath.max(usual, other.logarithm(late));
      if (Double.isNaN(whenLate)) {
        continue;
      }
      ways.add(way(1 - lateShare, usual, width));
      ways.add(way(lateShare, whenLate, widthLate));
    }
    return ways.size() < 2 * EVENINGS_MIN ? List.of() : ways;
  }

  private static Way way(double weight, double logarithm, double width) {
    double ofCount = DemandModel.PEAKEDNESS / FastMath.exp(logarithm);
    return new Way(weight, logarithm, FastMath.sqrt(width * width + ofCount));
  }

  private double width(int minute) {
    double sum = 0;
    int minutes = 0;
    for (int near = minute - POOLED_MINUTES; near <= minute + POOLED_MINUTES; near++) {
      double variance = variance(near);
      if (!Double.isNaN(variance)) {
        sum += variance;
        minutes++;
      }
    }
    double deviation = minutes == 0 ? 0 : FastMath.sqrt(sum / minutes);
    return 1.06 * deviation * FastMath.pow(others.size(), -0.2);
  }

  private double variance(int minute) {
    double mean = 0;
    for (Other other : others) {
      mean += other.logarithm(minute) / others.size();
    }
    double squares = 0;
    for (Other other : others) {
      squares += FastMath.pow(other.logarithm(minute) - mean, 2);
    }
    return squares / (others.size() - 1);
  }

  /** Where the mixture reaches a probability, by halving. */
  private static double quantile(List<Way> ways, double probability) {
    double all = ways.stream().mapToDouble(Way::weight).sum();
    double low =
        ways.stream().mapToDouble(way -> way.logarithm() - 8 * way.width()).min().orElse(0);
    double high =
        ways.stream().mapToDouble(way -> way.logarithm() + 8 * way.width()).max().orElse(0);
    for (int halving = 0; halving < 50; halving++) {
      double middle = (low + high) / 2;
      double below = ways.stream().mapToDouble(way -> way.below(middle)).sum();
      if (below < probability * all) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return FastMath.exp(high);
  }
}
