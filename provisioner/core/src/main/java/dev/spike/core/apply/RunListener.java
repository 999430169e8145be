package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;

/** Is told what happens while it happens. Called from several threads, one call at a time. */
public interface RunListener {
  void step(StepEvent event);

  /** A sentence about the run as a whole. */
  void note(String sentence);

  void diagnostic(Diagnostic diagnostic);

  /** What a tier said before its removal began: the last occasion to keep it. */
  default void lastWords(LastWords words) {}
}
