package dev.spike.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.provider.Tags;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Runs {@code spike-node} commands on the hosts of one event. */
final class NodeCommands implements NodeChannel {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OUTPUT_BYTES_MAX = 4 << 20;
  private static final int ERROR_BYTES_MAX = 64 << 10;
  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final String PART = "command";

  private final EventTier tier;
  private final NodeAdmin admin;

  NodeCommands(EventTier tier) {
    this.tier = tier;
    this.admin = new NodeAdmin(tier);
  }

  @Override
  public NavigableMap<String, Answer> run(
      Collection<String> nodes, NodeCommand command, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> names = List.copyOf(nodes);
    return Failures.translated(
        "command " + command.words() + " could not be run",
        () -> {
          List<Answer> answers = AtOnce.each(names, node -> onNode(node, command, deadline));
          NavigableMap<String, Answer> result = new TreeMap<>();
          for (int i = 0; i < names.size(); i++) {
            result.put(names.get(i), answers.get(i));
          }
          return result;
        });
  }

  private Answer onNode(String node, NodeCommand command, Deadline deadline)
      throws InterruptedException, ProviderException {
    String host = NodeFleets.HOSTS + node;
    if (!tier.hosts().exists(host)) {
      return failed("node " + node + " is not there", "Run spike provision with this plan.");
    }
    if (command.words().equals(List.of("status"))) {
      return status(node);
    }
    boolean router = command.words().getFirst().equals("router");
    return execute(host, words(command, node), router, deadline);
  }

  /** What {@code spike-node status} would print, without starting a Java for it. */
  private Answer status(String node) throws InterruptedException {
    try {
      return new Answer(0, admin.status(node, ANSWER));
    } catch (IOException e) {
      return failed(
          "node " + node + " does not answer: " + e.getMessage(),
          "Read " + tier.folder().log(NodeFleets.HOSTS + node) + ".");
    }
  }

  @Override
  public Answer runAsClient(NodeCommand command, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (!tier.hosts().exists(NamespaceHosts.CLIENT)) {
      return failed(
          "the clients' host of event " + tier.event() + " is not there",
          "Run spike provision with this plan.");
    }
    return execute(NamespaceHosts.CLIENT, words(command, ""), false, deadline);
  }

  /** Runs a command as root, for what changes the kernel. */
  Answer privileged(String host, List<String> words, Deadline deadline)
      throws InterruptedException {
    return execute(host, words, true, deadline);
  }

  @Override
  public Map<String, String> fronts() throws ProviderException {
    return Failures.uninterrupted(
        "the balancer could not be looked at",
        () -> {
          Sight sight = tier.look();
          BalancerListener listener = new BalancerListener(tier);
          String port =
              listener
                  .observe(sight)
                  .map(found -> found.attributes().getOrDefault("port", ""))
                  .orElse("");
          Map<String, String> fronts = new TreeMap<>();
          if (!port.isEmpty()) {
            sight.zones().forEach(zone -> fronts.put(zone, AddressPlan.FRONT + ":" + port));
          }
          return fronts;
        });
  }

  private List<String> words(NodeCommand command, String node) throws ProviderException {
    List<String> words = new ArrayList<>();
    for (String word : command.words()) {
      words.add(word.contains("${") ? replaced(word, node) : word);
    }
    return words;
  }

