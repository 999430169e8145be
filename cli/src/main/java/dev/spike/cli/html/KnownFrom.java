package dev.spike.cli.html;

import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.plan.Plan;
import dev.spike.core.spec.Assumption;
import java.util.Arrays;

/** How well a number is known, best first. */
enum KnownFrom {
  MEASURED("measured", "ok", "counted in the sales, or measured on such a node"),
  GIVEN("given", "given", "stands in the event file, or its maker states it"),
  DEFAULT("default", "due", "was taken because nothing was said: confirm it"),
  ESTIMATE("estimate", "late", "was inferred from something else: have it measured");

  private final String word;
  private final String css;
  private final String meaning;

  KnownFrom(String word, String css, String meaning) {
    this.word = word;
    this.css = css;
    this.meaning = meaning;
  }

  static KnownFrom of(FigureOrigin origin) {
    return switch (origin) {
      case GIVEN -> GIVEN;
      case MEASURED -> MEASURED;
      case DEFAULT -> DEFAULT;
      case ESTIMATE -> ESTIMATE;
    };
  }

  /**
   * Of an assumption; the figures of the node are told apart further, as the plan's basis has them:
   * a default of the catalogue may be an estimate.
   */
  static KnownFrom of(Assumption assumption, Plan plan) {
    NodeProfile node = plan.basis().node();
    String prefix = "node." + node.name() + ".";
    if (assumption.name().startsWith(prefix)) {
      String key = assumption.name().substring(prefix.length());
      return Arrays.stream(Figure.values())
          .filter(figure -> figure.key().equals(key))
          .findFirst()
          .map(figure -> of(node.origin(figure)))
          .orElse(DEFAULT);
    }
    return switch (assumption.origin()) {
      case GIVEN -> GIVEN;
      case MEASURED -> MEASURED;
      case DEFAULT -> DEFAULT;
    };
  }

  String word() {
    return word;
  }

  /** The class of its mark. */
  String css() {
    return css;
  }

  String meaning() {
    return meaning;
  }

  Table.Cell cell() {
    return new Table.Cell(word, css);
  }
}
