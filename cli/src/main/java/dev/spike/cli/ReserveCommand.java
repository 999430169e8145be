package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.ReservationOptions;
import dev.spike.core.apply.ReservationResult;
import dev.spike.core.apply.ReservationRun;
import dev.spike.core.plan.CapacityCommitment;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanFiles;
import dev.spike.core.provider.FutureCapacity;
import dev.spike.core.provider.FutureCapacity.Standing;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.CloudResource;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spike reserve PLAN.json}. */
@Command(
    name = "reserve",
    description = {
      "Asks weeks ahead for the room of a plan's nodes: future-dated capacity reservations, paid for"
          + " at least 14 days, used or not.",
      "Says what that costs, and asks only with --max-cost of at least that."
    })
final class ReserveCommand extends Verb {
  @Parameters(paramLabel = "PLAN.json", description = "From spike plan -o.")
  private String file = "";

  @Option(
      names = "--max-cost",
      paramLabel = "AMOUNT",
      converter = AmountConverter.class,
      description = "What you agree to pay, in US dollars; without it nothing is asked.")
  private @Nullable Double costMax;

  @Option(
      names = "--dry-run",
      fallbackValue = "true",
      description = "Say what would be asked for and what it costs; ask for nothing.")
  private boolean dryRun;

  @Option(
      names = "--wait",
      fallbackValue = "true",
      description = "Wait until the deadline for AWS's answers, which can take days.")
  private boolean await;

  @Option(
      names = "--as-of",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description = "Taken for the present when deciding whether the calendar still allows it.")
  private @Nullable Instant asOf;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "10m",
      description = "When it gives up; exit 124.")
  private Duration deadline = Duration.ZERO;

  @Mixin private final LockTimeout lock = new LockTimeout();

  ReserveCommand(Globals globals) {
    super("reserve", globals);
  }

  @Override
  boolean stopsItself() {
    return !await;
  }

  @Override
  Report run(View view)
      throws CommandFailure, PlanException, ProviderException, InterruptedException {
    Plan plan = PlanFiles.read(surroundings().path(file));
    try (Provider provider = Installed.open(globals(), plan)) {
      FutureCapacity capacity =
          provider
              .futureCapacity()
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          ExitCode.USAGE,
                          "The provider " + plan.provider().name() + " has nothing to reserve",
                          "this plan is for it",
                          "Run spike provision " + file + ", or plan with --provider aws."));
      ReservationResult result =
          new ReservationRun(
                  provider, capacity, surroundings().clock(), view, surroundings().stop())
              .reserve(
                  plan,
                  new ReservationOptions(
                      asOf,
                      dryRun,
                      costMax == null ? OptionalDouble.empty() : OptionalDouble.of(costMax),
                      await,
                      deadline,
                      lock.value()));
      return report(plan, result);
    }
  }

  private Report report(Plan plan, ReservationResult result) {
    CapacityCommitment commitment = result.commitment();
    Report.Draft draft =
        Report.of(name())
            .fact("event", plan.event().name().value())
            .fact("ending", result.ending().name().toLowerCase(Locale.ROOT))
            .fact("asked", result.asked())
            .headline("Reserve " + plan.event().name() + ": " + story(result));
    if (result.ending() == Ending.NOT_DUE) {
      draft.fact("dueAt", commitment.openFrom().toString());
    }
    Rooms.of(draft, result.promises());
    if (result.asked() == 0) {
      for (CloudResource.CapacityReservation gap : result.gaps()) {
        draft.line(
            String.format(
                Locale.ROOT,
                "  ask    %s  %d of %s in %s: %s, used or not",
                gap.zone(),
                gap.nodes(),
                gap.profile(),
                result.zoneNames().getOrDefault(gap.zone(), "its zone"),
                Words.money(commitment.cost(gap.nodes()), commitment.currency())));
      }
    }
    if (!commitment.reservations().isEmpty()) {
      terms(draft, plan, commitment);
    }
    if (result.ending() == Ending.DONE && !dryRun) {
      draft.line(
          open(result)
              ? "  next   spike reserve "
                  + file
                  + " tells what became of it; it asks for nothing twice"
              : "  next   spike provision " + file + " uses them from " + commitment.startsAt());
    }
    return draft.exit(Endings.exit(result.ending(), surroundings().stop()));
  }

  /** What it binds one to, beside what the plan needs. */
  private static void terms(Report.Draft draft, Plan plan, CapacityCommitment commitment) {
    String currency = commitment.currency();
    draft
        .line("  from   " + commitment.startsAt() + " until " + commitment.endsAt())
        .line(
            String.format(
                Locale.ROOT,
                "  cost   %s at most: %s x %,.0f h x %.4g %s; %s of it for hours in which the plan needs no"
                    + " node (all of the plan: %s)",
                Words.money(commitment.total(), currency),
                Words.count(commitment.nodes(), "node"),
                commitment.hours(),
                commitment.nodeHour(),
                currency,
                Words.money(commitment.unused(), currency),
                Words.money(plan.cost().total(), currency)))
        .fact("startsAt", commitment.startsAt().toString())
        .fact("endsAt", commitment.endsAt().toString())
        .fact("commitmentDays", commitment.duration().toHours() / 24.0)
        .fact("nodes", commitment.nodes())
        .fact("costMax", commitment.total())
        .fact("costUnused", commitment.unused())
        .fact("currency", currency);
  }

  private String story(ReservationResult result) {
    CapacityCommitment commitment = result.commitment();
    String sum =
        Words.money(commitment.total(), commitment.currency())
            + " at most for "
            + Words.count(commitment.nodes(), "node");
    return switch (result.ending()) {
      case NOT_DUE ->
          "not due yet; can be asked for from " + commitment.openFrom() + ", nothing was asked for";
      case DONE ->
          result.asked() == 0 && !result.gaps().isEmpty()
              ? Words.count(result.gaps().size(), "zone")
                  + " to ask for, "
                  + sum
                  + "; dry run, nothing was asked for"
              : result.asked() + " asked for, " + standings(result) + "; " + sum;
      case PARTLY -> "partly done; " + result.asked() + " asked for, " + standings(result);
      case DEADLINE -> "the deadline passed; " + standings(result);
      case REFUSED ->
          "refused; "
              + (result.promises().isEmpty() ? "" : standings(result) + ", ")
              + "nothing was asked for";
      case FAILED, UNAVAILABLE, LEASE_HELD, UNAUTHORIZED, INVALID_PLAN, STOPPED ->
          Endings.words(result.ending()) + "; " + result.asked() + " asked for";
    };
  }

  private static boolean open(ReservationResult result) {
    return result.promises().stream().anyMatch(it -> it.standing() == Standing.ASSESSING);
  }

  private static String standings(ReservationResult result) {
    StringBuilder words = new StringBuilder();
    for (Standing standing : Standing.values()) {
      long count = result.promises().stream().filter(it -> it.standing() == standing).count();
      if (count > 0 && standing != Standing.ENDED) {
        words
            .append(words.isEmpty() ? "" : ", ")
            .append(count)
            .append(' ')
            .append(standing.name().toLowerCase(Locale.ROOT));
      }
    }
    return words.isEmpty() ? "none there" : words.toString();
  }
}
