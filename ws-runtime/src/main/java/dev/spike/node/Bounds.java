package dev.spike.node;

import dev.spike.node.config.Failure;

/** Checks of numeric options. */
final class Bounds {
  private Bounds() {}

  static void check(String option, long value, long least, long most) throws Failure {
    if (value < least || value > most) {
      throw new Failure(
          Failure.USAGE,
          option + " is " + value + ", outside " + least + ".." + most,
          "give a number in that range");
    }
  }
}
