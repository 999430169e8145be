package dev.spike.node.router;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The long-running part: tells the program that user space lives, takes over what the kernel learns
 * about neighbours, follows the configuration file and exchanges loads through the cache.
 *
 * <p>When it dies the data path goes on: forwarded flows stay, new ones are accepted locally.
 */
final class RouterAgent {
  private static final long BEAT_MILLIS = 500;
  private static final int BEATS_PER_ROUND = 2;
  private static final int ROUNDS_PER_NEIGHBOURS = 2;
  private static final int ROUNDS_PER_SWEEP = 10;
  private static final long CLOSED_PIN_SECONDS = 30;

  private final Path file;
  private RouterConfig config;
  private FileTime readAt;
  private volatile boolean running = true;

  RouterAgent(Path file) throws IOException {
    this.file = file;
    this.readAt = Files.getLastModifiedTime(file);
    this.config = RouterConfig.read(file);
  }

  /** Ends the loop within one beat. */
  void stop() {
    running = false;
  }

  /** Runs until stopped; a failed round is logged and tried again. */
  void run() throws IOException, InterruptedException {
    new RouterInstallation(config).apply();
    RouterMaps maps = RouterMaps.open(new RouterPins(config.pins()));
    Optional<PeerLoads> loads = PeerLoads.start(config);
    try {
      for (long beat = 0; running; beat++) {
        maps.word("agent", RouterLayout.AGENT_HEARTBEAT, System.nanoTime());
        if (beat % BEATS_PER_ROUND == 0) {
          long round = beat / BEATS_PER_ROUND;
          RouterConfig changed = changed();
          if (changed != null) {
            config = changed;
            maps.close();
            new RouterInstallation(config).apply();
            maps = RouterMaps.open(new RouterPins(config.pins()));
            loads.ifPresent(PeerLoads::close);
            loads = PeerLoads.start(config);
            System.err.println("router: took over " + file);
          }
          maps = reopenWhenReplaced(maps);
          round(maps, loads, round);
        }
        Thread.sleep(BEAT_MILLIS);
      }
    } finally {
      loads.ifPresent(PeerLoads::close);
      maps.close();
    }
  }

  private void round(RouterMaps maps, Optional<PeerLoads> loads, long round) {
    try {
      if (loads.isPresent()) {
        loads.get().publish(ownLoad(maps), draining(maps));
        loads.get().take(maps);
      }
      if (round % ROUNDS_PER_NEIGHBOURS == 0) {
        new RouterFill(config, maps, Neighbours.of(config)).neighbours();
      }
      if (round % ROUNDS_PER_SWEEP == 0) {
        maps.sweepPins(CLOSED_PIN_SECONDS, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
      }
    } catch (IOException e) {
      System.err.println("router: this round failed, the next one comes: " + e.getMessage());
    }
  }

  /** The configuration when its file changed and is right; a wrong one is named and ignored. */
  private @Nullable RouterConfig changed() {
    try {
      FileTime now = Files.getLastModifiedTime(file);
      if (now.equals(readAt)) {
        return null;
      }
      readAt = now;
      return RouterConfig.read(file);
    } catch (IOException e) {
      System.err.println("router: keeping the configuration in force: " + e.getMessage());
      return null;
    }
  }

  /** A removed and installed router has other maps under the same names. */
  private RouterMaps reopenWhenReplaced(RouterMaps maps) throws IOException {
    if (!maps.replaced()) {
      return maps;
    }
    RouterPins pins = new RouterPins(config.pins());
    if (!pins.present()) {
      return maps; // removed: wait for the next installation
    }
    maps.close();
    return RouterMaps.open(pins);
  }

  private boolean draining(RouterMaps maps) throws IOException {
    return (maps.flags() & RouterLayout.FLAG_DRAINING) != 0
        || maps.word("load", LoadWords.DRAINING) != 0;
  }

  /** 0 idle to 1000 full: the fullest of the runtime's queues; a silent runtime is full. */
  private int ownLoad(RouterMaps maps) throws IOException {
    long silent = System.nanoTime() - maps.word("load", LoadWords.HEARTBEAT_NANOS);
    if (silent > TimeUnit.SECONDS.toNanos(3)) {
      return 1000;
    }
    long handshakes =
        1000 * maps.word("load", LoadWords.HANDSHAKES_PENDING) / config.handshakeQueueMax();
    long accepting = 1000 * maps.word("load", LoadWords.ACCEPT_QUEUE) / config.acceptQueueMax();
    return Math.clamp(Math.max(handshakes, accepting), 0, 1000);
  }
}
