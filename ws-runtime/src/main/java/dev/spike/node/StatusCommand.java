package dev.spike.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code status}: what the running server says of itself; less without the secret. */
@Command(name = "status", description = "Print the state of the running server.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() throws Exception {
    ObjectNode answer =
        admin.hasSecret()
            ? admin.ask("GET", "/v1/status", 5000, false)
            : admin.ask("GET", "/readyz", 5000, true);
    System.out.println(Json.line(answer));
    return 0;
  }
}
