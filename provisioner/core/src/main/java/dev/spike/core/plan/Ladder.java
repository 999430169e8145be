package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** From which instant on how many nodes, and what happens then. */
final class Ladder {
  private Ladder() {}

  static List<Plan.LadderStep> of(Plan.Schedule schedule, Plan.Event event, CapacityPlan capacity) {
    int nodes = capacity.nodes();
    List<Plan.LadderStep> steps = new ArrayList<>();
    steps.add(
        new Plan.LadderStep(
            schedule.provisionAt(), nodes, "provision: the whole tier, for time to repair it"));
    for (Instant verify : schedule.verifyAt()) {
      steps.add(
          new Plan.LadderStep(verify, nodes, "warm --verify: every node answers and is warm"));
    }
    steps.add(
        new Plan.LadderStep(
            event.startsAt(),
            nodes,
            "event: clients arrive; "
                + capacity.constraints().getFirst().required()
                + " of "
                + nodes
                + " nodes suffice"));
    steps.add(new Plan.LadderStep(event.endsAt(), nodes, "end: connections drain"));
    steps.add(new Plan.LadderStep(schedule.teardownAfter(), 0, "teardown: nothing is left"));
    steps.sort(Comparator.comparing(Plan.LadderStep::at));
    return steps;
  }
}
