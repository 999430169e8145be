package dev.spike.node;

import dev.spike.node.config.Failure;
import dev.spike.node.config.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code warm}: lets the running server warm itself and waits for it. */
@Command(name = "warm", description = "Let the running server warm itself; waits until it has.")
final class WarmCommand implements Callable<Integer> {
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() throws Exception {
    if (!admin.hasSecret()) {
      throw new Failure(
          Failure.USAGE, "warm needs --fleet-secret", "give the event's fleet secret file");
    }
    System.out.println(Json.line(admin.ask("POST", "/v1/warm", 90_000, false)));
    return 0;
  }
}
