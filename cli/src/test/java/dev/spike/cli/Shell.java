package dev.spike.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.core.apply.Stop;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanFiles;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderFactory;
import dev.spike.core.sales.TicketSource;
import dev.spike.testkit.FaultPlan;
import dev.spike.testkit.InMemoryProvider;
import dev.spike.testkit.InMemoryWorld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Runs commands in this process, in a folder of its own, against a provider in memory. */
final class Shell {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What a command left. */
  record Ran(int code, String out, String err) {
    List<String> outLines() {
      return out.lines().toList();
    }

    /** The lines of {@code --json}. */
    List<JsonNode> json() {
      return out.lines().map(Ran::parsed).toList();
    }

    JsonNode result() {
      return json().getLast();
    }

    private static JsonNode parsed(String line) {
      try {
        return MAPPER.readTree(line);
      } catch (IOException malformed) {
        throw new UncheckedIOException(line, malformed);
      }
    }
  }

  final Path folder;
  final InMemoryWorld world = new InMemoryWorld();
  final FaultPlan faults = new FaultPlan();
  final Map<String, String> variables = new HashMap<>();
  final Stop stop = new Stop();
  final AtomicInteger abandoned = new AtomicInteger();
  Instant now = SamplePlan.START.minusSeconds(3600);
  boolean liveClock;
  String provider = "local";
  UnaryOperator<Provider> around = provider -> provider;

  Shell(Path folder) {
    this.folder = folder;
  }

  /** Saves the sample plan as {@code plan.json} in the folder. */
  Plan planFile() throws PlanException {
    Plan plan = SamplePlan.sealed();
    PlanFiles.write(plan, folder.resolve("plan.json"));
    return plan;
  }

  Ran run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ProviderFactory factory =
        new ProviderFactory() {
          @Override
          public String name() {
            return provider;
          }

          @Override
          public Provider open(Map<String, String> settings, Clock clock) {
            return around.apply(new InMemoryProvider(world, faults));
          }
        };
    int code =
        Spike.run(
            new Surroundings(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                Map.copyOf(variables),
                folder,
                clock(),
                List.of(factory),
                ServiceLoader.load(TicketSource.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList(),
                stop,
                abandoned::set,
                abandoned::set),
            arguments);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Stands still, or runs from {@link #now} on. */
  private Clock clock() {
    return liveClock
        ? Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), now))
        : Clock.fixed(now, ZoneOffset.UTC);
  }
}
