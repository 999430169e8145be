package dev.spike.core.spec;

import java.util.List;

/** The shipped JSON Schema of event files, and its verdicts in sentences. */
public final class EventSchema {
  /** Where the schema lies on the class path. */
  public static final String RESOURCE = "/dev/spike/core/spec/event.schema.json";

  private static final Schema SCHEMA = Schema.load(RESOURCE);

  private EventSchema() {}

  /** Every verdict on a tree, with the line it belongs to. */
  static List<SpecProblem> problems(YamlTree.Read read) {
    return SCHEMA.problems(read);
  }
}
