package dev.spike.core.plan;

import dev.spike.core.catalog.MeasuredNode;
import dev.spike.core.catalog.RegionPrices;
import dev.spike.core.demand.RecordedCurve;
import dev.spike.core.demand.RecordedCurveFile;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.sales.TicketReaders;
import dev.spike.core.sales.TicketSales;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.PricesFile;
import dev.spike.core.spec.ProfileReader;
import dev.spike.core.spec.SpecException;
import dev.spike.core.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes plans. Reads the event file and its sources, then computes: the same files, instant and
 * seed give the same plan to the byte. Looks at no clock and no other file, and at no network but
 * through the readers it is given.
 */
public final class Planner {
  private static final long EVENT_FILE_BYTES_MAX = 1 << 20;

  private Planner() {}

  /** As the other, from files only. */
  public static PlanResult plan(Path eventYaml, PlanRequest request)
      throws SpecException, TicketDataException, PlanException {
    return plan(eventYaml, request, TicketReaders.ofFiles());
  }

  /**
   * Makes a plan.
   *
   * @param eventYaml sources are read relative to its folder
   * @throws SpecException the event file has mistakes, all of which it lists: exit 78
   * @throws TicketDataException a source is missing (66), cannot be counted (65), does not answer
   *     (69) or refuses us (77)
   * @throws PlanException MISSING_FILE, when there is no event file
   */
  public static PlanResult plan(Path eventYaml, PlanRequest request, TicketReaders readers)
      throws SpecException, TicketDataException, PlanException {
    byte[] bytes = bytes(eventYaml);
    EventSpec spec =
        SpecReader.read(
            eventYaml.toString(), bytes, request.providerOverride().orElse(null), request.asOf());
    Path root = folder(eventYaml);
    Optional<MeasuredNode> measured = measured(spec, root, request.asOf());
    Optional<RegionPrices> prices = prices(spec, root, request.asOf());
    TicketSales sales = TicketSales.read(spec.tickets(), root, request.asOf(), readers);
    Optional<RecordedCurve> recorded = recorded(spec.demand().arrivals(), root);
    return new PlanBuilder(
            eventYaml.toString(),
            spec,
            sales,
            recorded,
            new Calibrated(spec.calibration(), measured, prices),
            request,
            PlanFiles.sha256(bytes))
        .build();
  }

  /** That paths of an event file are relative to. */
  static Path folder(Path eventYaml) {
    Path folder = eventYaml.toAbsolutePath().getParent();
    return folder == null ? Path.of("/") : folder;
  }

  private static Optional<MeasuredNode> measured(EventSpec spec, Path folder, Instant asOf)
      throws SpecException, PlanException {
    Optional<EventSpec.GivenFile> given = spec.calibration().profile();
    if (given.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = bytes(given.get(), folder, "node profile", "profile");
    return Optional.of(
        ProfileReader.read(given.get().path(), bytes, PlanFiles.sha256(bytes), asOf));
  }

  private static Optional<RegionPrices> prices(EventSpec spec, Path folder, Instant asOf)
      throws SpecException, PlanException {
    Optional<EventSpec.GivenFile> given = spec.calibration().prices();
    if (given.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = bytes(given.get(), folder, "price list", "prices");
    return Optional.of(PricesFile.read(given.get().path(), bytes, asOf));
  }

  private static byte[] bytes(EventSpec.GivenFile given, Path folder, String what, String key)
      throws PlanException {
    try {
      return bytes(folder.resolve(given.path()));
    } catch (PlanException missing) {
      throw new PlanException(
          PlanException.Kind.MISSING_FILE,
          "The %s %s of calibration.%s is missing or larger than 1 MiB."
              .formatted(what, given.path(), key),
          "Correct its path, which is relative to the event file, or take calibration.%s out."
              .formatted(key),
          missing);
    }
  }

  static Optional<RecordedCurve> recorded(EventSpec.Arrivals arrivals, Path folder)
      throws TicketDataException {
    if (arrivals.trace().isEmpty()) {
      return Optional.empty();
    }
    EventSpec.Trace trace = arrivals.trace().get();
    RecordedCurve curve = RecordedCurveFile.read(trace.path(), folder.resolve(trace.path()));
    if (trace.kickoff().isBefore(curve.from()) || trace.kickoff().isAfter(curve.to())) {
      throw new TicketDataException(
          TicketDataException.Kind.BAD_DATA,
          "The recorded curve "
              + trace.path()
              + " goes from "
              + curve.from()
              + " to "
              + curve.to()
              + "; the event's start "
              + trace.kickoff()
              + " is not in it.",
          "Say with demand.arrivals.kickoff which instant of the recording is the event's start.",
          null);
    }
    return Optional.of(curve);
  }

  static byte[] bytes(Path eventYaml) throws PlanException {
    try {
      if (Files.isRegularFile(eventYaml) && Files.size(eventYaml) <= EVENT_FILE_BYTES_MAX) {
        return Files.readAllBytes(eventYaml);
      }
    } catch (IOException failed) {
      throw missing(eventYaml, "it cannot be read: " + failed.getMessage(), failed);
    }
    throw missing(
        eventYaml,
        Files.exists(eventYaml) ? "it is not a file of at most 1 MiB" : "there is no such file",
        null);
  }

  private static PlanException missing(
      Path eventYaml, String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new PlanException(
        PlanException.Kind.MISSING_FILE,
        "The event file " + eventYaml + " is missing: " + why + ".",
        "Name an event file, or write one with: spike init",
        cause);
  }
}
