package dev.spike.cli;

import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanRequest;
import dev.spike.core.plan.PlanResult;
import dev.spike.core.plan.Planner;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.sales.TicketReaders;
import dev.spike.core.spec.SpecException;
import java.time.Instant;
import java.util.Optional;

/** The plan of an event file, for the verbs that start from one. */
final class EventFile {
  private EventFile() {}

  /**
   * Makes the plan.
   *
   * @throws CommandFailure with every mistake of the event file, or what is wrong with its tickets
   */
  static PlanResult planned(Globals globals, String file, Instant asOf, long seed)
      throws CommandFailure, PlanException {
    Surroundings surroundings = globals.surroundings();
    try {
      return Planner.plan(
          surroundings.path(file),
          new PlanRequest(asOf, seed, Optional.ofNullable(globals.provider())),
          TicketReaders.with(surroundings.sources(), surroundings.variables()));
    } catch (SpecException wrong) {
      throw CommandFailure.of(wrong, file);
    } catch (TicketDataException wrong) {
      throw CommandFailure.of(wrong);
    }
  }
}
