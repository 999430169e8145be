package dev.spike.core.plan;

import java.util.List;

/**
 * A plan, sealed, and what a person should know about it.
 *
 * @param diagnostics the weightiest first
 */
public record PlanResult(Plan plan, List<Diagnostic> diagnostics) {
  public PlanResult {
    diagnostics = List.copyOf(diagnostics);
  }
}
