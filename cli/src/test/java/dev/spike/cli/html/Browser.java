package dev.spike.cli.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A headless Chromium, driven by its DevTools protocol over a WebSocket. Ends its process and
 * removes its folder when it is closed.
 */
final class Browser implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> NAMES = List.of("chromium", "chromium-browser");

  private final Path profile;
  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Answers answers = new Answers();
  private final AtomicInteger lastId = new AtomicInteger();
  private final WebSocket socket;
  private final String session;

  private Browser(Path profile, Process process) throws Exception {
    this.profile = profile;
    this.process = process;
    String target = address();
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(target), answers)
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    String page =
        call("", "Target.createTarget", Map.of("url", "about:blank")).path("targetId").asText();
    session =
        call("", "Target.attachToTarget", Map.of("targetId", page, "flatten", true))
            .path("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** The browser of this machine, where it is installed. */
  static Optional<Path> installed() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Browser start(Path program) throws Exception {
    Path profile = Files.createTempDirectory("spike-chromium");
    ProcessBuilder builder =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output.log").toFile());
    builder.environment().put("TMPDIR", profile.toString());
    Process process = builder.start();
    try {
      return new Browser(profile, process);
    } catch (Exception failure) {
      end(process, profile);
      throw failure;
    }
  }

  /** Where the browser says that it listens. */
  private String address() throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() == 2) {
          return "ws://127.0.0.1:" + lines.get(0) + lines.get(1);
        }
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException(
        "the browser does not listen: " + Files.readString(profile.resolve("output.log")));
  }

  /** Calls a method of the page's session. */
  JsonNode call(String method, Map<String, Object> parameters) throws Exception {
    return call(session, method, parameters);
  }

  private JsonNode call(String inSession, String method, Map<String, Object> parameters)
      throws Exception {
    int id = lastId.incrementAndGet();
    ObjectNode message = MAPPER.createObjectNode();
    message.put("id", id).put("method", method).set("params", MAPPER.valueToTree(parameters));
    if (!inSession.isEmpty()) {
      message.put("sessionId", inSession);
    }
    CompletableFuture<JsonNode> answer = answers.expect(id);
    socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    JsonNode node = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (node.has("error")) {
      throw new IllegalStateException(method + ": " + node.path("error"));
    }
    return node.path("result");
  }

  /** How wide the window is, and which colours the reader prefers. */
  void show(int width, int height, String scheme) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            "screen",
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Opens a page and waits until all of it is loaded. */
  void open(Path page) throws Exception {
    answers.events.clear();
    call("Page.navigate", Map.of("url", page.toUri().toString()));
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (answers.named("Page.loadEventFired").isEmpty()) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException("the page " + page + " is not loaded");
      }
      Thread.sleep(20);
    }
  }

  /** What an expression of JavaScript gives in the page, as JSON. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(result.path("exceptionDetails").toString());
    }
    return result.path("result").path("value");
  }

  /** A picture of the whole page, a PNG. */
  byte[] screenshot() throws Exception {
    return bytes(
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true)));
  }

  /** The page on paper: the emulated screen is put away before. */
  byte[] pdf() throws Exception {
    call("Emulation.setEmulatedMedia", Map.of("media", "", "features", List.of()));
    return bytes(
        call("Page.printToPDF", Map.of("printBackground", true, "preferCSSPageSize", true)));
  }

  private static byte[] bytes(JsonNode result) {
    return Base64.getDecoder().decode(result.path("data").asText());
  }

  /** Every address that was asked for since the page was opened. */
  List<String> requests() {
    return answers.named("Network.requestWillBeSent").stream()
        .map(event -> event.path("request").path("url").asText())
        .toList();
  }

  /** What the console said since the page was opened: errors, warnings, refused loads. */
  List<String> complaints() {
    List<String> all = new ArrayList<>();
    for (String kind :
        List.of("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")) {
      answers.named(kind).forEach(event -> all.add(event.toString()));
    }
    return all;
  }

  @Override
  public void close() throws Exception {
    socket.abort();
    http.shutdownNow();
    end(process, profile);
  }

  private static void end(Process process, Path profile) throws Exception {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.waitFor(10, TimeUnit.SECONDS);
    for (ProcessHandle child : children) {
      child.onExit().get(10, TimeUnit.SECONDS);
    }
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** What comes back over the socket: answers by their number, and events. */
  private static final class Answers implements WebSocket.Listener {
    private final Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final StringBuilder text = new StringBuilder();

    CompletableFuture<JsonNode> expect(int id) {
      return open.computeIfAbsent(id, number -> new CompletableFuture<>());
    }

    List<JsonNode> named(String method) {
      return events.stream()
          .filter(event -> event.path("method").asText().equals(method))
          .map(event -> event.path("params"))
          .toList();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        JsonNode node = parsed();
        text.setLength(0);
        CompletableFuture<JsonNode> waiting = open.remove(node.path("id").asInt(-1));
        if (waiting == null) {
          events.add(node);
        } else {
          waiting.complete(node);
        }
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private JsonNode parsed() {
      try {
        return MAPPER.readTree(text.toString());
      } catch (IOException malformed) {
        throw new UncheckedIOException(malformed);
      }
    }
  }
}
