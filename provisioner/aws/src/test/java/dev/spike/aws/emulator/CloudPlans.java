package dev.spike.aws.emulator;

import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanRequest;
import dev.spike.core.plan.Planner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Plans for rented machines as the planner makes them, from a small event file. */
public final class CloudPlans {
  /** When the plans are made; their event is three days later. */
  public static final Instant AS_OF = Instant.parse("2031-05-27T00:00:00Z");

  private static final String EVENT =
      """
      apiVersion: spike/v1
      event: {name: %s, startsAt: 2031-05-30T19:00:00Z}
      tickets:
        sources:
          - {type: csv, path: tickets.csv, columns: {soldAt: sold_at, product: product, quantity: quantity}}
        products:
          pass: {admission: stream, capacity: 10000000}
      service: {host: live.example.com}
      provider:
        aws: {%s}
      """;

  private CloudPlans() {}

  /**
   * Writes an event file with its sales.
   *
   * @param tickets sold; 500 need a node a zone, 900,000 some more
   * @param aws what stands under {@code provider.aws}, without its braces
   * @return the event file
   */
  public static Path file(Path folder, String event, int tickets, String aws) throws IOException {
    Files.writeString(
        folder.resolve("tickets.csv"),
        "sold_at,product,quantity\n2031-04-01T12:00:00Z,pass," + tickets + "\n");
    return Files.writeString(folder.resolve("event.yaml"), EVENT.formatted(event, aws));
  }

  /** The plan of such an event file. */
  public static Plan plan(Path folder, String event, int tickets, String aws) throws Exception {
    return plan(file(folder, event, tickets, aws));
  }

  /** The plan of an event file that is there. */
  public static Plan plan(Path file) throws Exception {
    return Planner.plan(file, new PlanRequest(AS_OF, PlanRequest.DEFAULT_SEED, Optional.of("aws")))
        .plan();
  }
}
