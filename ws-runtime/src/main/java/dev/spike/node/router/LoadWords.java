package dev.spike.node.router;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's side of the router's load map: an array of 64-bit words in memory shared with the
 * program in the kernel, written with single stores. The layout is fixed in {@code spike_router.h}.
 *
 * <p>Needs no capability, only permission to read and write the pin {@code DIR/load}. All methods
 * may be called from any thread.
 */
public final class LoadWords implements AutoCloseable {
  /** The runtime's last sign of life: CLOCK_MONOTONIC in nanoseconds, see {@link #beat()}. */
  public static final int HEARTBEAT_NANOS = 0;

  /** TLS handshakes begun and not finished. */
  public static final int HANDSHAKES_PENDING = 1;

  /** Open connections. */
  public static final int CONNECTIONS = 2;

  /** Connections accepted by the kernel and not yet by the runtime, where the runtime knows. */
  public static final int ACCEPT_QUEUE = 3;

  /** 1 while the runtime drains, else 0. */
  public static final int DRAINING = 4;

  /** Number of words in the map. */
  public static final int WORDS = 64;

  /** File name of the pin below the node's pin directory. */
  public static final String PIN = "load";

  private static final VarHandle WORD = ValueLayout.JAVA_LONG.arrayElementVarHandle();

  private final Path pin;
  private final @Nullable Object fileKey;
  private final Arena arena;
  private final MemorySegment words;

  private LoadWords(Path pin, @Nullable Object fileKey, Arena arena, MemorySegment words) {
    this.pin = pin;
    this.fileKey = fileKey;
    this.arena = arena;
    this.words = words;
  }

  /**
   * Maps the words of the router pinned in a directory.
   *
   * @throws IOException when the pin is absent or may not be opened (an absent router is not an
   *     error for the runtime: try again later)
   */
  public static LoadWords open(Path pins) throws IOException {
    Path pin = pins.resolve(PIN);
    Object fileKey = Files.readAttributes(pin, BasicFileAttributes.class).fileKey();
    int fd;
    try {
      fd = Libbpf.open(pin);
    } catch (LinkageError e) {
      throw new IOException("cannot map the router's load words: " + e.getMessage(), e);
    }
    Arena arena = Arena.ofShared();
    try {
      MemorySegment words = Libc.mapShared(fd, (long) WORDS * Long.BYTES, arena);
      return new LoadWords(pin, fileKey, arena, words);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    } finally {
      Libc.close(fd);
    }
  }

  /** Stores one word; the program sees it with its next packet. */
  public void put(int index, long value) {
    WORD.setRelease(words, 0L, (long) index, value);
  }

  /** Reads one word back. */
  public long get(int index) {
    return (long) WORD.getAcquire(words, 0L, (long) index);
  }

  /** Stores the present time as the runtime's heartbeat; call it at least once a second. */
  public void beat() {
    put(HEARTBEAT_NANOS, System.nanoTime()); // HotSpot reads CLOCK_MONOTONIC, as the program does
  }

  /**
   * True when the pin is gone or leads to another map than the one mapped here: close this and open
   * again.
   */
  public boolean replaced() {
    try {
      return !Objects.equals(
          fileKey, Files.readAttributes(pin, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      return true;
    }
  }

  /** Unmaps the words; later calls of put and get throw IllegalStateException. */
  @Override
  public void close() {
    arena.close();
  }
}
