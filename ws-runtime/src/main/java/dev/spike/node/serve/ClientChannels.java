package dev.spike.node.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.node.cache.ChannelStore;
import dev.spike.node.cache.ChannelStore.Entry;
import dev.spike.node.cache.ChannelStore.Page;
import dev.spike.node.cache.Channels;
import dev.spike.node.cache.SessionStore.Position;
import dev.spike.node.config.Json;
import dev.spike.node.config.Log;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one client listens to. Messages go out in the order of their offsets, each once: whatever
 * does not follow the last one sent is read from the stream first. A client that reads too slowly
 * is not buffered for; it catches up from the stream when it can take more. All state is confined
 * to the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the answers come back through the loop
final class ClientChannels implements Channels.Subscriber {
  /** Channels one client may listen to. */
  static final int CHANNELS_MAX = 64;

  private static final long NOTE_MILLIS = 1000;
  private static final long AGAIN_MILLIS = 500;

  /** The connection, as its channels see it. */
  interface Client {
    void send(CharSequence json);

    void flush();

    boolean isWritable();

    void error(String code, String sentence);

    /** Another node has the session. */
    void fence();
  }

  /** Where the client stands in one channel. */
  private static final class Listening {
    final String name;
    @Nullable Position position;
    boolean reading;
    boolean readAgain;
    boolean announced;

    Listening(String name) {
      this.name = name;
    }
  }

  private final NodeContext node;
  private final EventLoop loop;
  private final Client client;
  private final String session;
  private final long epoch;
  private final Map<String, Listening> channels = new HashMap<>();
  private final Map<String, @Nullable Position> unnoted = new HashMap<>();
  private boolean noteScheduled;
  private boolean ended;

  ClientChannels(NodeContext node, EventLoop loop, Client client, String session, long epoch) {
    this.node = node;
    this.loop = loop;
    this.client = client;
    this.session = session;
    this.epoch = epoch;
  }

  /** Joins what a hello names, and what the session listened to before. */
  void restore(Map<String, Position> before, JsonNode asked) {
    Map<String, @Nullable Position> wanted = new HashMap<>(before);
    asked
        .properties()
        .forEach(
            entry -> {
              Position position = position(entry.getValue());
              if (position != null || !wanted.containsKey(entry.getKey())) {
                wanted.put(entry.getKey(), position);
              }
            });
    wanted.forEach(this::subscribe);
  }

  /** A position as clients give it, {epoch, offset}; null when there is none. */
  static @Nullable Position position(JsonNode json) {
    return json.path("epoch").isTextual() && json.path("offset").canConvertToLong()
        ? new Position(json.path("epoch").asText(), json.path("offset").asLong())
        : null;
  }

  /** Joins a channel; with a position, what was missed since then comes first. */
  void subscribe(String name, @Nullable Position from) {
    if (!ChannelStore.isName(name)) {
      client.error("bad-channel", "a channel's name has 1 to 128 printable characters");
      return;
    }
    if (channels.containsKey(name)) {
      client.error("subscribed-already", "this client listens to " + name + " already");
      return;
    }
    if (channels.size() >= CHANNELS_MAX) {
      client.error(
          "too-many-channels", "a client listens to at most " + CHANNELS_MAX + " channels");
      return;
    }
    Listening listening = new Listening(name);
    listening.position = from;
    listening.reading = true;
    channels.put(name, listening);
    node.channels()
        .join(name, this)
        .whenComplete((ready, failed) -> loop.execute(() -> firstRead(listening)));
  }

  void unsubscribe(String name) {
    if (channels.remove(name) == null) {
      client.error("not-subscribed", "this client does not listen to " + name);
      return;
    }
    node.channels().leave(name, this);
    note(name, null);
  }

  /** The client has everything up to this offset; written with others, not at once. */
  void acknowledge(String name, long offset) {
    Listening listening = channels.get(name);
    Position position = listening == null ? null : listening.position;
    if (position != null && offset >= 0 && offset <= position.offset()) {
      note(name, new Position(position.epoch(), offset));
    }
  }

  private boolean isCurrent(Listening listening) {
    return !ended && channels.get(listening.name) == listening;
  }

  private void firstRead(Listening listening) {
    if (!isCurrent(listening)) {
      return;
    }
    Position from = listening.position;
    (from == null
            ? node.channelStore().head(listening.name)
            : node.channelStore().after(listening.name, from.offset()))
        .whenComplete(
            (page, failed) ->
                loop.execute(
                    () -> {
                      if (!isCurrent(listening)) {
                        return;
                      }
                      if (page == null) {
                        again(listening, failed, () -> firstRead(listening));
                        return;
                      }
                      begin(listening, from, page);
                    }));
  }

  private void begin(Listening listening, @Nullable Position from, Page page) {
    boolean recovered = from != null && page.continues(from);
    if (from != null) {
      (recovered ? node.counters().recoveries : node.counters().recoveriesRefused).increment();
    }
    Position start = recovered && from != null ? from : page.headPosition();
    StringBuilder json = head("subscribed", listening.name, start).append(",\"recovered\":");
    client.send(json.append(recovered).append('}'));
    listening.position = start;
    listening.announced = true;
    note(listening.name, start);
    if (recovered) {
      deliver(listening, page);
    } else {
      listening.reading = false;
      if (listening.readAgain) {
        catchUp(listening);
      }
    }
    client.flush();
  }

