package dev.spike.node.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spike-node router}: one JSON object on stdout per command, logs on stderr. */
@Command(
    name = "router",
    description = "Installs, feeds, observes and removes the connection router of this node.",
    subcommands = {
      RouterCommand.Install.class,
      RouterCommand.Apply.class,
      RouterCommand.Status.class,
      RouterCommand.Drain.class,
      RouterCommand.Off.class,
      RouterCommand.On.class,
      RouterCommand.Remove.class,
      RouterCommand.Agent.class,
      RouterCommand.Pass.class
    })
public final class RouterCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  /** Runs this command alone. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new RouterCommand()).execute(arguments));
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "say what to do: install, apply, status, drain, off, on, remove, agent or pass");
  }

  /** Does one thing and prints its result, or what failed and what to do next. */
  abstract static class Verb implements Callable<Integer> {
    abstract Map<String, Object> act() throws IOException, InterruptedException;

    @Override
    public Integer call() {
      try {
        print(act());
        return 0;
      } catch (RouterException e) {
        return failed(e.getMessage(), e.next(), e.exitCode());
      } catch (NativeException e) {
        boolean allowed = e.errno() != NativeException.EPERM;
        return failed(
            e.getMessage(),
            allowed
                ? "look at stderr for the kernel's reason"
                : "run as root, or with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON",
            allowed ? RouterException.FAILED : RouterException.UNAVAILABLE);
      } catch (IOException e) {
        return failed(e.toString(), "check the paths in the configuration", RouterException.FAILED);
      } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return failed(cause.getMessage(), "install libbpf", RouterException.UNAVAILABLE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return failed("interrupted", "run the command again", RouterException.FAILED);
      }
    }

    private static int failed(@Nullable String error, String next, int exitCode) {
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("error", String.valueOf(error));
      out.put("next", next);
      print(out);
      return exitCode;
    }

    static void print(Map<String, Object> result) {
      try {
        System.out.println(new ObjectMapper().writeValueAsString(result));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a result of plain values is always JSON", e);
      }
    }
  }

  /** A verb that works on the node's configuration. */
  abstract static class ConfiguredVerb extends Verb {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "router JSON")
    private @Nullable Path file;

    Path file() {
      return Objects.requireNonNull(file);
    }

    RouterConfig config() throws RouterException {
      return RouterConfig.read(file());
    }
  }

  /** Loads, fills, attaches. */
  @Command(name = "install", description = "Loads, fills and attaches; upgrades what runs.")
  static final class Install extends ConfiguredVerb {
    @Override
    Map<String, Object> act() throws IOException, InterruptedException {
      RouterConfig config = config();
      new RouterInstallation(config).install();
      return new RouterStatus(config).read();
    }
  }

  /** Fills the maps. */
  @Command(name = "apply", description = "Brings the maps in line with the configuration.")
  static final class Apply extends ConfiguredVerb {
    @Override
    Map<String, Object> act() throws IOException, InterruptedException {
      RouterConfig config = config();
      new RouterInstallation(config).apply();
      return new RouterStatus(config).read();
    }
  }

  /** Reads the kernel's view. */
  @Command(name = "status", description = "Says what is attached, filled and counted.")
  static final class Status extends ConfiguredVerb {
    @Override
    Map<String, Object> act() throws IOException {
      return new RouterStatus(config()).read();
    }
  }

  /** Sends new flows elsewhere. */
  @Command(name = "drain", description = "Forwards new flows to the peers; live ones stay.")
  static final class Drain extends ConfiguredVerb {
    @Option(names = "--undo", description = "take new flows again")
    private boolean undo;

    @Override
    Map<String, Object> act() throws IOException {
      RouterConfig config = config();
      new RouterInstallation(config).drain(!undo);
      return new RouterStatus(config).read();
    }
  }

  /** Takes every new flow where it lands. */
  @Command(name = "off", description = "New flows stay where they land; forwarded ones stay too.")
  static final class Off extends ConfiguredVerb {
    @Override
    Map<String, Object> act() throws IOException {
      RouterConfig config = config();
      new RouterInstallation(config).off(true);
      return new RouterStatus(config).read();
    }
  }

  /** Ends {@link Off}. */
  @Command(name = "on", description = "New flows climb the ladder again.")
  static final class On extends ConfiguredVerb {
    @Override
    Map<String, Object> act() throws IOException {
      RouterConfig config = config();
      new RouterInstallation(config).off(false);
      return new RouterStatus(config).read();
    }
  }

  /** Detaches and unpins. */
  @Command(name = "remove", description = "Detaches the programs and removes every pin.")
  static final class Remove extends ConfiguredVerb {
    @Override
    Map<String, Object> act() throws IOException {
      RouterConfig config = config();
      new RouterInstallation(config).remove();
      return new RouterStatus(config).read();
    }
  }

  /** Runs until a signal. */
  @Command(name = "agent", description = "Feeds the router until it is stopped by a signal.")
  static final class Agent extends ConfiguredVerb {
    private static final long STOP_MILLIS_MAX = 3000;

    @Override
    Map<String, Object> act() throws IOException, InterruptedException {
      RouterAgent agent = new RouterAgent(file());
      CountDownLatch ended = new CountDownLatch(1);
      Thread stop =
          new Thread(
              () -> {
                agent.stop();
                try {
                  if (!ended.await(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                    System.err.println("router: the agent did not end in time");
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                Runtime.getRuntime().halt(0); // a stop by signal is this command's good end
              });
      Runtime.getRuntime().addShutdownHook(stop);
      try {
        agent.run();
      } catch (IOException | RuntimeException | Error e) {
        Runtime.getRuntime().removeShutdownHook(stop);
        throw e;
      } finally {
        ended.countDown();
      }
      return Map.of("stopped", true);
    }
  }

  /** For veth peers. */
  @Command(name = "pass", description = "Attaches the pass program to far ends of veth pairs.")
  static final class Pass extends Verb {
    @Option(names = "--interface", required = true, paramLabel = "NAME")
    private List<String> interfaces = List.of();

    @Override
    Map<String, Object> act() throws IOException {
      return PassProgram.attach(interfaces);
    }
  }
}
