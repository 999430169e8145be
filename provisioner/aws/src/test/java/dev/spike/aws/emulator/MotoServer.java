package dev.spike.aws.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * moto's server as a process of the test's own, on a free loopback port.
 *
 * <p>As a field with {@code @RegisterExtension static final} it starts before the first test, is
 * emptied before each, and ends after the last, or with this JVM.
 */
public final class MotoServer
    implements AutoCloseable, BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  /** The account that every call belongs to. */
  public static final String ACCOUNT = "123456789012";

  public static final String REGION = "us-east-1";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final boolean extended;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private @Nullable MotoProcess process;
  private int port;

  private MotoServer(boolean extended) {
    this.extended = extended;
  }

  /**
   * The world as a program that was killed left it.
   *
   * @param call whose effect is the last that this world has
   * @param number of that call, from 1 on; 0 for the world before the first
   */
  public record LeftWorld(String call, int number) {}

  /**
   * The worlds of one program's run.
   *
   * @param calls how many the program made
   * @param worlds one before its first call and one after each call that could change something
   */
  public record LeftWorlds(int calls, List<LeftWorld> worlds) {}

  /** moto with what it lacks added, faults and a record of calls; not started yet. */
  public static MotoServer extended() {
    return new MotoServer(true);
  }

  /** moto as it comes; not started yet, and never emptied. */
  public static MotoServer plain() {
    return new MotoServer(false);
  }

  /** Starts the server and waits until it listens. */
  public MotoServer start() throws IOException {
    if (extended) {
      port = Origin.copy();
    } else {
      process = MotoProcess.start(false);
      port = process.port();
    }
    return this;
  }

  /**
   * The process that all extended servers of this JVM are copies of, each with a world, a port and
   * a process of its own: a copy is there in a fiftieth of the time of a start.
   */
  private static final class Origin {
    private static @Nullable MotoServer origin;

    static synchronized int copy() throws IOException {
      if (origin == null) {
        MotoServer first = new MotoServer(true);
        first.process = MotoProcess.start(true);
        first.port = first.process.port();
        first.keepWorlds();
        first.keptWorlds();
        origin = first;
      }
      return origin.ask("POST", "/spike/worlds/open", Map.of("world", 0)).get("port").asInt();
    }
  }

  /** Where every service of the emulator is. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Adds a rule (the keys are in faults.py) and returns its number. */
  public int fault(Map<String, ?> rule) {
    return ask("POST", "/spike/faults", rule).get("rule").asInt();
  }

  /** How often a rule took effect. */
  public int hits(int rule) {
    for (JsonNode entry : ask("GET", "/spike/faults", Map.of()).get("rules")) {
      if (entry.get("rule").asInt() == rule) {
        return entry.get("hits").asInt();
      }
    }
    throw new IllegalArgumentException("there is no rule " + rule);
  }

  /** Takes a rule back. */
  public void heal(int rule) {
    ask("DELETE", "/spike/faults", Map.of("rule", rule));
  }

  /** Changes how the emulated world behaves (the keys are in world.py). */
  public void set(Map<String, ?> settings) {
    ask("POST", "/spike/settings", settings);
  }

  /** The calls since the last reset, counted by {@code service:Action}. */
  public SortedMap<String, Integer> calls() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    ask("GET", "/spike/calls", Map.of())
        .get("counts")
        .properties()
        .forEach(count -> counts.put(count.getKey(), count.getValue().asInt()));
    return counts;
  }

  /** The calls since the last reset, one by one: {call, at (seconds), key, outcome}. */
  public JsonNode callLog() {
    return ask("GET", "/spike/calls?log=1", Map.of()).get("log");
  }

  /** Forgets the calls so far and nothing else. */
  public void forgetCalls() {
    ask("POST", "/spike/calls", Map.of());
  }

  /** The calls that a hold rule keeps now, as {@code service:Action}; waits for the first. */
  public List<String> held(Duration limit) {
    List<String> calls = new ArrayList<>();
    ask("GET", "/spike/held?wait=" + limit.toMillis() / 1000.0, Map.of())
        .get("held")
        .forEach(entry -> calls.add(entry.get("call").asText()));
    return calls;
  }

  /** Lets held calls go on. */
  public void release() {
    ask("POST", "/spike/release", Map.of("how", "continue"));
  }

  /** Ends held calls without an answer; before their effect they then have none. */
  public void drop() {
    ask("POST", "/spike/release", Map.of("how", "drop"));
  }

  /** Empties the world, the rules, the settings and the record. */
  public void reset() {
    ask("POST", "/spike/reset", Map.of());
  }

  /** The running nodes by name: {instance, name, address, warm, installed, off, table, peers}. */
  public JsonNode nodes() {
    return ask("GET", "/spike/nodes", Map.of()).get("nodes");
  }

  /** Keeps the present world, and from now on the world after each call that can change it. */
  public void keepWorlds() {
    ask("POST", "/spike/worlds", Map.of());
  }

  /** The worlds kept since; no more are kept. */
  public LeftWorlds keptWorlds() {
    ask("DELETE", "/spike/worlds", Map.of());
    JsonNode answer = ask("GET", "/spike/worlds", Map.of());
    List<LeftWorld> worlds = new ArrayList<>();
    answer
        .get("worlds")
        .forEach(
            entry ->
                worlds.add(new LeftWorld(entry.get("call").asText(), entry.get("number").asInt())));
    return new LeftWorlds(answer.get("calls").asInt(), worlds);
  }

  /** A server of its own for a copy of a kept world; closing it ends it. */
  public MotoServer open(int world) {
    MotoServer copy = new MotoServer(true);
    copy.port = ask("POST", "/spike/worlds/open", Map.of("world", world)).get("port").asInt();
    return copy;
  }

  /**
   * What the account has that it had not from the start, names by kind, counted in the emulator's
   * own lists. {@link IndependentCount} says the same and takes a second longer.
   */
  public SortedMap<String, List<String>> left() {
    SortedMap<String, List<String>> left = new TreeMap<>();
    ask("GET", "/spike/left?account=" + ACCOUNT + "&region=" + REGION, Map.of())
        .properties()
        .forEach(
            entry -> {
              List<String> names = new ArrayList<>();
              entry.getValue().forEach(name -> names.add(name.asText()));
              left.put(entry.getKey(), names);
            });
    return left;
  }

  /** The value of every secret, so that a test can look for them where they must not be. */
  public List<String> secretValues() {
    List<String> values = new ArrayList<>();
    ask("GET", "/spike/secrets", Map.of())
        .get("values")
        .forEach(value -> values.add(value.asText()));
    return values;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (extended) {
      reset();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    close();
  }

  @Override
  public void close() throws IOException {
    MotoProcess running = process;
    if (running != null) {
      running.close();
      process = null;
    } else if (port != 0) {
      ask("POST", "/spike/end", Map.of());
    }
    http.close();
  }

  private JsonNode ask(String method, String path, Map<String, ?> body) {
    if (!extended) {
      throw new IllegalStateException("moto as it comes has no " + path);
    }
    try {
      HttpRequest request =
          HttpRequest.newBuilder(endpoint().resolve(path))
              .timeout(Duration.ofSeconds(130))
              .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
              .build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalArgumentException(path + " answered " + response.body());
      }
      return JSON.readTree(response.body());
    } catch (IOException failure) {
      throw new IllegalStateException("the emulator does not answer " + path, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted at " + path, interrupted);
    }
  }
}
