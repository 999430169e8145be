package dev.spike.cli;

import dev.spike.cli.view.GitHubView;
import dev.spike.cli.view.HumanView;
import dev.spike.cli.view.JsonView;
import dev.spike.cli.view.View;
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

  /** The view that the options and the surroundings ask for. */
  View view() {
    return view(json);
  }

  /** As {@link #view()}, for a command line that could not be parsed. */
  View view(boolean asJson) {
    View view =
        asJson
            ? new JsonView(surroundings.out(), Version.text())
            : new HumanView(
                surroundings.out(),
                surroundings.err(),
                new HumanView.Manner(color(), surroundings.errIsTerminal(), quiet, verbose));
    String summary = surroundings.variables().getOrDefault("GITHUB_STEP_SUMMARY", "");
    return summary.isEmpty()
        ? view
        : new GitHubView(view, surroundings.path(summary), surroundings.err());
  }

  /** Whether the result may be coloured. */
  boolean color() {
    return !noColor
        && !surroundings.variables().containsKey("NO_COLOR")
        && surroundings.outIsTerminal();
  }
}
