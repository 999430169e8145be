package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanRequest;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spike doctor}. */
@Command(
    name = "doctor",
    description = "Whether this machine or account can carry a tier. Changes nothing.")
final class DoctorCommand extends Verb {
  /** So that it reads well in a terminal of 80 columns and in a pipeline's log. */
  private static final int WIDTH_MAX = 80;

  private static final String INDENT = " ".repeat(11);

  @Parameters(
      arity = "0..1",
      paramLabel = "EVENT.yaml",
      description = "Ask for this event's tier: quotas, capacity, what the file names.")
  private @Nullable String file;

  @Option(
      names = "--as-of",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description = "As for spike plan: later sales are left out.")
  private @Nullable Instant asOf;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "With --provider aws and no event file: where to look.")
  private @Nullable String region;

  DoctorCommand(Globals globals) {
    super("doctor", globals);
  }

  @Override
  boolean stopsItself() {
    return false;
  }

  @Override
  Report run(View view) throws CommandFailure, PlanException, ProviderException {
    Installed.check(globals().provider());
    if (file != null && region != null) {
      throw new CommandFailure(
          ExitCode.USAGE, "An event file says its Region itself", "", "Leave --region out.");
    }
    if (file == null && asOf != null) {
      throw new CommandFailure(
          ExitCode.USAGE, "--as-of is about the sales of an event file", "", "Name that file too.");
    }
    Plan plan =
        file == null
            ? null
            : EventFile.planned(
                    globals(),
                    file,
                    asOf == null ? surroundings().clock().instant() : asOf,
                    PlanRequest.DEFAULT_SEED)
                .plan();
    String named = globals().provider();
    String name = plan != null ? plan.provider().name() : named == null ? "local" : named;
    if (region != null && !name.equals("aws")) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "The provider " + name + " has no Regions",
          "",
          "Give --provider aws with --region.");
    }
    List<Finding> findings;
    try (Provider provider =
        plan == null
            ? Installed.open(globals(), name, region == null ? Map.of() : Map.of("region", region))
            : Installed.open(globals(), plan)) {
      findings =
          provider.preflight(
              plan == null ? List.of() : plan.resources(),
              Optional.ofNullable(plan).map(it -> it.event().name()));
    }
    return report(view, name, findings);
  }

  private Report report(View view, String provider, List<Finding> findings) {
    List<Map<String, Object>> facts = new ArrayList<>();
    ExitCode exit = ExitCode.DONE;
    for (Finding finding : findings) {
      view.finding(finding);
      facts.add(fact(finding));
      if (finding.failure().isPresent()) {
        exit = worse(exit, finding.failure().get());
      }
    }
    int missing = (int) findings.stream().filter(it -> it.failure().isPresent()).count();
    int warnings = (int) findings.stream().filter(Finding::warning).count();
    Report.Draft draft =
        Report.of(name())
            .headline(headline(provider, findings.size(), missing, warnings))
            .fact("provider", provider)
            .fact("missing", missing)
            .fact("findings", facts);
    // What is to be done comes first, whatever came of it in which order.
    findings.stream().filter(it -> it.failure().isPresent()).forEach(it -> block(draft, it));
    findings.stream().filter(Finding::warning).forEach(it -> block(draft, it));
    findings.stream()
        .filter(it -> it.failure().isEmpty() && !it.warning())
        .forEach(it -> hanging(draft, "  ok       ", it.what() + ": " + it.observed()));
    return draft.exit(exit);
  }

  private static String headline(String provider, int looked, int missing, int warnings) {
    return "Doctor: the provider "
        + provider
        + (missing == 0 ? " can work here, " : " cannot work here, ")
        + (missing == 0
            ? looked - warnings + " of " + Words.count(looked, "thing") + " fine"
            : missing + " of " + Words.count(looked, "thing") + " missing")
        + (warnings == 0 ? "" : ", " + Words.count(warnings, "warning"));
  }

  /** What is missing or doubtful, and under it what was seen and what to do. */
  private static void block(Report.Draft draft, Finding finding) {
    hanging(draft, finding.warning() ? "  warning  " : "  MISSING  ", finding.what());
    hanging(draft, INDENT, finding.observed());
    if (!finding.next().isEmpty()) {
      hanging(draft, INDENT, "next: " + finding.next());
    }
  }

  private static void hanging(Report.Draft draft, String first, String text) {
    String indent = first;
    for (String line : Words.lines(text, WIDTH_MAX - INDENT.length())) {
      draft.line(indent + line);
      indent = INDENT;
    }
  }

  private static Map<String, Object> fact(Finding finding) {
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("what", finding.what());
    fact.put("observed", finding.observed());
    fact.put("ok", finding.failure().isEmpty());
    fact.put("warning", finding.warning());
    fact.put("next", finding.next());
    return fact;
  }

  /** A missing privilege outweighs a missing tool, as in provision. */
  private static ExitCode worse(ExitCode exit, ProviderException.Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED, QUOTA_EXCEEDED -> ExitCode.NO_PRIVILEGE;
      case NOT_FOUND, ALREADY_EXISTS, INSUFFICIENT_CAPACITY, THROTTLED, INVALID, UNAVAILABLE ->
          exit == ExitCode.NO_PRIVILEGE ? exit : ExitCode.UNAVAILABLE;
    };
  }
}
