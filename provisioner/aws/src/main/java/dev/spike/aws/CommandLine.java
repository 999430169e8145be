package dev.spike.aws;

import dev.spike.core.provider.NodeCommand;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code spike-node} command as a node is sent it. The script is fixed and its one argument is
 * Base64, so that no word of a command is ever read by a shell.
 */
final class CommandLine {
  /** The program of the bundle that runs a command and wraps up its answer. */
  static final String PROGRAM = "/opt/spike/node/run";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(node:)?([A-Za-z0-9-]+)}");

  private CommandLine() {}

  /** What stands for the placeholders on every node. */
  private static final Map<String, String> ON_NODES =
      Map.of(
          "ca", "/etc/pki/tls/certs/ca-bundle.crt",
          "fleetSecret", "/run/spike/secrets/fleet",
          "serveConfig", "/run/spike/conf/serve.json",
          "routerConfig", "/run/spike/conf/router.json");

  /**
   * The words with everything filled in.
   *
   * @param front host:port of the balancer
   * @param nodes host:port of each node's service
   * @throws IllegalArgumentException for a placeholder that nothing is known of
   */
  static List<String> filled(NodeCommand command, String front, Map<String, String> nodes) {
    List<String> words = new ArrayList<>();
    for (String word : command.words()) {
      Matcher matcher = PLACEHOLDER.matcher(word);
      words.add(
          matcher.replaceAll(
              match ->
                  Matcher.quoteReplacement(value(match.group(1), match.group(2), front, nodes))));
    }
    return words;
  }

  private static String value(
      @org.jspecify.annotations.Nullable String prefix,
      String name,
      String front,
      Map<String, String> nodes) {
    String value =
        prefix != null ? nodes.get(name) : name.equals("front") ? front : ON_NODES.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing is known of ${" + (prefix == null ? "" : prefix) + name + "}");
    }
    return value;
  }

  /** The script that a node runs. */
  static String script(List<String> words) {
    String joined = String.join("\0", words) + "\0";
    return PROGRAM
        + " "
        + Base64.getEncoder().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
  }
}