  private String replaced(String word, String node) throws ProviderException {
    EventFolder folder = tier.folder();
    String text =
        word.replace("${ca}", folder.authority().toString())
            .replace("${fleetSecret}", folder.fleetSecret().toString())
            .replace("${serveConfig}", folder.serveConfig(node).toString())
            .replace("${routerConfig}", folder.routerConfig(node).toString());
    if (text.contains("${front}")) {
      text =
          text.replace(
              "${front}",
              fronts().values().stream()
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new ProviderException(
                              Kind.NOT_FOUND,
                              "event " + tier.event() + " has no listener to connect to",
                              "Run spike provision with this plan.")));
    }
    int at = text.indexOf("${node:");
    if (at >= 0) {
      int end = text.indexOf('}', at);
      String name = text.substring(at + "${node:".length(), end);
      text = text.substring(0, at) + address(name) + text.substring(end + 1);
    }
    return text;
  }

  private String address(String node) throws ProviderException {
    List<String> zones =
        Failures.uninterrupted("the network could not be looked at", () -> tier.look().zones());
    return new AddressPlan(zones).node(node) + ":" + AddressPlan.SERVICE_PORT;
  }

  private Answer execute(String host, List<String> words, boolean root, Deadline deadline)
      throws InterruptedException {
    List<String> line = new ArrayList<>();
    line.addAll(
        root
            ? Launch.Identity.rootWith("bpf", "net_admin", "perfmon", "chown").words()
            : Launch.Identity.without(EventFolder.SERVER_USER).words());
    line.add(Java.command());
    line.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=" + (words.contains("load") || words.contains("drill") ? 4 : 1),
            "-Djava.io.tmpdir=" + tier.folder().commands()));
    line.addAll(Java.bundleOf(tier.folder()));
    line.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(line);
    Tags tags = new Tags(tier.event(), Instant.EPOCH, "");
    builder.environment().clear();
    builder.environment().putAll(Launch.environment(tags, "", host + "/" + PART, List.of()));
    builder.directory(new File("/"));
    builder.redirectInput(new File("/dev/null"));
    Process process;
    try {
      process = tier.hosts().start(host, builder);
    } catch (IOException e) {
      return failed(
          "spike-node could not be started on " + host + ": " + e.getMessage(),
          "Run spike doctor: it names missing tools.");
    }
    try {
      Output out = new Output(process.getInputStream(), OUTPUT_BYTES_MAX);
      Output err = new Output(process.getErrorStream(), ERROR_BYTES_MAX);
      Thread outReader = Thread.ofVirtual().start(out);
      Thread errReader = Thread.ofVirtual().start(err);
      if (!process.waitFor(deadline.left().toMillis(), TimeUnit.MILLISECONDS)) {
        return failed(
            "spike-node " + words.getFirst() + " on " + host + " did not end in time",
            "Run it again with more time, or look at the host's log in "
                + tier.folder().logs()
                + ".");
      }
      outReader.join(Duration.ofSeconds(2));
      errReader.join(Duration.ofSeconds(2));
      return answer(process.exitValue(), out.text, err.text);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Answer answer(int exitCode, String out, String err) {
    try {
      JsonNode json = JSON.readTree(out);
      if (json.isObject()) {
        return new Answer(exitCode, json);
      }
    } catch (JsonProcessingException e) {
      return unreadable(exitCode, out + " " + err);
    }
    return unreadable(exitCode, err);
  }

  private static Answer unreadable(int exitCode, String text) {
    String line =
        text.strip().lines().reduce((first, second) -> second).orElse("it printed nothing");
    return new Answer(
        exitCode == 0 ? -1 : exitCode,
        JSON.createObjectNode()
            .put("error", "spike-node ended with " + exitCode + " and printed no JSON: " + line)
            .put("next", "Report this with the line above."));
  }

  private static Answer failed(String error, String next) {
    return new Answer(-1, JSON.createObjectNode().put("error", error).put("next", next));
  }

  /** Reads all there is and keeps its last bytes, so that the process never blocks on writing. */
  private static final class Output implements Runnable {
    private final InputStream from;
    private final int bytesMax;
    private volatile String text = "";

    Output(InputStream from, int bytesMax) {
      this.from = from;
      this.bytesMax = bytesMax;
    }

    @Override
    public void run() {
      StringBuilder kept = new StringBuilder();
      byte[] buffer = new byte[8192];
      try {
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
          kept.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
          if (kept.length() > 2 * bytesMax) {
            kept.delete(0, kept.length() - bytesMax);
          }
        }
        text = kept.toString();
      } catch (IOException e) {
        text = kept + " (its output broke off: " + e.getMessage() + ")";
      }
    }
  }
}
