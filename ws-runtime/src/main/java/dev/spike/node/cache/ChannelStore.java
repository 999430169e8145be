package dev.spike.node.cache;

import dev.spike.node.cache.SessionStore.Position;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Channels in the cache: each is a bounded stream and the head's position, on one slot. Offsets
 * rise; an entry names the offset before it, so that a reader tells a jump from a hole.
 */
public final class ChannelStore {
  /** Messages a channel keeps for those who were away. */
  public static final int ENTRIES_KEPT = 1024;

  /** Longest channel name, in characters. */
  public static final int NAME_MAX = 128;

  private static final String SECONDS_TO_LIVE = "86400";
  private static final Duration PATIENCE = Duration.ofSeconds(12);
  private static final String READ_BYTES_MAX = "262144";

  private final CacheCluster cache;
  private final SecureRandom random = new SecureRandom();

  private final SharedReads<Place, Page> reads;

  public ChannelStore(CacheCluster cache) {
    this.cache = cache;
    this.reads = new SharedReads<>(this::readPlace, cache::after);
  }

  /** Where in a channel is read: after an offset, or only its head where that is empty. */
  private record Place(String name, String after) {}

  /** Whose ids a message's id is told apart from. */
  public sealed interface Publisher {
    /** What stands before an id: no publisher's scope begins another's. */
    String scope();

    /** All clients whose token names this subject. */
    record Subject(String name) implements Publisher {
      @Override
      public String scope() {
        // The length first, since a subject may hold any character.
        return "s" + name.length() + ":" + name;
      }
    }

    /** Who may use the admin port. */
    record Admin() implements Publisher {
      @Override
      public String scope() {
        return "a:";
      }
    }
  }

  /** One message of a channel. */
  public record Entry(long offset, long before, String json) {}

  /**
   * What a read found.
   *
   * @param more true when the stream holds further entries after these
   */
  public record Page(String epoch, long head, boolean more, List<Entry> entries) {
    public Page {
      entries = List.copyOf(entries);
    }

    /** The position of the channel's newest message. */
    public Position headPosition() {
      return new Position(epoch, head);
    }

    /** True when nothing is missing between {@code after} and what this page holds. */
    public boolean continues(Position after) {
      if (!epoch.equals(after.epoch())) {
        return false;
      }
      return entries.isEmpty()
          ? head == after.offset()
          : entries.getFirst().before() == after.offset();
    }
  }

  /** A name that a client may use: printable, without blanks, braces or control characters. */
  public static boolean isName(String name) {
    if (name.isEmpty() || name.length() > NAME_MAX) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 127 || c == '{' || c == '}' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /** The shard channel on which a channel's new messages are announced; also its head's key. */
  static String announced(String name) {
    return "spike:c:" + Partitions.tag(name) + ":" + name;
  }

  /** The channel's head, without any message. */
  public CompletableFuture<Page> head(String name) {
    return read(name, "");
  }

  /** Messages after an offset, oldest first, up to a bounded number of bytes. */
  public CompletableFuture<Page> after(String name, long offset) {
    return read(name, Long.toString(offset));
  }

  private CompletableFuture<Page> read(String name, String after) {
    return reads.read(new Place(name, after));
  }

  private CompletableFuture<Page> readPlace(Place place) {
    return cache
        .call(
            PATIENCE,
            "spike1_read",
            keys(place.name),
            freshEpoch(),
            SECONDS_TO_LIVE,
            place.after,
            READ_BYTES_MAX)
        .thenApply(ChannelStore::page);
  }

  /**
   * Appends a message and announces it, once even when the cache answers too late to be heard.
   *
   * @param publisher who publishes: ids of different publishers never meet
   * @param id the publisher's own, by which a repetition is known; may be empty
   * @param retry true when it may have been appended already
   */
  public CompletableFuture<Position> publish(
      String name, String json, Publisher publisher, String id, boolean retry) {
    String known = id.isEmpty() ? "." + freshEpoch() + freshEpoch() : publisher.scope() + id;
    return cache
        .call(
            PATIENCE,
            "spike1_publish",
            keys(name),
            publishing(json, known, retry),
            publishing(json, known, true))
        .thenApply(answer -> new Position(answer.get(0), Long.parseLong(answer.get(1))));
  }

  private List<String> publishing(String json, String id, boolean retry) {
    return List.of(
        json, id, retry ? "1" : "0", Integer.toString(ENTRIES_KEPT), freshEpoch(), SECONDS_TO_LIVE);
  }

  private static Page page(List<String> answer) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 3; i + 2 < answer.size(); i += 3) {
      entries.add(
          new Entry(
              Long.parseLong(answer.get(i)), Long.parseLong(answer.get(i + 1)), answer.get(i + 2)));
    }
    return new Page(
        answer.get(0), Long.parseLong(answer.get(1)), answer.get(2).equals("1"), entries);
  }

  private static String[] keys(String name) {
    String head = announced(name);
    return new String[] {head, head + ":log"};
  }

  private String freshEpoch() {
    byte[] bytes = new byte[6];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
