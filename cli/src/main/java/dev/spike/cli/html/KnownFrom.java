package dev.spike.cli.html;

import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.plan.Basis;
import dev.spike.core.plan.Plan;
import dev.spike.core.spec.Assumption;
import java.util.HashMap;
import java.util.Map;

/** How well a number is known, best first. */
public enum KnownFrom {
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
  public static KnownFrom of(Assumption assumption, Plan plan) {
    FigureOrigin ofCatalogue = origins(plan.basis()).get(assumption.name());
    if (ofCatalogue != null) {
      return of(ofCatalogue);
    }
    return switch (assumption.origin()) {
      case GIVEN -> GIVEN;
      case MEASURED -> MEASURED;
      case DEFAULT -> DEFAULT;
    };
  }

  /** Of the figures of node and cache node, by the name of their assumption. */
  private static Map<String, FigureOrigin> origins(Basis basis) {
    Map<String, FigureOrigin> origins = new HashMap<>();
    String node = "node." + basis.node().name() + ".";
    basis.node().origins().forEach((figure, origin) -> origins.put(node + figure.key(), origin));
    String cache = "cache." + basis.cacheNode().name() + ".";
    basis
        .cacheNode()
        .origins()
        .forEach((figure, origin) -> origins.put(cache + figure.key(), origin));
    return origins;
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
