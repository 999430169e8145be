package dev.spike.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every verb takes, before or after its name. */
public class Globals {
  private final Surroundings surroundings;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      fallbackValue = "true",
      description = "One JSON object a line on stdout.")
  private boolean json;

  @Option(
      names = "--provider",
      scope = ScopeType.INHERIT,
      paramLabel = "local|aws",
      description = "Chosen at plan; later commands take it from the plan.")
  private @Nullable String provider;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      fallbackValue = "true",
      description = "No colour; so does NO_COLOR.")
  private boolean noColor;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      fallbackValue = "true",
      description = "No commentary on stderr, only errors.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      fallbackValue = "true",
      description = "More commentary, and the stack of a bug.")
  private boolean verbose;

  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "The project file in place of ./spike.yaml.")
  private @Nullable String config;

  Globals(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  public boolean json() {
    return json;
  }

  public @Nullable String provider() {
    return provider;
  }

  public boolean quiet() {
    return quiet;
  }

  public boolean verbose() {
    return verbose;
  }

  public @Nullable String config() {
    return config;
  }

  /** Whether the result may be coloured. */
  public boolean color() {
    return !noColor
        && !surroundings.variables().containsKey("NO_COLOR")
        && surroundings.outIsTerminal();
  }
}
