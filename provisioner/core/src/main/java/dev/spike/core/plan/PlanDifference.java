package dev.spike.core.plan;

import java.time.Duration;
import java.util.List;

/**
 * What changed from an earlier plan of an event to a later one, and why. The causes sum exactly to
 * the difference, in nodes and in cents.
 *
 * @param since how long before the start the earlier plan was made
 * @param causes of all inputs that changed, in the order in which they were exchanged
 * @param resources that were added, changed or taken away: a sign and the id of each
 */
public record PlanDifference(
    Duration since,
    Figures before,
    Figures after,
    String currency,
    List<Cause> causes,
    List<String> resources) {
  public PlanDifference {
    causes = List.copyOf(causes);
    resources = List.copyOf(resources);
  }

  /**
   * The order in which inputs are exchanged, one after the other, each on top of those before it;
   * what two changes do only together falls to the later.
   */
  public enum Group {
    /** Tickets sold, and what of them is expected at the start. */
    SALES("ticket sales and their forecast"),
    /** The values of the event file, each by its name. */
    EVENT_FILE("event file"),
    /** What a node and a cache node hold. */
    CATALOGUE("node profile and catalogue"),
    /** What is charged. */
    PRICES("price list"),
    /** How sure the forecast is, which grows as the event comes near. */
    TIME("time to the event"),
    /** How spike itself computes. */
    SOFTWARE("version of spike");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  /**
   * The figures that are explained.
   *
   * @param sold tickets
   * @param connections that the tier is built for
   * @param cents of the total cost
   */
  public record Figures(long sold, long connections, int nodes, long cents) {}

  /**
   * What one changed input did.
   *
   * @param input its path in the event file, or what it is
   * @param change from what to what, in words
   * @param nodes more than with the earlier value, everything exchanged before it
   * @param cents the same of the total cost
   */
  public record Cause(
      Group group, String input, String change, long connections, int nodes, long cents) {}

  /** Nodes more than before. */
  public int nodes() {
    return after.nodes() - before.nodes();
  }

  /** Cents more than before. */
  public long cents() {
    return after.cents() - before.cents();
  }
}
