package dev.spike.node.serve;

import dev.spike.node.cache.ChannelLog;
import dev.spike.node.cache.ChannelLog.Chunk;
import dev.spike.node.cache.ChannelLog.Entry;
import dev.spike.node.cache.SessionStore.Position;
import dev.spike.node.cache.ShardSubscriptions;
import dev.spike.node.config.Json;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One channel on this node: joins live messages and the stream into one ordered sequence without
 * holes or repetitions, and keeps its tail for those who come back. Confined to its home event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is tried again by the next look
final class ChannelFeed implements ShardSubscriptions.Receiver {
  private static final int TAIL_ENTRIES_MAX = 512;
  private static final int TAIL_CHARACTERS_MAX = 1 << 20;
  private static final int EARLY_MAX = 4096;
  private static final long LOOK_SECONDS = 20;
  private static final long RETRY_MILLIS = 300;

  /** A message ready to be framed. */
  record Message(long offset, long before, String json) {}

  private final String name;
  private final EventLoop home;
  private final ChannelLog log;
  private final ArrayDeque<Message> tail = new ArrayDeque<>();
  private final ArrayDeque<ChannelLog.Live> early = new ArrayDeque<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<Subscription> subscribers = new ArrayList<>();
  private int tailCharacters;
  private String epoch = "";
  private long last;
  private boolean reading;
  private boolean readAgain;

  private record Waiting(Subscription subscription, @Nullable Position position) {}

  ChannelFeed(String name, EventLoop home, ChannelLog log) {
    this.name = name;
    this.home = home;
    this.log = log;
    home.scheduleAtFixedRate(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  String name() {
    return name;
  }

  @Override
  public void received(String payload) {
    ChannelLog.Live live = ChannelLog.Live.parse(payload);
    if (live != null) {
      home.execute(() -> live(live));
    }
  }

  @Override
  public void subscribed() {
    home.execute(this::look);
  }

  /** Adds a subscriber that wants all after {@code position}, or what comes when it is null. */
  void attach(Subscription subscription, @Nullable Position position) {
    home.execute(
        () -> {
          subscribers.add(subscription);
          if (epoch.isEmpty()) {
            waiting.add(new Waiting(subscription, position));
          } else {
            catchUp(subscription, position);
          }
        });
  }

  /** A subscriber that had fallen behind asks for the rest. */
  void resume(Subscription subscription, Position position) {
    home.execute(() -> catchUp(subscription, position));
  }

  void detach(Subscription subscription) {
    home.execute(
        () -> {
          subscribers.remove(subscription);
          waiting.removeIf(entry -> entry.subscription == subscription);
        });
  }

  private void live(ChannelLog.Live live) {
    if (epoch.isEmpty() || reading) {
      if (early.size() >= EARLY_MAX) {
        early.clear();
        readAgain = true;
      }
      early.addLast(live);
      return;
    }
    take(live);
  }

  private void take(ChannelLog.Live live) {
    Entry entry = live.entry();
    if (!live.epoch().equals(epoch) || entry.before() > last) {
      look();
    } else if (entry.offset() > last) {
      accept(entry);
    }
  }

  private void accept(Entry entry) {
    last = entry.offset();
    Message message = new Message(entry.offset(), entry.before(), json(entry));
    tail.addLast(message);
    tailCharacters += message.json.length();
    while (tail.size() > TAIL_ENTRIES_MAX || tailCharacters > TAIL_CHARACTERS_MAX) {
      tailCharacters -= tail.removeFirst().json.length();
    }
    for (Subscription subscription : subscribers) {
      subscription.deliver(message);
    }
  }

  private String json(Entry entry) {
    StringBuilder json =
        new StringBuilder(entry.json().length() + name.length() + 96)
            .append("{\"type\":\"message\",\"channel\":");
    Json.quote(json, name).append(",\"epoch\":");
    return Json.quote(json, epoch)
        .append(",\"offset\":")
        .append(entry.offset())
        .append(",\"data\":")
        .append(entry.json())
        .append('}')
        .toString();
  }

  /** Reads the stream after what is known; one read at a time. */
  private void look() {
    if (reading) {
      readAgain = true;
      return;
    }
    reading = true;
    log.read(name, epoch.isEmpty() ? null : (Long) last)
        .whenComplete((chunk, thrown) -> home.execute(() -> looked(chunk)));
  }

  private void looked(@Nullable Chunk chunk) {
    reading = false;
    if (chunk == null) {
      home.schedule(this::look, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    boolean unknown = epoch.isEmpty();
    if (!chunk.epoch().equals(epoch)) {
      epoch = chunk.epoch();
      last = chunk.head();
      tail.clear();
      tailCharacters = 0;
      if (!unknown) {
        subscribers.forEach(subscription -> subscription.restart(epoch, last, true));
      }
    } else {
      for (Entry entry : chunk.entries()) {
        if (entry.offset() <= last) {
          continue;
        }
        if (entry.before() > last) {
          tail.clear();
          tailCharacters = 0;
          last = entry.before();
          subscribers.forEach(subscription -> subscription.restart(epoch, last, true));
        }
        accept(entry);
      }
    }
    boolean more = chunk.more() || readAgain;
    readAgain = false;
    List<ChannelLog.Live> held = List.copyOf(early);
    early.clear();
    held.forEach(this::take);
    if (more) {
      look();
    }
    List<Waiting> served = List.copyOf(waiting);
    waiting.clear();
    served.forEach(entry -> catchUp(entry.subscription, entry.position));
  }

  private void catchUp(Subscription subscription, @Nullable Position position) {
    if (position == null) {
      subscription.restart(epoch, last, false);
    } else if (!position.epoch().equals(epoch)) {
      subscription.restart(epoch, last, true);
    } else if (position.offset() >= last) {
      subscription.recovered(position, List.of(), true);
    } else {
      Message first = tail.peekFirst();
      if (first != null && first.before <= position.offset()) {
        List<Message> missed = new ArrayList<>();
        for (Message message : tail) {
          if (message.offset > position.offset()) {
            missed.add(message);
          }
        }
        subscription.recovered(position, missed, true);
      } else {
        fromStream(subscription, position);
      }
    }
  }

  private void fromStream(Subscription subscription, Position position) {
    log.read(name, position.offset())
        .whenComplete(
            (chunk, thrown) ->
                home.execute(
                    () -> {
                      if (chunk == null) {
                        home.schedule(
                            () -> catchUp(subscription, position),
                            RETRY_MILLIS,
                            TimeUnit.MILLISECONDS);
                        return;
                      }
                      List<Entry> entries = chunk.entries();
                      if (!chunk.epoch().equals(epoch)
                          || entries.isEmpty()
                          || entries.get(0).before() > position.offset()) {
                        subscription.restart(epoch, last, true);
                        return;
                      }
                      List<Message> missed = new ArrayList<>();
                      for (Entry entry : entries) {
                        missed.add(new Message(entry.offset(), entry.before(), json(entry)));
                      }
                      subscription.recovered(position, missed, false);
                    }));
  }
}
