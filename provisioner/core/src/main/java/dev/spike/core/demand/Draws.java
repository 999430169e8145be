package dev.spike.core.demand;

import dev.spike.core.spec.Quantity;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.hipparchus.random.RandomDataGenerator;
import org.hipparchus.util.FastMath;

/**
 * Seeded random numbers. Each input has its own stream, so that adding a product leaves others'
 * draws.
 *
 * @param count of each input
 */
record Draws(long seed, int count) {
  Draws {
    if (count < 1) {
      throw new IllegalArgumentException("at least one draw, not " + count);
    }
  }

  /** One number a draw for that input. */
  double[] of(String input, ToDoubleFunction<RandomDataGenerator> draw) {
    RandomDataGenerator random =
        new RandomDataGenerator(seed * 0x9E3779B97F4A7C15L + input.hashCode());
    double[] values = new double[count];
    for (int index = 0; index < count; index++) {
      values[index] = draw.applyAsDouble(random);
    }
    return values;
  }

  /** That quantity, drawn as often. */
  double[] of(String input, Quantity quantity) {
    return of(input, random -> one(quantity, random));
  }

  /** Standard normal numbers. */
  double[] normal(String input) {
    return of(input, random -> random.nextNormal(0, 1));
  }

  /** One draw of a quantity. */
  static double one(Quantity quantity, RandomDataGenerator random) {
    return switch (quantity) {
      case Quantity.Exact exact -> exact.mean();
      case Quantity.Share share ->
          random.nextBeta(share.mean() * share.weight(), (1 - share.mean()) * share.weight());
      case Quantity.Factor factor -> {
        double variance = FastMath.log1p(factor.cv() * factor.cv());
        // Not nextLogNormal: it takes the spread first and refuses a mean below 1.
        double middle = FastMath.log(factor.mean()) - variance / 2;
        yield FastMath.exp(random.nextNormal(middle, FastMath.sqrt(variance)));
      }
    };
  }

  /** The nearest ranks, rounded up to whole numbers. */
  static Quantiles quantiles(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Quantiles(rank(sorted, 50), rank(sorted, 90), rank(sorted, 99));
  }

  private static long rank(double[] sorted, int percent) {
    int index = (int) FastMath.ceil(sorted.length * (percent / 100.0)) - 1;
    return (long) FastMath.ceil(sorted[FastMath.max(0, index)] - 1e-6);
  }

  /** Four digits after the point are more than any of this is known to. */
  static double rounded(double value) {
    return FastMath.rint(value * 1e4) / 1e4;
  }
}