  /** Sends a page's messages, as many as the client can take. */
  private void deliver(Listening listening, Page page) {
    listening.reading = false;
    Position position = listening.position;
    if (position == null || !page.epoch().equals(position.epoch())) {
      gap(listening, page);
      return;
    }
    if (page.entries().isEmpty() && page.head() > position.offset()) {
      gap(listening, page);
      return;
    }
    for (Entry entry : page.entries()) {
      if (entry.offset() <= position.offset()) {
        continue;
      }
      if (entry.before() != position.offset()) {
        gap(listening, page);
        return;
      }
      if (!client.isWritable()) {
        node.counters().slowConsumers.increment();
        listening.readAgain = true;
        return;
      }
      position = message(listening, page.epoch(), entry);
    }
    if (page.more() || listening.readAgain) {
      catchUp(listening);
    }
  }

  private Position message(Listening listening, String channelEpoch, Entry entry) {
    Position position = new Position(channelEpoch, entry.offset());
    listening.position = position;
    node.counters().messagesOut.increment();
    client.send(
        head("message", listening.name, position)
            .append(",\"data\":")
            .append(entry.json())
            .append('}'));
    return position;
  }

  /** Messages are missing and cannot be had: says so, and goes on from the newest. */
  private void gap(Listening listening, Page page) {
    node.counters().recoveriesRefused.increment();
    listening.position = page.headPosition();
    client.send(head("gap", listening.name, page.headPosition()).append('}'));
    if (listening.readAgain) {
      catchUp(listening);
    }
  }

  private void catchUp(Listening listening) {
    Position position = listening.position;
    if (listening.reading || position == null) {
      listening.readAgain = true;
      return;
    }
    if (!client.isWritable()) {
      listening.readAgain = true;
      return;
    }
    listening.reading = true;
    listening.readAgain = false;
    node.channelStore()
        .after(listening.name, position.offset())
        .whenComplete(
            (page, failed) ->
                loop.execute(
                    () -> {
                      if (!isCurrent(listening)) {
                        return;
                      }
                      if (page == null) {
                        again(
                            listening,
                            failed,
                            () -> {
                              listening.reading = false;
                              catchUp(listening);
                            });
                        return;
                      }
                      deliver(listening, page);
                      client.flush();
                    }));
  }

  private void again(Listening listening, @Nullable Throwable failed, Runnable action) {
    if (failed != null) {
      Log.warn("channel " + listening.name + " cannot be read; it is tried again", failed);
    }
    loop.schedule(
        () -> {
          if (isCurrent(listening)) {
            action.run();
          }
        },
        AGAIN_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void announced(String channel, String channelEpoch, Entry entry) {
    loop.execute(
        () -> {
          Listening listening = channels.get(channel);
          if (listening == null || ended) {
            return;
          }
          Position position = listening.position;
          if (listening.reading || !listening.announced || position == null) {
            listening.readAgain = true;
          } else if (channelEpoch.equals(position.epoch()) && entry.offset() <= position.offset()) {
            return;
          } else if (channelEpoch.equals(position.epoch())
              && entry.before() == position.offset()
              && client.isWritable()) {
            message(listening, channelEpoch, entry);
            client.flush();
          } else {
            catchUp(listening);
          }
        });
  }

  @Override
  public void missed(String channel) {
    loop.execute(
        () -> {
          Listening listening = channels.get(channel);
          if (listening != null && !ended) {
            catchUp(listening);
          }
        });
  }

  /** The client takes bytes again. */
  void writable() {
    for (Listening listening : List.copyOf(channels.values())) {
      if (listening.readAgain && !listening.reading) {
        catchUp(listening);
      }
    }
  }

  private void note(String name, @Nullable Position position) {
    unnoted.put(name, position);
    if (!noteScheduled && !ended) {
      noteScheduled = true;
      loop.schedule(this::writeNotes, NOTE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void writeNotes() {
    noteScheduled = false;
    if (ended || unnoted.isEmpty()) {
      return;
    }
    Map<String, @Nullable Position> changes = new HashMap<>(unnoted);
    unnoted.clear();
    node.sessions()
        .note(session, epoch, changes)
        .whenComplete(
            (held, failed) ->
                loop.execute(
                    () -> {
                      if (ended) {
                        return;
                      }
                      if (failed != null) {
                        changes.forEach(unnoted::putIfAbsent);
                        if (!unnoted.isEmpty() && !noteScheduled) {
                          noteScheduled = true;
                          loop.schedule(this::writeNotes, NOTE_MILLIS, TimeUnit.MILLISECONDS);
                        }
                      } else if (!held) {
                        client.fence();
                      }
                    }));
  }

  /** The connection is over. */
  void end() {
    ended = true;
    List<String> names = new ArrayList<>(channels.keySet());
    channels.clear();
    names.forEach(name -> node.channels().leave(name, this));
  }

  private static StringBuilder head(String type, String channel, Position position) {
    StringBuilder json = new StringBuilder(128).append("{\"type\":\"").append(type);
    Json.quote(json.append("\",\"channel\":"), channel).append(",\"epoch\":");
    return Json.quote(json, position.epoch()).append(",\"offset\":").append(position.offset());
  }
}
