package dev.spike.cli.html;

/** Values of one axis to places on the picture. */
record Scale(double from, double to, double start, double end) {
  Scale {
    if (!(to > from)) {
      to = from + 1;
    }
  }

  double at(double value) {
    return start + (value - from) / (to - from) * (end - start);
  }
}
