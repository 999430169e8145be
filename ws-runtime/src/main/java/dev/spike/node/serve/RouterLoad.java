package dev.spike.node.serve;

import dev.spike.node.config.Log;
import dev.spike.node.router.LoadWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes the node's queues into the router's memory-mapped load words, many times a second, and
 * finds the words again when the router is installed later or anew. Runs on one event loop.
 */
final class RouterLoad {
  /** How often the words are written. */
  static final long WRITE_MILLIS = 10;

  private static final int TURNS_PER_LOOK = (int) (1000 / WRITE_MILLIS);

  private final @Nullable Path pins;
  private final Counters counters;
  private final NodeLife life;
  private @Nullable LoadWords words;
  private volatile boolean mapped;
  private int turn;

  RouterLoad(@Nullable Path pins, Counters counters, NodeLife life) {
    this.pins = pins;
    this.counters = counters;
    this.life = life;
  }

  /** True while the router reads what this node writes. */
  boolean isMapped() {
    return mapped;
  }

  /** One turn: writes, and once a second looks whether the pin came, went or was replaced. */
  void write() {
    if (pins == null) {
      return;
    }
    if (turn++ % TURNS_PER_LOOK == 0) {
      look(pins);
    }
    LoadWords open = words;
    if (open != null) {
      open.put(LoadWords.HANDSHAKES_PENDING, counters.handshakesPending.get());
      open.put(LoadWords.CONNECTIONS, counters.connections.get());
      open.put(LoadWords.DRAINING, life.isDraining() ? 1 : 0);
      open.beat();
    }
  }

  private void look(Path directory) {
    LoadWords open = words;
    if (open != null && !open.replaced()) {
      return;
    }
    close();
    if (!Files.exists(directory.resolve(LoadWords.PIN))) {
      return;
    }
    try {
      words = LoadWords.open(directory);
      mapped = true;
      Log.info("the router's load words are mapped from " + directory);
    } catch (IOException unusable) {
      Log.warn("the router's load words in " + directory + " cannot be mapped", unusable);
    }
  }

  void close() {
    mapped = false;
    LoadWords open = words;
    words = null;
    if (open != null) {
      open.close();
    }
  }
}
