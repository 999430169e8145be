package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.core.demand.backtest.Backtest;
import dev.spike.core.plan.BacktestRequest;
import dev.spike.core.plan.Backtesting;
import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanRequest;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.sales.TicketReaders;
import dev.spike.core.spec.SpecException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spike backtest EVENT.yaml --trace CSV}. */
@Command(
    name = "backtest",
    description =
        "Forecasts a recorded evening from what was known before it, and scores the forecast.")
final class BacktestCommand extends Verb {
  @Parameters(paramLabel = "EVENT.yaml", description = "Its start, end and kind; see --model.")
  private String file = "";

  @Option(
      names = "--trace",
      required = true,
      paramLabel = "CSV",
      description = "What was recorded: a header, then a minute and a count a line.")
  private String trace = "";

  @Option(
      names = "--kickoff",
      split = ",",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description =
          "The instant of the recording that is the event's start, else event.startsAt. Several,"
              + " after commas, are forecast one by one.")
  private List<Instant> kickoffs = new ArrayList<>();

  @Option(
      names = "--evenings",
      split = ",",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description =
          "Kick-offs of recorded evenings to learn from; the forecast one is left out. Without it,"
              + " the last six that the recording shows before the forecast.")
  private List<Instant> evenings = new ArrayList<>();

  @Option(
      names = "--lead",
      defaultValue = "30m",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long before the kick-off the forecast is made. Nothing later is seen.")
  private Duration lead = Duration.ZERO;

  @Option(
      names = "--model",
      defaultValue = "evenings",
      paramLabel = "MODEL",
      description =
          "evenings: other evenings of the recording. plan: the plan's own forecast from tickets;"
              + " the recording counts connections.")
  private String model = "";

  BacktestCommand(Globals globals) {
    super("backtest", globals);
  }

  @Override
  boolean stopsItself() {
    return false;
  }

  @Override
  Report run(View view) throws CommandFailure, PlanException {
    BacktestRequest request =
        new BacktestRequest(
            surroundings().path(trace),
            trace,
            kickoffs,
            model(),
            evenings,
            lead,
            PlanRequest.DEFAULT_SEED);
    try {
      List<Backtest.Evening> forecast =
          Backtesting.run(
              surroundings().path(file),
              request,
              TicketReaders.with(surroundings().sources(), surroundings().variables()));
      return BacktestReport.of(name(), forecast).exit(ExitCode.DONE);
    } catch (SpecException wrong) {
      throw CommandFailure.of(wrong, file);
    } catch (TicketDataException wrong) {
      throw CommandFailure.of(wrong);
    }
  }

  private BacktestRequest.Model model() throws CommandFailure {
    return switch (model) {
      case "evenings" -> BacktestRequest.Model.EVENINGS;
      case "plan" -> planModel();
      default ->
          throw new CommandFailure(
              ExitCode.USAGE,
              "--model is '" + model + "'",
              "",
              "Give --model evenings or --model plan.");
    };
  }

  private BacktestRequest.Model planModel() throws CommandFailure {
    if (!evenings.isEmpty() || kickoffs.size() > 1 || lead.isZero()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--model plan forecasts the one event of the event file, from the tickets sold before it",
          "--evenings, several --kickoff and --lead 0s have no meaning for it.",
          "Leave them out, or take --model evenings.");
    }
    return BacktestRequest.Model.PLAN;
  }
}
