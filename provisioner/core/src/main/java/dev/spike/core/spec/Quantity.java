package dev.spike.core.spec;

import java.util.Locale;

/** A number that may be uncertain. */
public sealed interface Quantity {

  /** The middle of what it may be. */
  double mean();

  /** Exactly that number. */
  record Exact(double mean) implements Quantity {
    @Override
    public String toString() {
      return number(mean);
    }
  }

  /** Beta(mean * weight, (1 - mean) * weight): a share known from {@code weight} observations. */
  record Share(double mean, double weight) implements Quantity {
    @Override
    public String toString() {
      return "{mean: " + number(mean) + ", weight: " + number(weight) + "}";
    }
  }

  /** A lognormal with that mean and coefficient of variation. */
  record Factor(double mean, double cv) implements Quantity {
    @Override
    public String toString() {
      return "{mean: " + number(mean) + ", cv: " + number(cv) + "}";
    }
  }

  /** A share; of mean 0 or 1 it is exact, whatever its weight. */
  static Quantity share(double mean, double weight) {
    return mean == 0 || mean == 1 ? new Exact(mean) : new Share(mean, weight);
  }

  /** A factor; without spread it is exact. */
  static Quantity factor(double mean, double cv) {
    return cv == 0 ? new Exact(mean) : new Factor(mean, cv);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.6f", value);
    return text.replaceAll("\\.?0+$", "");
  }
}
