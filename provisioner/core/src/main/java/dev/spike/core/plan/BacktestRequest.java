package dev.spike.core.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a back-test is made with besides the event file.
 *
 * @param trace the recording, a CSV of minutes and counts
 * @param traceName its name for messages
 * @param kickoffs of the evenings to forecast; empty is the event's own start
 * @param model what forecasts them
 * @param evenings kick-offs to learn from, the forecast one left out; empty is those that the
 *     recording shows before the forecast
 * @param lead how long before the kick-off the forecast is made, above 0
 * @param seed of the plan's draws
 */
public record BacktestRequest(
    Path trace,
    String traceName,
    List<Instant> kickoffs,
    Model model,
    List<Instant> evenings,
    Duration lead,
    long seed) {
  public BacktestRequest {
    kickoffs = List.copyOf(kickoffs);
    evenings = List.copyOf(evenings);
  }

  /** What makes the forecast. */
  public enum Model {
    /** Other evenings of the recording, brought to this evening's level. */
    EVENINGS,
    /** The plan of the event file; the recording counts the event's connections. */
    PLAN
  }
}
