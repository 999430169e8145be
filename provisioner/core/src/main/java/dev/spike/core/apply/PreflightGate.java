package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Whether what a preflight found keeps a command from going on. */
final class PreflightGate {
  private PreflightGate() {}

  /** How the command ends then, all that is missing told; empty when nothing is in the way. */
  static Optional<Ending> unfit(List<Finding> findings, Consumer<Diagnostic> tell) {
    Set<ProviderException.Kind> failures = EnumSet.noneOf(ProviderException.Kind.class);
    for (Finding finding : findings) {
      if (finding.failure().isPresent()) {
        failures.add(finding.failure().get());
        tell.accept(Diagnostic.error(finding.what(), finding.observed(), finding.next()));
      } else if (finding.warning()) {
        tell.accept(Diagnostic.warning(finding.what(), finding.observed(), finding.next()));
      }
    }
    if (failures.isEmpty()) {
      return Optional.empty();
    }
    boolean rights =
        failures.contains(ProviderException.Kind.UNAUTHORIZED)
            || failures.contains(ProviderException.Kind.QUOTA_EXCEEDED);
    return Optional.of(rights ? Ending.UNAUTHORIZED : Ending.UNAVAILABLE);
  }
}
