package dev.spike.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Failure;
import dev.spike.node.config.Json;
import dev.spike.node.config.Log;
import dev.spike.node.config.TierConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code configure}: from what the tier's nodes share and what is this node's own to the two files
 * that its server and its router read. A file that is as it should be is left alone; one that
 * changes is replaced whole.
 */
@Command(name = "configure", description = "Write this node's serve.json and router.json.")
final class ConfigureCommand implements Callable<Integer> {
  @Option(names = "--tier", required = true, paramLabel = "FILE", description = "What nodes share.")
  private Path tier = Path.of("");

  @Option(names = "--node", required = true, description = "This node's name, such as a-1.")
  private String node = "";

  @Option(names = "--zone", required = true, description = "This node's zone, such as a.")
  private String zone = "";

  @Option(names = "--address", required = true, description = "This node's IPv4 address.")
  private String address = "";

  @Option(names = "--gateway", required = true, description = "The subnet's router.")
  private String gateway = "";

  @Option(names = "--interface", required = true, description = "The network device.")
  private String device = "";

  @Option(names = "--run", defaultValue = "/run/spike", description = "Folder of secrets and pins.")
  private Path run = Path.of("");

  @Option(names = "--load-group", paramLabel = "GID", description = "Group of the server.")
  private Optional<Integer> loadGroup = Optional.empty();

  @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "Where to write.")
  private Path to = Path.of("");

  @Override
  public Integer call() throws Failure {
    TierConfiguration configuration = TierConfiguration.read(tier);
    TierConfiguration.Self self =
        new TierConfiguration.Self(node, zone, address, gateway, device, run, loadGroup);
    List<String> written = new ArrayList<>();
    put("serve.json", configuration.serve(self), written);
    Optional<ObjectNode> router = configuration.router(self);
    if (router.isPresent()) {
      put("router.json", router.get(), written);
    }
    ObjectNode answer = Json.object().put("node", node).put("router", router.isPresent());
    written.forEach(answer.putArray("written")::add);
    System.out.println(Json.line(answer));
    return 0;
  }

  private void put(String name, ObjectNode content, List<String> written) throws Failure {
    Path file = to.resolve(name);
    byte[] bytes = (Json.line(content) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (Files.exists(file) && java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
        return;
      }
      Path fresh = to.resolve("." + name + ".new");
      Files.write(fresh, bytes);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      written.add(name);
    } catch (IOException unwritable) {
      throw new Failure(
          Failure.FAILED,
          "the configuration " + file + " cannot be written: " + Log.words(unwritable),
          "check the folder's permissions and room, then run it again");
    }
  }
}
