package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.catalog.RegionPrices;
import dev.spike.core.plan.WholeFile;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.spec.PricesFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spike prices --region REGION}. */
@Command(
    name = "prices",
    description =
        "Asks AWS for a Region's price list, for calibration.prices of an event file. Changes"
            + " nothing there.")
final class PricesCommand extends Verb {
  private static final String PROVIDER = "aws";
  private static final int DEAREST_SHOWN = 8;

  @Option(
      names = "--region",
      required = true,
      paramLabel = "REGION",
      description = "Whose prices, such as eu-west-1.")
  private String region = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "prices.json",
      defaultValue = "prices.json",
      description = "Where to save them; an older list there is replaced.")
  private String out = "";

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "2m",
      description = "How long AWS has to answer.")
  private Duration deadline = Duration.ZERO;

  PricesCommand(Globals globals) {
    super("prices", globals);
  }

  @Override
  boolean stopsItself() {
    return false;
  }

  @Override
  Report run(View view) throws CommandFailure, ProviderException, InterruptedException {
    String named = globals().provider();
    Installed.check(named);
    if (named != null && !named.equals(PROVIDER)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "The provider " + named + " charges nothing, so it has no price list",
          "",
          "Leave --provider out, or give --provider " + PROVIDER + ".");
    }
    Catalog shipped = Catalog.shipped(PROVIDER);
    PriceList asked = asked(shipped);
    save(new RegionPrices(PROVIDER, region, shipped.cacheNode().name(), asked));
    List<String> absent =
        shipped.prices().nodeHour().keySet().stream()
            .filter(type -> !asked.nodeHour().containsKey(type))
            .sorted()
            .toList();
    Report.Draft draft =
        Report.of(name())
            .headline(
                "Prices: "
                    + Words.count(asked.nodeHour().size(), "node type")
                    + " of "
                    + region
                    + " on "
                    + asked.date()
                    + (absent.isEmpty() ? "" : ", " + absent.size() + " not to be had there"));
    lines(draft, shipped, asked);
    if (!absent.isEmpty()) {
      draft.line("  without " + String.join(", ", absent));
    }
    return draft
        .line("  saved   " + out)
        .line("  next    name it in the event file: calibration: {prices: " + out + "}")
        .fact("provider", PROVIDER)
        .fact("region", region)
        .fact("date", asked.date())
        .fact("nodeHour", new TreeMap<>(asked.nodeHour()))
        .fact("absent", absent)
        .fact("saved", out)
        .exit(ExitCode.DONE);
  }

  private PriceList asked(Catalog shipped)
      throws CommandFailure, ProviderException, InterruptedException {
    try (Provider provider = Installed.open(globals(), PROVIDER, Map.of("region", region))) {
      return provider.prices(shipped, Deadline.in(surroundings().clock(), deadline));
    }
  }

  private void save(RegionPrices prices) throws CommandFailure {
    try {
      WholeFile.write(surroundings().path(out), PricesFile.bytes(prices));
    } catch (IOException failed) {
      throw new CommandFailure(
          ExitCode.CANNOT_WRITE,
          "Cannot write " + out,
          String.valueOf(failed.getMessage()),
          "Free space, or give -o a file in a folder that can be written.");
    }
  }

  private void lines(Report.Draft draft, Catalog shipped, PriceList asked) {
    PriceList before = shipped.prices();
    asked.nodeHour().entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .filter(entry -> entry.getKey().endsWith(".4xlarge"))
        .limit(DEAREST_SHOWN)
        .forEach(
            entry ->
                draft.line(
                    line(entry.getKey(), entry.getValue(), before.nodeHour().get(entry.getKey()))));
    draft.line(line(shipped.cacheNode().name(), asked.cacheNodeHour(), before.cacheNodeHour()));
    draft.line(line("balancer", asked.balancerHour(), before.balancerHour()));
    draft.line(line("capacity unit", asked.balancerUnitHour(), before.balancerUnitHour()));
    draft.line(line("traffic out", asked.egressGigabyte(), before.egressGigabyte(), "a GB   "));
    draft.line(
        "  in brackets: against the shipped list, " + shipped.region() + " of " + before.date());
  }

  private static String line(String what, double price, @Nullable Double before) {
    return line(what, price, before, "an hour");
  }

  private static String line(String what, double price, @Nullable Double before, String each) {
    String difference =
        before == null ? "" : String.format(Locale.ROOT, " (%+.1f %%)", 100 * (price / before - 1));
    return String.format(Locale.ROOT, "  %-18s $%-8.5g %s%s", what, price, each, difference);
  }
}
