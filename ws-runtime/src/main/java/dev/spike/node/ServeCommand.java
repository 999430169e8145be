package dev.spike.node;

import dev.spike.node.config.Log;
import dev.spike.node.config.ServeConfig;
import dev.spike.node.serve.Server;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve}: runs the node until SIGTERM, then drains. */
@Command(name = "serve", description = "Run the WebSocket server of a node.")
final class ServeCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE", description = "JSON file.")
  private Path config = Path.of("");

  @Override
  public Integer call() throws Exception {
    Server server = new Server(ServeConfig.read(config));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "spike-stop"));
    server.awaitClosed();
    return 0;
  }

  /** A drained node has done what it was told, so it ends with 0 rather than the signal's 143. */
  private static void stop(Server server) {
    int exitCode = 0;
    try {
      server.drain();
      server.close();
    } catch (InterruptedException | RuntimeException broken) {
      Log.warn("the drain did not finish", broken);
      exitCode = 1;
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
