package dev.spike.testkit;

import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanRequest;
import dev.spike.core.plan.Planner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Plans as the planner makes them, from a small event file. */
final class Plans {
  private Plans() {}

  /** A local tier of that many zones, one node each, for an event in 2031. */
  static Plan local(Path folder, int zones) throws Exception {
    Files.writeString(
        folder.resolve("tickets.csv"), "sold_at,product,quantity\n2031-04-01T12:00:00Z,pass,500\n");
    Path file =
        Files.writeString(
            folder.resolve("event.yaml"),
            """
            apiVersion: spike/v1
            event: {name: engine-test, startsAt: 2031-05-30T19:00:00Z}
            tickets:
              sources:
                - {type: csv, path: tickets.csv, columns: {soldAt: sold_at, product: product, quantity: quantity}}
              products:
                pass: {admission: stream, capacity: 1000}
            provider:
              local: {scale: 1/1, zones: %d}
            """
                .formatted(zones));
    return Planner.plan(
            file,
            new PlanRequest(
                Instant.parse("2031-05-27T00:00:00Z"),
                PlanRequest.DEFAULT_SEED,
                Optional.of("local")))
        .plan();
  }
}
