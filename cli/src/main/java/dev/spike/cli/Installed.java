package dev.spike.cli;

import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderFactory;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens the providers that are installed. */
final class Installed {
  /** Every provider there is a word for; which of them are installed is another matter. */
  private static final Set<String> KNOWN = Set.of("local", "aws");

  private Installed() {}

  /**
   * The provider that a plan names.
   *
   * @throws CommandFailure USAGE when {@code --provider} names another
   */
  static Provider open(Globals globals, Plan plan) throws CommandFailure, ProviderException {
    String named = globals.provider();
    if (named != null && !named.equals(plan.provider().name())) {
      check(named);
      throw new CommandFailure(
          ExitCode.USAGE,
          "This plan is for the provider " + plan.provider().name(),
          "--provider names " + named,
          "Leave --provider out, or plan again with --provider " + named + ".");
    }
    return open(globals, plan.provider().name(), plan.provider().settings());
  }

  /** A provider by name, with the settings that a plan or the command line holds for it. */
  static Provider open(Globals globals, String name, Map<String, String> settings)
      throws CommandFailure, ProviderException {
    check(name);
    for (ProviderFactory factory : globals.surroundings().providers()) {
      if (factory.name().equals(name)) {
        return factory.open(settings, globals.surroundings().clock());
      }
    }
    throw new CommandFailure(
        ExitCode.UNAVAILABLE,
        "This build of spike has no provider " + name,
        "it has: "
            + String.join(
                ", ",
                globals.surroundings().providers().stream().map(ProviderFactory::name).toList()),
        "Plan again with a provider that it has.");
  }

  /** Refuses a name that is no provider's. */
  static void check(@Nullable String name) throws CommandFailure {
    if (name != null && !KNOWN.contains(name)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "There is no provider '" + name + "'",
          "known: " + String.join(", ", KNOWN.stream().sorted().toList()),
          "Give --provider local or --provider aws.");
    }
  }
}
