package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.Words;
import dev.spike.core.apply.Change;
import dev.spike.core.apply.ChangeSet;
import dev.spike.core.apply.Outcome;
import dev.spike.core.apply.RunResult;

/** What a run of the engine did, as facts and words. */
final class RunReport {
  private RunReport() {}

  /** {@code 11 created, 0 updated, 0 replaced, 0 deleted in 14.2 s}. */
  static String done(RunResult result) {
    return applied(result, "create")
        + " created, "
        + applied(result, "update")
        + " updated, "
        + applied(result, "replace")
        + " replaced, "
        + applied(result, "delete")
        + " deleted in "
        + Words.seconds(result.elapsed());
  }

  /** {@code 11 to add, 0 to change, 0 to replace, 0 to destroy}. */
  static String toDo(ChangeSet changes) {
    return changes.creates()
        + " to add, "
        + changes.updates()
        + " to change, "
        + changes.replaces()
        + " to replace, "
        + changes.deletes()
        + " to destroy";
  }

  /** One line for each change that is none to keep. */
  static void changes(Report.Draft draft, ChangeSet changes) {
    for (Change change : changes.changes()) {
      switch (change) {
        case Change.Create create -> draft.line("  + " + create.id());
        case Change.Update update ->
            draft.line("  ~ " + update.id() + ": " + String.join("; ", update.differences()));
        case Change.Replace replace ->
            draft.line("  ± " + replace.id() + ": " + String.join("; ", replace.differences()));
        case Change.Delete delete -> draft.line("  - " + delete.id());
        case Change.Keep keep -> {}
      }
    }
  }

  static void facts(Report.Draft draft, RunResult result) {
    draft
        .fact("ending", result.ending().name().toLowerCase(java.util.Locale.ROOT))
        .fact("toCreate", result.changes().creates())
        .fact("toUpdate", result.changes().updates())
        .fact("toReplace", result.changes().replaces())
        .fact("toDelete", result.changes().deletes())
        .fact("applied", result.applied())
        .fact("created", applied(result, "create"))
        .fact("updated", applied(result, "update"))
        .fact("replaced", applied(result, "replace"))
        .fact("deleted", applied(result, "delete"))
        .fact("seconds", result.elapsed().toMillis() / 1000.0);
  }

  private static int applied(RunResult result, String action) {
    int count = 0;
    for (Outcome outcome : result.outcomes()) {
      if (outcome instanceof Outcome.Applied applied && applied.action().equals(action)) {
        count++;
      }
    }
    return count;
  }
}
