package dev.spike.local;

import dev.spike.core.provider.Tags;
import dev.spike.core.resource.ResourceId;
import dev.spike.local.linux.EventProcess;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A long-running process of an event: it outlives the command that starts it, belongs to no
 * terminal, and carries its tags in its environment from its first moment.
 *
 * @param part which process of which host, such as {@code node-a-1/serve}
 * @param attributes of its resource, to be read back by {@link #attributes}
 * @param identity who it runs as
 * @param input written to its standard input, then closed
 */
record Launch(
    String host,
    String part,
    ResourceId resource,
    Map<String, String> attributes,
    Identity identity,
    List<String> words,
    String input,
    Path log) {
  static final String EVENT = "SPIKE_EVENT";
  static final String RESOURCE = "SPIKE_RESOURCE";
  static final String EXPIRES = "SPIKE_EXPIRES";
  static final String PLAN = "SPIKE_PLAN";
  static final String PART = "SPIKE_PART";
  static final String ZONES = "SPIKE_ZONES";
  static final String ATTRIBUTES = "SPIKE_ATTRIBUTES";

  /**
   * Who a process runs as.
   *
   * @param user 0 keeps root, without any capability but the given ones
   */
  record Identity(int user, List<String> capabilities) {
    static Identity without(int user) {
      return new Identity(user, List.of());
    }

    static Identity rootWith(String... capabilities) {
      return new Identity(0, List.of(capabilities));
    }

    List<String> words() {
      StringBuilder bounds = new StringBuilder("-all");
      capabilities.forEach(capability -> bounds.append(",+").append(capability));
      List<String> words = new ArrayList<>();
      words.add("setpriv");
      if (user != 0) {
        words.addAll(List.of("--reuid", "" + user, "--regid", "" + user, "--clear-groups"));
      }
      words.addAll(
          List.of("--bounding-set", bounds.toString(), "--inh-caps", "-all", "--no-new-privs"));
      words.add("--");
      return words;
    }
  }

  /** The environment of every process of an event, and nothing of our own. */
  static Map<String, String> environment(
      Tags tags, String resource, String part, List<String> zones) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("LANG", "C.UTF-8");
    environment.put(EVENT, tags.event().value());
    environment.put(RESOURCE, resource);
    environment.put(EXPIRES, tags.expires().toString());
    environment.put(PLAN, tags.planDigest());
    environment.put(PART, part);
    environment.put(ZONES, String.join(",", zones));
    return environment;
  }

  /** Starts it on its host. */
  void start(EventTier tier, Tags tags, List<String> zones)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add("setsid");
    line.addAll(identity.words());
    line.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().clear();
    builder.environment().putAll(environment(tags, resource.value(), part, zones));
    StringBuilder text = new StringBuilder();
    new TreeMap<>(attributes).forEach((k, v) -> text.append(k).append('=').append(v).append(';'));
    builder.environment().put(ATTRIBUTES, text.toString());
    builder.directory(new File("/"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    if (input.isEmpty()) {
      builder.redirectInput(new File("/dev/null"));
    }
    Process process = tier.hosts().start(host, builder);
    if (!input.isEmpty()) {
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** The attributes a running process was started with. */
  static Map<String, String> attributes(EventProcess process) {
    Map<String, String> attributes = new HashMap<>();
    for (String pair : process.variable(ATTRIBUTES).split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        attributes.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return attributes;
  }
}
