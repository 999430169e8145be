package dev.spike.node.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The channels in the cache: one bounded stream each, numbered by epoch and offset. */
public final class ChannelLog {
  /** Messages that a channel keeps for those who come back. */
  public static final int ENTRIES_KEPT = 2048;

  private static final String SECONDS_TO_LIVE = "86400";
  private static final String CHUNK_BYTES = "524288";
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  private final CacheCluster cache;
  private final int entriesKept;

  /** A log that keeps {@link #ENTRIES_KEPT} messages a channel. */
  public ChannelLog(CacheCluster cache) {
    this(cache, ENTRIES_KEPT);
  }

  /** A log that keeps another number of messages. */
  public ChannelLog(CacheCluster cache, int entriesKept) {
    this.cache = cache;
    this.entriesKept = entriesKept;
  }

  /** One message. {@code before} is the offset of the message before it: offsets may jump. */
  public record Entry(long offset, long before, String json) {}

  /** A part of a channel, from after the position asked for; {@code more} when it was cut short. */
  public record Chunk(String epoch, long head, boolean more, List<Entry> entries) {}

  /** Where a message went, and how many replicas had it when it was acknowledged. */
  public record Published(String epoch, long offset, long copies) {}

  /** A live message with its channel's epoch. */
  public record Live(String epoch, Entry entry) {
    /** Reads what the publish function sends; null when it is something else. */
    public static @Nullable Live parse(String payload) {
      int first = payload.indexOf(' ');
      int second = payload.indexOf(' ', first + 1);
      int third = payload.indexOf(' ', second + 1);
      if (first < 0 || second < 0 || third < 0) {
        return null;
      }
      try {
        return new Live(
            payload.substring(0, first),
            new Entry(
                Long.parseLong(payload, first + 1, second, 10),
                Long.parseLong(payload, second + 1, third, 10),
                payload.substring(third + 1)));
      } catch (NumberFormatException foreign) {
        return null;
      }
    }
  }

  /** The shard channel on which live messages come. */
  public static String shardChannel(String name) {
    return keys(name)[0];
  }

  /**
   * Appends a message. With an {@code id} it may be repeated ({@code again}) without being taken
   * twice.
   */
  public CompletableFuture<Published> publish(String name, String json, String id, boolean again) {
    return cache
        .callReplicated(
            PATIENCE,
            "spike1_publish",
            keys(name),
            attempt ->
                new String[] {
                  json,
                  id,
                  again || attempt > 0 ? "1" : "0",
                  Integer.toString(entriesKept),
                  newEpoch(),
                  SECONDS_TO_LIVE
                })
        .thenApply(
            done ->
                new Published(
                    done.answer().get(0), Long.parseLong(done.answer().get(1)), done.copies()));
  }

  /** Reads what follows offset {@code after}; with null only where the channel stands. */
  public CompletableFuture<Chunk> read(String name, @Nullable Long after) {
    return cache
        .call(
            PATIENCE,
            "spike1_read",
            keys(name),
            newEpoch(),
            SECONDS_TO_LIVE,
            after == null ? "" : Long.toString(after),
            CHUNK_BYTES)
        .thenApply(
            answer -> {
              List<Entry> entries = new ArrayList<>(answer.size() / 3);
              for (int i = 3; i + 2 < answer.size(); i += 3) {
                entries.add(
                    new Entry(
                        Long.parseLong(answer.get(i)),
                        Long.parseLong(answer.get(i + 1)),
                        answer.get(i + 2)));
              }
              return new Chunk(
                  answer.get(0),
                  Long.parseLong(answer.get(1)),
                  answer.get(2).equals("1"),
                  List.copyOf(entries));
            });
  }

  private static String newEpoch() {
    return UUID.randomUUID().toString().substring(24);
  }

  private static String[] keys(String name) {
    String tag = Partitions.tag(name);
    return new String[] {"spike:c:" + tag + ":m:" + name, "spike:c:" + tag + ":s:" + name};
  }
}
