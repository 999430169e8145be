package dev.spike.cli;

import dev.spike.cli.config.ConfigurationException;
import dev.spike.cli.config.LayeredDefaults;
import dev.spike.cli.config.Layers;
import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.core.plan.Diagnostic;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the program starts, and where its parts are put together. */
public final class Spike {
  private Spike() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    LogLines.install();
    ResultStream out = ResultStream.ofProcess();
    Surroundings surroundings = Surroundings.ofProcess(out);
    Signals.install(surroundings.stop(), surroundings.abandon());
    System.exit(out.ended(run(surroundings, arguments), surroundings.err()));
  }

  /** Runs one command and returns its exit code. */
  static int run(Surroundings surroundings, String... arguments) {
    SpikeCommand root = new SpikeCommand(surroundings);
    Layers layers;
    try {
      layers = Layers.of(surroundings.variables(), files(surroundings, arguments));
      CommandLine line = tree(root, layers);
      checkKeys(line, layers);
      return line.execute(arguments);
    } catch (ConfigurationException wrong) {
      return usage(
          root,
          "",
          Arrays.asList(arguments).contains("--json"),
          Diagnostic.error(String.valueOf(wrong.getMessage()), "", wrong.next()));
    }
  }

  /**
   * The whole tree of verbs; every value that the command line leaves out comes from the layers.
   */
  static CommandLine tree(SpikeCommand root, Layers layers) {
    CommandLine line = new CommandLine(root);
    line.addSubcommand(new InitCommand(root));
    line.addSubcommand(new PlanCommand(root));
    line.addSubcommand(new BacktestCommand(root));
    line.addSubcommand(new PricesCommand(root));
    line.addSubcommand(new ReserveCommand(root));
    line.addSubcommand(new ProvisionCommand(root));
    line.addSubcommand(new WarmCommand(root));
    line.addSubcommand(
        new CommandLine(new RouterCommand())
            .addSubcommand(new RouterOnCommand(root))
            .addSubcommand(new RouterOffCommand(root))
            .addSubcommand(new RouterStatusCommand(root)));
    line.addSubcommand(new StatusCommand(root));
    line.addSubcommand(new TeardownCommand(root));
    line.addSubcommand(new DoctorCommand(root));
    line.addSubcommand(new CompletionCommand(root));
    line.addSubcommand(
        new CommandLine(new ConfigCommand()).addSubcommand(new ConfigExplainCommand(root, layers)));
    boolean ansi =
        root.surroundings().outIsTerminal()
            && !root.surroundings().variables().containsKey("NO_COLOR");
    line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi ? Ansi.ON : Ansi.OFF));
    line.setOut(new PrintWriter(root.surroundings().out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(root.surroundings().err(), true, StandardCharsets.UTF_8));
    line.setDefaultValueProvider(new LayeredDefaults(layers));
    line.setParameterExceptionHandler(
        (wrong, arguments) -> onUsage(root, layers, wrong, arguments));
    return line;
  }

  private static List<Path> files(Surroundings surroundings, String[] arguments)
      throws ConfigurationException {
    Map<String, String> variables = surroundings.variables();
    String project = variables.getOrDefault(Layers.variable("config"), "");
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith("--config=")) {
        project = arguments[i].substring("--config=".length());
      } else if (arguments[i].equals("--config") && i + 1 < arguments.length) {
        project = arguments[i + 1];
      }
    }
    List<Path> files = new ArrayList<>();
    if (project.isEmpty()) {
      files.add(surroundings.path("spike.yaml"));
    } else {
      files.add(Layers.required(surroundings.path(project)));
    }
    String configHome = variables.getOrDefault("XDG_CONFIG_HOME", "");
    String home = variables.getOrDefault("HOME", "");
    if (!configHome.isEmpty()) {
      files.add(Path.of(configHome, "spike", "config.yaml"));
    } else if (!home.isEmpty()) {
      files.add(Path.of(home, ".config", "spike", "config.yaml"));
    }
    return files;
  }

  /** A key that no option has is a mistake, not something to skip. */
  private static void checkKeys(CommandLine line, Layers layers) throws ConfigurationException {
    Set<String> known = new TreeSet<>();
    collect("", line, known);
    for (Map.Entry<String, String> key : layers.keys().entrySet()) {
      if (!known.contains(key.getKey())) {
        throw new ConfigurationException(
            key.getValue() + ": there is no option '" + key.getKey() + "'",
            "Did you mean '"
                + Nearest.to(key.getKey(), known)
                + "'? `spike config explain` lists all.");
      }
    }
  }

  private static void collect(String prefix, CommandLine line, Set<String> known) {
    for (OptionSpec option : line.getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        known.add(prefix + LayeredDefaults.name(option));
        known.add(LayeredDefaults.name(option));
      }
    }
    line.getSubcommands().forEach((verb, child) -> collect(verb + ".", child, known));
  }

  private static int onUsage(
      SpikeCommand root, Layers layers, ParameterException wrong, String[] arguments) {
    boolean json =
        Arrays.asList(arguments).contains("--json")
            || layers.find("", "json").map(Layers.Found::value).orElse("").equals("true");
    CommandLine line = wrong.getCommandLine();
    String help = line.getCommandSpec().qualifiedName(" ");
    List<String> near = List.of();
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      near = unmatched.getSuggestions();
    }
    return usage(
        root,
        help.replaceFirst("^spike ?", ""),
        json,
        Diagnostic.error(
            String.valueOf(wrong.getMessage()),
            near.isEmpty() ? "" : "nearest: " + String.join(", ", near),
            "See " + help + " --help."));
  }

  private static int usage(SpikeCommand root, String command, boolean json, Diagnostic diagnostic) {
    View view = root.view(json);
    view.diagnostic(diagnostic);
    view.result(Report.ended(command, ExitCode.USAGE));
    return ExitCode.USAGE.code();
  }
}
