package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanRequest;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code spike doctor}. */
@Command(
    name = "doctor",
    description = "Whether this machine or account can carry a tier. Changes nothing.")
final class DoctorCommand extends Verb {

  @Parameters(
      arity = "0..1",
      paramLabel = "EVENT.yaml",
      description = "Ask for this event's tier: quotas, capacity, what the file names.")
  private @Nullable String file;

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
    Plan plan =
        file == null
            ? null
            : EventFile.planned(
                    globals(), file, surroundings().clock().instant(), PlanRequest.DEFAULT_SEED)
                .plan();
    String named = globals().provider();
    String name = plan != null ? plan.provider().name() : named == null ? "local" : named;
    List<Finding> findings;
    try (Provider provider =
        plan == null
            ? Installed.open(globals(), name, Map.of())
            : Installed.open(globals(), plan)) {
      findings =
          provider.preflight(
              plan == null ? List.of() : plan.resources(),
              Optional.ofNullable(plan).map(it -> it.event().name()));
    }
    Report.Draft draft = Report.of(name());
    List<Map<String, Object>> facts = new ArrayList<>();
    ExitCode exit = ExitCode.DONE;
    int missing = 0;
    for (Finding finding : findings) {
      boolean fine = finding.failure().isEmpty();
      String word = !fine ? "MISSING " : finding.warning() ? "warning " : "ok      ";
      draft.line("  " + word + finding.what() + ": " + finding.observed());
      Map<String, Object> fact = new LinkedHashMap<>();
      fact.put("what", finding.what());
      fact.put("observed", finding.observed());
      fact.put("ok", fine);
      fact.put("warning", finding.warning());
      fact.put("next", finding.next());
      facts.add(fact);
      if (finding.warning()) {
        view.diagnostic(Diagnostic.warning(finding.what(), finding.observed(), finding.next()));
      }
      if (!fine) {
        missing++;
        view.diagnostic(Diagnostic.error(finding.what(), finding.observed(), finding.next()));
        exit = worse(exit, finding.failure().orElseThrow());
      }
    }
    return draft
        .headline(
            missing == 0
                ? "Doctor: the provider "
                    + name
                    + " can work here, "
                    + findings.size()
                    + " of "
                    + Words.count(findings.size(), "thing")
                    + " fine"
                : "Doctor: the provider "
                    + name
                    + " cannot work here, "
                    + missing
                    + " of "
                    + Words.count(findings.size(), "thing")
                    + " missing")
        .fact("provider", name)
        .fact("missing", missing)
        .fact("findings", facts)
        .exit(exit);
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
