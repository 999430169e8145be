package dev.spike.node.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in the cache: one hash each, changed only by functions that check the session's epoch.
 */
public final class SessionStore {
  private static final String SECONDS_TO_LIVE = "86400";
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  private final CacheCluster cache;
  private final String node;
  private final SecureRandom random = new SecureRandom();

  /** {@code node} is the name under which sessions are held. */
  public SessionStore(CacheCluster cache, String node) {
    this.cache = cache;
    this.node = node;
  }

  /** What a client holds: it presents {@code id.secret} to resume. */
  public record Ticket(String id, String secret) {
    /** Splits {@code id.secret}; null when it has another form. */
    public static @Nullable Ticket parse(String text) {
      int dot = text.indexOf('.');
      if (dot != 22 || text.length() != 45) {
        return null;
      }
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (i != dot && !letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
          return null;
        }
      }
      return new Ticket(text.substring(0, dot), text.substring(dot + 1));
    }

    @Override
    public String toString() {
      return id;
    }

    /** The form the client presents. */
    public String presented() {
      return id + "." + secret;
    }
  }

  /** A position in a channel. */
  public record Position(String epoch, long offset) {
    /** Reads {@code "epoch offset"}; null when it has another form. */
    static @Nullable Position parse(String text) {
      int space = text.indexOf(' ');
      if (space <= 0) {
        return null;
      }
      try {
        return new Position(text.substring(0, space), Long.parseLong(text.substring(space + 1)));
      } catch (NumberFormatException malformed) {
        return null;
      }
    }

    @Override
    public String toString() {
      return epoch + " " + offset;
    }
  }

  /** What the cache answered to a client that wants a session. */
  public sealed interface Opened {
    /** The session is this node's now; {@code channels} holds what it was subscribed to. */
    record Granted(Ticket ticket, long epoch, boolean resumed, Map<String, Position> channels)
        implements Opened {}

    /** No such session: it ended, or never was. */
    record Unknown() implements Opened {}

    /** The session exists, the secret is wrong. */
    record Forbidden() implements Opened {}
  }

  /** Starts a session. */
  public CompletableFuture<Opened> open() {
    Ticket ticket = new Ticket(randomText(), randomText());
    return cache
        .call(
            PATIENCE, "spike1_open", keys(ticket.id), digest(ticket.secret), node, SECONDS_TO_LIVE)
        .thenApply(answer -> new Opened.Granted(ticket, 1, false, Map.of()));
  }

  /**
   * Takes a session over: one round trip that checks the secret and fences the node that had it.
   */
  public CompletableFuture<Opened> resume(Ticket ticket) {
    return cache
        .call(
            PATIENCE,
            "spike1_resume",
            keys(ticket.id),
            digest(ticket.secret),
            node,
            SECONDS_TO_LIVE,
            ticket.id,
            fencePrefix(Partitions.tag(ticket.id)))
        .thenApply(
            answer ->
                switch (answer.get(0)) {
                  case "ok" ->
                      new Opened.Granted(
                          ticket, Long.parseLong(answer.get(1)), true, positions(answer));
                  case "forbidden" -> new Opened.Forbidden();
                  default -> new Opened.Unknown();
                });
  }

  /**
   * Notes positions; a null position forgets the channel. Answers false when another node has taken
   * the session over.
   */
  public CompletableFuture<Boolean> note(
      String id, long epoch, Map<String, @Nullable Position> changes) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Long.toString(epoch));
    arguments.add(SECONDS_TO_LIVE);
    changes.forEach(
        (channel, position) -> {
          arguments.add(channel);
          arguments.add(position == null ? "" : position.toString());
        });
    return cache
        .call(PATIENCE, "spike1_note", keys(id), arguments.toArray(new String[0]))
        .thenApply(answer -> answer.get(0).equals("ok"));
  }

  /** The shard channels on which this node learns that sessions of its were resumed elsewhere. */
  public List<String> fenceChannels() {
    List<String> channels = new ArrayList<>();
    for (int i = 0; i < Partitions.COUNT; i++) {
      channels.add(fencePrefix(Partitions.tag(i)) + node);
    }
    return channels;
  }

  static String fencePrefix(String tag) {
    return "spike:fence:" + tag + ":";
  }

  private static String[] keys(String id) {
    return new String[] {"spike:s:" + Partitions.tag(id) + ":" + id};
  }

  private static Map<String, Position> positions(List<String> answer) {
    Map<String, Position> channels = new LinkedHashMap<>();
    for (int i = 2; i + 1 < answer.size(); i += 2) {
      Position position = Position.parse(answer.get(i + 1));
      if (position != null) {
        channels.put(answer.get(i), position);
      }
    }
    return channels;
  }

  private String randomText() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String digest(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)),
              0,
              16);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this JDK has no SHA-256", missing);
    }
  }
}
