package dev.spike.cli.html;

/** A picture that is drawn for several widths, so that its letters keep their size. */
interface Chart {
  /** Height in the units of {@link Size#width()}. */
  double height(Size size);

  /** Writes what stands inside the {@code svg} element. */
  void draw(Markup svg, Size size);

  /** The widths; a unit is a CSS pixel where the picture is not scaled. */
  enum Size {
    WIDE("wide", 880, 300, 8, 6),
    /** For a tablet, and for paper. */
    MEDIUM("medium", 660, 240, 7, 6),
    /** One of two that stand side by side, where a wide one has room. */
    HALF("half", 430, 230, 5, 5),
    NARROW("narrow", 330, 220, 5, 5);

    private final String css;
    private final double width;
    private final double plotHeight;
    private final int ticksAcross;
    private final int ticksUp;

    Size(String css, double width, double plotHeight, int ticksAcross, int ticksUp) {
      this.css = css;
      this.width = width;
      this.plotHeight = plotHeight;
      this.ticksAcross = ticksAcross;
      this.ticksUp = ticksUp;
    }

    String css() {
      return css;
    }

    double width() {
      return width;
    }

    double plotHeight() {
      return plotHeight;
    }

    int ticksAcross() {
      return ticksAcross;
    }

    int ticksUp() {
      return ticksUp;
    }
  }
}
