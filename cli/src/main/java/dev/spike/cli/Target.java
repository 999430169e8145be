package dev.spike.cli;

import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanFiles;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An event, by its plan or by its name: a lost plan file strands nothing. */
final class Target {
  @Parameters(arity = "0..1", paramLabel = "PLAN.json", description = "From spike plan -o.")
  private @Nullable String file;

  @Option(
      names = "--event",
      paramLabel = "NAME",
      description = "In place of a plan, with --provider.")
  private @Nullable String event;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "With --event and --provider aws: where the tier is.")
  private @Nullable String region;

  /** What was named. */
  record Named(EventName event, @Nullable Plan plan, Map<String, String> settings) {}

  Named named(Globals globals) throws CommandFailure, PlanException {
    if ((file == null) == (event == null)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          file == null ? "Neither a plan nor an event is named" : "A plan and an event are named",
          "",
          "Give a plan file, or --event NAME with --provider local, or with --provider aws --region"
              + " REGION.");
    }
    if (file != null) {
      Plan plan = PlanFiles.read(globals.surroundings().path(file));
      if (region != null) {
        throw new CommandFailure(
            ExitCode.USAGE, "A plan says its Region itself", "", "Leave --region out.");
      }
      return new Named(plan.event().name(), plan, plan.provider().settings());
    }
    try {
      return new Named(
          new EventName(String.valueOf(event)),
          null,
          region == null ? Map.of() : Map.of("region", region));
    } catch (IllegalArgumentException malformed) {
      throw new CommandFailure(
          ExitCode.USAGE,
          String.valueOf(malformed.getMessage()),
          "",
          "Give --event the name that event.yaml has.");
    }
  }

  static Provider open(Globals globals, Named named) throws CommandFailure, ProviderException {
    Plan plan = named.plan();
    if (plan != null) {
      return Installed.open(globals, plan);
    }
    String provider = globals.provider();
    if (provider == null) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--event needs --provider",
          "without a plan nothing says where the tier is",
          "Add --provider local or --provider aws.");
    }
    if (provider.equals("aws") && !named.settings().containsKey("region")) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--event with --provider aws needs --region",
          "without a plan nothing says in which Region the tier is",
          "Add --region REGION, the Region that the event file named.");
    }
    return Installed.open(globals, provider, named.settings());
  }
}
