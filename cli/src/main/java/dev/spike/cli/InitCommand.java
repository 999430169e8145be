package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.resource.EventName;
import dev.spike.core.sales.ExportGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spike init [DIR]}. */
@Command(
    name = "init",
    description = "Writes a commented event.yaml and an example ticket export. Overwrites nothing.")
final class InitCommand extends Verb {
  private static final long ROWS_MAX = 20_000_000;
  private static final Duration ON_SALE = Duration.ofDays(60);
  private static final List<ExportGenerator.Product> PRODUCTS =
      List.of(
          new ExportGenerator.Product("stream-pass", 0.97),
          new ExportGenerator.Product("seat", 0.03));

  private static final Duration UNTIL_START = Duration.ofDays(5);
  private static final Duration LENGTH = Duration.ofHours(2);
  private static final int ZONES_MAX = 6;

  @Parameters(arity = "0..1", paramLabel = "DIR", description = "Made when it is not there.")
  private String folder = "";

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Rows of the export, or orders of shopify and pretix.")
  private long rows;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "7",
      description = "The same seed, rows and start give the same export.")
  private long seed;

  @Option(
      names = "--event",
      paramLabel = "NAME",
      defaultValue = "cup-final",
      description = "The event's name.")
  private String event = "";

  @Option(
      names = "--starts-at",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description = "The event's start; else five days from now.")
  private @Nullable Instant startsAt;

  @Option(
      names = "--zones",
      paramLabel = "N",
      defaultValue = "3",
      description = "Zones of the local tier.")
  private int zones;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "The export: csv, shopify or pretix.")
  private Format format = Format.csv;

  /** Whose export it is; the names are those of the types of sources. */
  private enum Format {
    csv(
        "tickets.csv",
        """
            - type: csv
              path: tickets.csv
              columns: {soldAt: ordered_at, product: ticket_type, quantity: qty, status: status}
              accept: {status: [paid]}        # other rows are understood and do not count
              items: {scarf: none}            # sold along, but admits nobody"""),
    shopify(
        "orders.csv",
        """
            - type: shopify
              path: orders.csv
              items: {scarf: none}            # sold along, but admits nobody"""),
    pretix(
        "orders.json",
        """
            - type: pretix
              path: orders.json""");

    private final String file;
    private final String source;

    Format(String file, String source) {
      this.file = file;
      this.source = source;
    }
  }

  InitCommand(Globals globals) {
    super("init", globals);
  }

  @Override
  boolean stopsItself() {
    return false;
  }

  @Override
  Report run(View view) throws CommandFailure {
    checkOptions();
    Instant now = surroundings().clock().instant();
    Instant start =
        startsAt == null
            ? now.truncatedTo(ChronoUnit.HOURS).plus(UNTIL_START)
            : startsAt.truncatedTo(ChronoUnit.SECONDS);
    Instant until = start.minus(UNTIL_START);
    Path target = surroundings().path(folder);
    Path eventFile = target.resolve("event.yaml");
    Path export = target.resolve(format.file);
    write(target, eventFile, export, start, until);
    return Report.of(name())
        .headline(
            "Init: wrote " + eventFile + " and " + export + " with " + Words.count(rows, "row"))
        .line("  next   spike plan " + eventFile + " -o " + target.resolve("plan.json"))
        .fact("event", event)
        .fact("eventFile", eventFile.toString())
        .fact("export", export.toString())
        .fact("rows", rows)
        .exit(ExitCode.DONE);
  }

  private void write(Path target, Path eventFile, Path export, Instant start, Instant until)
      throws CommandFailure {
    try (HalfWritten begun = HalfWritten.none()) {
      Files.createDirectories(target);
      if (Files.exists(eventFile)) {
        throw new FileAlreadyExistsException(eventFile.toString());
      }
      try (OutputStream out = begun.create(export)) {
        ExportGenerator.Request request =
            new ExportGenerator.Request(
                seed, (int) rows, until.minus(ON_SALE), until, start, PRODUCTS);
        switch (format) {
          case csv -> ExportGenerator.writeCsv(request, ExportGenerator.CsvStyle.PLAIN, out);
          case shopify -> ExportGenerator.writeShopify(request, out);
          case pretix -> ExportGenerator.writePretix(request, out);
        }
      }
      try (OutputStream out = begun.create(eventFile)) {
        out.write(eventFile(start).getBytes(StandardCharsets.UTF_8));
      }
      begun.keep();
    } catch (FileAlreadyExistsException exists) {
      throw new CommandFailure(
          ExitCode.CANNOT_WRITE,
          exists.getFile() + " is there already",
          "init overwrites nothing",
          "Name another folder, or move that file away.");
    } catch (IOException unwritable) {
      throw new CommandFailure(
          ExitCode.CANNOT_WRITE,
          "The example cannot be written to " + target.toAbsolutePath(),
          unwritable.toString(),
          "Name a folder that is writable and has room.");
    }
  }

  private String eventFile(Instant start) {
    return template()
        .replace("@SOURCE@", format.source.indent(4).stripTrailing())
        .replace("@EVENT@", event)
        .replace("@STARTS_AT@", start.toString())
        .replace("@ENDS_AT@", start.plus(LENGTH).toString())
        .replace("@ZONES@", Integer.toString(zones));
  }

  private static String template() {
    try (InputStream stream = InitCommand.class.getResourceAsStream("event.yaml")) {
      if (stream == null) {
        throw new IllegalStateException("event.yaml is not in the program");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private void checkOptions() throws CommandFailure {
    if (rows < 1 || rows > ROWS_MAX || zones < 1 || zones > ZONES_MAX) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "An example has 1 to " + Words.count(ROWS_MAX) + " rows and 1 to " + ZONES_MAX + " zones",
          "--rows is " + rows + ", --zones is " + zones,
          "Give values in these ranges.");
    }
    try {
      event = new EventName(event).value();
    } catch (IllegalArgumentException malformed) {
      throw new CommandFailure(
          ExitCode.USAGE, String.valueOf(malformed.getMessage()), "", "Give --event such a name.");
    }
  }
}
