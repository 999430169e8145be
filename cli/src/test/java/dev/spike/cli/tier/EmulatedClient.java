package dev.spike.cli.tier;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The client in front of an emulated balancer, which has no address to connect to: it finds the
 * nodes that are ready and spreads its connections over them, as a balancer would. It is a program
 * of the JDK alone, packed as the bundle of an installation.
 */
public final class EmulatedClient {
  private static final Pattern NODE =
      Pattern.compile("\"name\": \"([a-z0-9-]+)\"[^{}]*\"warm\": true");

  private EmulatedClient() {}

  /** Answers {@code probe handshake} with one JSON object. */
  public static void main(String[] words) throws Exception {
    List<String> line = List.of(words);
    if (!line.subList(0, 2).equals(List.of("probe", "handshake"))) {
      System.out.println("{\"error\":\"not a command of this client\",\"next\":\"\"}");
      System.exit(64);
    }
    String host = line.get(line.indexOf("--host") + 1);
    String target = line.get(line.indexOf("--target") + 1);
    int connections = Integer.parseInt(line.get(line.indexOf("--connections") + 1));
    List<String> ready = ready();
    if (ready.isEmpty() || !target.endsWith(":443")) {
      System.out.println("{\"error\":\"" + target + " takes no connection\",\"next\":\"\"}");
      System.exit(1);
    }
    List<String> counts = new ArrayList<>();
    for (int i = 0; i < ready.size(); i++) {
      int share = connections / ready.size() + (i < connections % ready.size() ? 1 : 0);
      counts.add("\"" + ready.get(i) + "\":" + share);
    }
    System.out.println(
        "{\"succeeded\":"
            + connections
            + ",\"tls\":\"TLSv1.3\",\"p99Millis\":4.1,\"failed\":{},\"certificate\":{\"names\":[\""
            + host
            + "\"]},\"nodes\":{"
            + String.join(",", counts)
            + "}}");
  }

  private static List<String> ready() throws IOException, InterruptedException {
    URI nodes = URI.create(System.getenv("AWS_ENDPOINT_URL") + "/spike/nodes");
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String body =
          client
              .send(HttpRequest.newBuilder(nodes).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      Matcher matcher = NODE.matcher(body);
      List<String> names = new ArrayList<>();
      while (matcher.find()) {
        names.add(matcher.group(1));
      }
      return names;
    }
  }

  /** Packs this program as the bundle of an installation. */
  static void install(Path home, String version) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, EmulatedClient.class.getName());
    String name = EmulatedClient.class.getName().replace('.', '/') + ".class";
    Path jar = Files.createDirectories(home.resolve("bundle")).resolve("spike-node.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out, manifest);
        var code = EmulatedClient.class.getResourceAsStream("/" + name)) {
      packed.putNextEntry(new JarEntry(name));
      java.util.Objects.requireNonNull(code, name).transferTo(packed);
      packed.closeEntry();
    }
  }
}
