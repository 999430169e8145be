package dev.spike.cli.config;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Gives picocli the value of an option that the command line leaves out. */
public final class LayeredDefaults implements IDefaultValueProvider {
  private final Layers layers;

  public LayeredDefaults(Layers layers) {
    this.layers = layers;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    return layers.find(option.command().name(), name(option)).map(Layers.Found::value).orElse(null);
  }

  /** An option's long name without its dashes. */
  public static String name(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }
}
