package dev.spike.core.plan;

import dev.spike.core.demand.DemandForecast;
import dev.spike.core.demand.RecordedCurve;
import dev.spike.core.demand.RecordedCurveFile;
import dev.spike.core.demand.backtest.Backtest;
import dev.spike.core.demand.backtest.Course;
import dev.spike.core.demand.backtest.FanForecast;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.sales.TicketReaders;
import dev.spike.core.sales.TicketSales;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.SpecException;
import dev.spike.core.spec.SpecReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what a back-test needs and makes it. Looks at no clock. */
public final class Backtesting {
  private final BacktestRequest request;
  private final RecordedCurve curve;

  private Backtesting(BacktestRequest request, RecordedCurve curve) {
    this.request = request;
    this.curve = curve;
  }

  /**
   * Forecasts every evening that is asked for, in their order.
   *
   * @param eventYaml its start, end and kind are used; of the model PLAN its tickets, too
   * @throws SpecException the event file has mistakes: exit 78
   * @throws TicketDataException the recording, or a ticket source, is missing (66) or cannot be
   *     used (65); a source does not answer (69) or refuses us (77)
   * @throws PlanException MISSING_FILE, when there is no event file
   */
  public static List<Backtest.Evening> run(
      Path eventYaml, BacktestRequest request, TicketReaders readers)
      throws SpecException, TicketDataException, PlanException {
    byte[] bytes = Planner.bytes(eventYaml);
    // Of a time before all events, so that an event that is over can be read.
    EventSpec spec = SpecReader.read(eventYaml.toString(), bytes, null, Instant.EPOCH);
    RecordedCurve curve = RecordedCurveFile.read(request.traceName(), request.trace());
    return new Backtesting(request, curve).evenings(eventYaml, bytes, spec, readers);
  }

  private List<Backtest.Evening> evenings(
      Path eventYaml, byte[] bytes, EventSpec spec, TicketReaders readers)
      throws SpecException, TicketDataException {
    EventSpec.Event event = spec.event();
    Course course =
        new Course(
            (int) Duration.between(event.startsAt(), event.endsAt()).toMinutes(),
            request.lead(),
            Course.Overrun.of(event.kind()));
    Backtest backtest = new Backtest(curve, course);
    List<Instant> kickoffs =
        request.kickoffs().isEmpty() ? List.of(event.startsAt()) : request.kickoffs();
    for (Instant kickoff : kickoffs) {
      check(kickoff, backtest, course.toMinute() - course.fromMinute());
    }
    List<Backtest.Evening> evenings = new ArrayList<>();
    for (Instant kickoff : kickoffs) {
      evenings.add(
          switch (request.model()) {
            case EVENINGS -> ofEvenings(backtest, kickoff);
            case PLAN ->
                backtest.evening(
                    kickoff,
                    new FanForecast(
                        event.startsAt(), plan(eventYaml, bytes, event.startsAt(), readers)),
                    List.of(),
                    List.of());
          });
    }
    return evenings;
  }

  private void check(Instant kickoff, Backtest backtest, int minutes) throws TicketDataException {
    int recorded = backtest.recorded(kickoff);
    if (recorded * 2 < minutes) {
      throw TicketDataException.bad(
          String.format(
              Locale.ROOT,
              "The recorded curve %s goes from %s to %s and holds %,d of the %,d minutes around the"
                  + " kick-off %s; at least half are needed.",
              request.traceName(),
              curve.from(),
              curve.to(),
              recorded,
              minutes,
              kickoff),
          "Say with --kickoff which instant of the recording is the event's start, in UTC or with"
              + " an offset.");
    }
  }

  private Backtest.Evening ofEvenings(Backtest backtest, Instant kickoff)
      throws TicketDataException {
    Optional<Backtest.Evening> evening =
        request.evenings().isEmpty()
            ? backtest.fromEarlier(kickoff)
            : backtest.fromOthers(kickoff, request.evenings());
    return evening.orElseThrow(
        () ->
            TicketDataException.bad(
                "The evening of "
                    + kickoff
                    + " cannot be forecast from the recorded curve "
                    + request.traceName()
                    + ": it takes the half hour before "
                    + kickoff.minus(request.lead())
                    + " and two other whole evenings"
                    + (request.evenings().isEmpty() ? " before it" : "")
                    + ", and they are not in it.",
                "Name recorded evenings with --evenings, or take --model plan where the recording"
                    + " counts this event's connections."));
  }

  private DemandForecast plan(Path eventYaml, byte[] bytes, Instant startsAt, TicketReaders readers)
      throws SpecException, TicketDataException {
    Instant asOf = startsAt.minus(request.lead());
    EventSpec spec = SpecReader.read(eventYaml.toString(), bytes, null, asOf);
    Path folder = Planner.folder(eventYaml);
    TicketSales sales = TicketSales.read(spec.tickets(), folder, asOf, readers);
    Products products = Products.of(spec, sales, new Advice());
    Optional<RecordedCurve> recorded = Planner.recorded(spec.demand().arrivals(), folder);
    return PlanBuilder.model(spec, products, sales, recorded, asOf)
        .forecast(request.seed(), PlanBuilder.DRAWS, 1);
  }
}
