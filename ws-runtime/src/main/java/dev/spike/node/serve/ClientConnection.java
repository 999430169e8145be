package dev.spike.node.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.node.cache.ChannelLog;
import dev.spike.node.cache.SessionStore.Opened;
import dev.spike.node.cache.SessionStore.Position;
import dev.spike.node.cache.SessionStore.Ticket;
import dev.spike.node.config.FleetSecret.Grant;
import dev.spike.node.config.Json;
import dev.spike.node.ws.FrameReader;
import dev.spike.node.ws.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client's WebSocket: spike.v1 from hello to close. Confined to its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
final class ClientConnection extends ChannelInboundHandlerAdapter
    implements FrameReader.Sink, Deadlines.Expiring {
  private static final int NAME_MAX = 200;
  private static final int CHANNELS_MAX = 256;
  private static final int PUBLISHING_MAX = 32;
  private static final long NOTE_MILLIS = 250;
  private static final long CLOSE_WAIT_MILLIS = 1000;
  private static final long RETRY_SPREAD_MILLIS = 1000;

  /** Where the connection stands. */
  private sealed interface Stage {
    /** No hello yet. */
    record Greeting() implements Stage {}

    /** The cache is being asked for the session. */
    record Opening() implements Stage {}

    /** The session is ours. */
    record Live(Ticket ticket, long epoch, Grant grant) implements Stage {}

    /** A close frame was sent, or the connection is gone. */
    record Closed() implements Stage {}
  }

  private static final Stage GREETING = new Stage.Greeting();
  private static final Stage OPENING = new Stage.Opening();
  private static final Stage CLOSED = new Stage.Closed();

  private final NodeContext node;
  private final LoopState state;
  private final FrameReader reader;
  private Stage stage = GREETING;
  private Map<String, Subscription> subscriptions = new HashMap<>(2);
  private final Map<String, @Nullable Position> unwritten = new LinkedHashMap<>();
  private boolean noting;
  private int publishing;
  private int behindSince = -1;
  private @Nullable Channel channel;
  int wheelBucket;
  int wheelIndex = -1;
  private int lastRead;

  ClientConnection(NodeContext node, LoopState state) {
    this.node = node;
    this.state = state;
    this.reader = new FrameReader(true, node.config().limits().framePayloadBytes(), this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    lastRead = state.wheel.now();
    state.wheel.add(this);
    state.hellos.add(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    lastRead = state.wheel.now();
    reader.read(ctx.alloc(), (ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void text(byte[] utf8) {
    node.counters().messagesIn.increment();
    JsonNode message;
    try {
      message = Json.parse(utf8);
    } catch (IOException malformed) {
      close(Close.BAD_MESSAGE, "a message is not JSON");
      return;
    }
    switch (message.path("type").asText("")) {
      case "ping" -> send("{\"type\":\"pong\"}");
      case "hello" -> hello(message);
      default -> live(message);
    }
  }

  private void live(JsonNode message) {
    if (!(stage instanceof Stage.Live live)) {
      error("no-session", "say hello and wait for welcome first");
      return;
    }
    switch (message.path("type").asText("")) {
      case "subscribe" -> follow(message.path("channel").asText(""), position(message));
      case "unsubscribe" -> unfollow(message.path("channel").asText(""));
      case "publish" -> publish(message, live.grant);
      case "ack" -> acknowledge(message.path("channels"));
      default -> unknown(message);
    }
  }

  private void unknown(JsonNode message) {
    error("unknown-type", "the type '" + message.path("type").asText("") + "' is not known");
  }

  private void hello(JsonNode message) {
    if (!(stage instanceof Stage.Greeting)) {
      error("hello-twice", "hello was said already");
      return;
    }
    Grant grant = Grant.ANONYMOUS;
    if (message.path("token").isTextual()) {
      Optional<Grant> verified =
          node.secret().verify(message.path("token").asText(), System.currentTimeMillis() / 1000);
      if (verified.isEmpty()) {
        refuse(Close.TOKEN_REFUSED, "token-refused", "the token is forged, malformed or has ended");
        return;
      }
      grant = verified.get();
    }
    CompletableFuture<Opened> opening;
    JsonNode session = message.path("session");
    if (session.isMissingNode() || session.isNull()) {
      opening = node.sessions().open();
    } else {
      Ticket ticket = Ticket.parse(session.asText());
      if (ticket == null) {
        refuse(Close.SESSION_REFUSED, "session-refused", "the session is malformed");
        return;
      }
      opening = node.sessions().resume(ticket);
    }
    stage = OPENING;
    Grant granted = grant;
    opening.whenComplete(
        (opened, thrown) ->
            state.loop.execute(() -> opened(opened, thrown, granted, message.path("channels"))));
  }

  private void opened(
      @Nullable Opened opened, @Nullable Throwable thrown, Grant grant, JsonNode channels) {
    if (!(stage instanceof Stage.Opening)) {
      return;
    }
    if (opened == null) {
      refuse(
          Close.TRY_AGAIN_LATER,
          "cache-away",
          "the session store does not answer: " + (thrown == null ? "no answer" : "try again"));
      return;
    }
    switch (opened) {
      case Opened.Granted granted -> welcome(granted, grant, channels);
      case Opened.Forbidden _ ->
          refuse(Close.SESSION_REFUSED, "session-refused", "the session's secret is wrong");
      case Opened.Unknown _ -> {
        Grant kept = grant;
        node.sessions()
            .open()
            .whenComplete(
                (fresh, failed) -> state.loop.execute(() -> opened(fresh, failed, kept, channels)));
      }
    }
    flush();
  }

  private void welcome(Opened.Granted granted, Grant grant, JsonNode channels) {
    Ticket ticket = granted.ticket();
    stage = new Stage.Live(ticket, granted.epoch(), grant);
    node.open().put(ticket.id(), this);
    node.counters().sessions.incrementAndGet();
    (granted.resumed() ? node.counters().sessionsResumed : node.counters().sessionsOpened)
        .increment();
    StringBuilder welcome = new StringBuilder(160).append("{\"type\":\"welcome\",\"session\":");
    Json.quote(welcome, ticket.presented()).append(",\"node\":");
    Json.quote(welcome, node.config().node())
        .append(",\"resumed\":")
        .append(granted.resumed())
        .append(",\"heartbeatMs\":")
        .append(node.config().heartbeat().toMillis())
        .append('}');
    send(welcome);
    Map<String, @Nullable Position> wanted = new LinkedHashMap<>(granted.channels());
    for (Map.Entry<String, JsonNode> channel : channels.properties()) {
      Position given = position(channel.getValue());
      if (given != null || !wanted.containsKey(channel.getKey())) {
        wanted.put(channel.getKey(), given);
      }
    }
    wanted.forEach(this::follow);
  }

  private static @Nullable Position position(JsonNode from) {
    return from.path("epoch").isTextual() && from.path("offset").isIntegralNumber()
        ? new Position(from.path("epoch").asText(), from.path("offset").asLong())
        : null;
  }

  private static boolean isName(String channel) {
    return !channel.isEmpty()
        && channel.length() <= NAME_MAX
        && channel.chars().allMatch(c -> c > ' ' && c != 127);
  }

  private void follow(String name, @Nullable Position from) {
    if (!isName(name) || subscriptions.size() >= CHANNELS_MAX) {
      error(
          "channel-refused",
          "a channel's name has 1 to 200 characters without spaces, and one"
              + " connection follows at most "
              + CHANNELS_MAX
              + " channels");
      return;
    }
    if (subscriptions.containsKey(name)) {
      return;
    }
    ChannelFeed feed = node.feeds().get(name);
    if (feed == null) {
      error("channel-refused", "this node follows too many channels");
      return;
    }
    Subscription subscription = new Subscription(this, feed);
    subscriptions.put(name, subscription);
    feed.attach(subscription, from);
  }

  private void unfollow(String name) {
    Subscription subscription = subscriptions.remove(name);
    if (subscription != null) {
      subscription.end();
      note(name, null);
    }
  }

  private void acknowledge(JsonNode channels) {
    for (Map.Entry<String, JsonNode> channel : channels.properties()) {
      Position at = position(channel.getValue());
      if (at != null && subscriptions.containsKey(channel.getKey())) {
        note(channel.getKey(), at);
      }
    }
  }

  /** Collects what changed and writes it to the cache once in a while. */
  private void note(String channelName, @Nullable Position at) {
    unwritten.put(channelName, at);
    if (!noting) {
      noting = true;
      state.loop.schedule(this::noteNow, NOTE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void noteNow() {
    noting = false;
    if (stage instanceof Stage.Live live) {
      writeNotes(live);
    }
  }

  private void writeNotes(Stage.Live live) {
    if (unwritten.isEmpty()) {
      return;
    }
    Map<String, @Nullable Position> changes = new LinkedHashMap<>(unwritten);
    unwritten.clear();
    node.sessions()
        .note(live.ticket.id(), live.epoch, changes)
        .whenComplete(
            (ours, thrown) -> {
              if (ours != null && !ours) {
                fence();
              }
            });
  }

  private void publish(JsonNode message, Grant grant) {
    String name = message.path("channel").asText("");
    String id = message.path("id").asText("");
    JsonNode data = message.path("data");
    if (!isName(name) || data.isMissingNode() || id.length() > NAME_MAX) {
      refusePublish(id, "bad-message", "publish needs channel and data");
    } else if (!grant.mayPublish(name)) {
      refusePublish(id, "publish-denied", "the token does not allow publishing to this channel");
    } else {
      if (++publishing >= PUBLISHING_MAX) {
        pauseReading();
      }
      node.feeds()
          .log()
          .publish(name, Json.line(data), id, message.path("retry").asBoolean(false))
          .whenComplete(
              (published, thrown) -> state.loop.execute(() -> published(name, id, published)));
    }
  }

  private void published(String name, String id, ChannelLog.@Nullable Published done) {
    if (--publishing < PUBLISHING_MAX) {
      resumeReading();
    }
    if (done == null) {
      refusePublish(id, "publish-failed", "the cache did not take it; repeat it with retry true");
    } else {
      node.counters().published.increment();
      StringBuilder json = new StringBuilder(128).append("{\"type\":\"published\",\"id\":");
      Json.quote(json, id).append(",\"channel\":");
      Json.quote(json, name).append(",\"epoch\":");
      Json.quote(json, done.epoch()).append(",\"offset\":").append(done.offset());
      send(json.append(",\"copies\":").append(done.copies()).append('}'));
    }
    flush();
  }

  private void refusePublish(String id, String code, String sentence) {
    StringBuilder error = new StringBuilder(128).append("{\"type\":\"error\",\"code\":");
    Json.quote(error, code).append(",\"id\":");
    Json.quote(error, id).append(",\"message\":");
    send(Json.quote(error, sentence).append('}'));
  }

  private void pauseReading() {
    Channel of = channel;
    if (of != null) {
      of.config().setAutoRead(false);
    }
  }

  private void resumeReading() {
    Channel of = channel;
    if (of != null && of.isWritable() && publishing < PUBLISHING_MAX) {
      of.config().setAutoRead(true);
    }
  }

  EventLoop loop() {
    return state.loop;
  }

  /** False while the client's buffer is full. */
  boolean canTake() {
    Channel to = channel;
    return to != null && to.isWritable() && stage instanceof Stage.Live;
  }

  void deliver(String json) {
    node.counters().messagesOut.increment();
    send(json);
    flush();
  }

  void fellBehind() {
    node.counters().slowConsumers.increment();
    if (behindSince < 0) {
      behindSince = state.wheel.now();
    }
  }

  /** A channel starts at {@code at}: asked without a position, or its recovery was refused. */
  void restarted(
      Subscription subscription, String name, Position at, boolean refused, boolean again) {
    if (refused) {
      node.counters().recoveriesRefused.increment();
    }
    place(again ? "gap" : "subscribed", name, at, again ? "" : ",\"recovered\":false");
    note(name, at);
  }

  /** All after {@code from} follows. */
  void recovered(Subscription subscription, String name, Position from) {
    node.counters().recoveries.increment();
    place("subscribed", name, from, ",\"recovered\":true");
    note(name, from);
  }

  private void place(String type, String name, Position at, String rest) {
    StringBuilder json = new StringBuilder(128).append("{\"type\":\"").append(type).append('"');
    Json.quote(json.append(",\"channel\":"), name);
    Json.quote(json.append(",\"epoch\":"), at.epoch());
    send(json.append(",\"offset\":").append(at.offset()).append(rest).append('}'));
    flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      behindSince = -1;
      subscriptions.values().forEach(Subscription::unstall);
      resumeReading();
    } else {
      pauseReading();
    }
    ctx.fireChannelWritabilityChanged();
  }

  private void refuse(int code, String word, String sentence) {
    node.counters().sessionsRefused.increment();
    error(word, sentence);
    close(code, word);
  }

  private void error(String code, String sentence) {
    StringBuilder error = new StringBuilder(96).append("{\"type\":\"error\",\"code\":");
    Json.quote(error, code).append(",\"message\":");
    send(Json.quote(error, sentence).append('}'));
  }

  private void send(CharSequence json) {
    Channel to = channel;
    if (to != null && !(stage instanceof Stage.Closed)) {
      to.write(Frames.text(to.alloc(), json, false), to.voidPromise());
    }
  }

  private void flush() {
    Channel to = channel;
    if (to != null) {
      to.flush();
    }
  }

  @Override
  public void ping(byte[] payload) {
    Channel to = channel;
    if (to != null && !(stage instanceof Stage.Closed)) {
      to.write(Frames.pong(to.alloc(), payload, false), to.voidPromise());
    }
  }

  @Override
  public void pong() {
    // Reading it has already noted that the client lives.
  }

  @Override
  public void closed(int code, String reason) {
    Channel to = channel;
    if (to == null) {
      return;
    }
    if (stage instanceof Stage.Closed) {
      to.close();
      return;
    }
    end();
    to.writeAndFlush(Frames.close(to.alloc(), code == 1005 ? 1000 : code, "", false))
        .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void violation(int code, String reason) {
    node.counters().violations.increment();
    close(code, reason);
  }

  /** Sends goaway and closes with 1012: the client is to come back elsewhere. Any thread. */
  void goAway() {
    state.loop.execute(
        () -> {
          long retryAfterMillis = ThreadLocalRandom.current().nextLong(RETRY_SPREAD_MILLIS);
          send(
              "{\"type\":\"goaway\",\"retryAfterMs\":"
                  + retryAfterMillis
                  + ",\"reason\":\"drain\"}");
          close(Close.DRAIN, "drain");
        });
  }

  /** The session lives elsewhere now; may be called from any thread. */
  void fence() {
    state.loop.execute(
        () -> {
          node.counters().sessionsFenced.increment();
          close(Close.FENCED, "the session was resumed by another connection");
        });
  }

  /** Fences this connection when it holds the session at an older epoch; any thread. */
  void fenceBefore(long epoch) {
    state.loop.execute(
        () -> {
          if (stage instanceof Stage.Live live && live.epoch < epoch) {
            node.counters().sessionsFenced.increment();
            close(Close.FENCED, "the session was resumed on another node");
          }
        });
  }

  private void close(int code, String reason) {
    Channel to = channel;
    if (to == null || stage instanceof Stage.Closed) {
      return;
    }
    end();
    to.writeAndFlush(Frames.close(to.alloc(), code, reason, false));
    state.loop.schedule(
        () -> {
          to.close();
        },
        CLOSE_WAIT_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  /** Leaves all registers; the connection only waits for its bytes to go out. */
  private void end() {
    if (stage instanceof Stage.Live live) {
      writeNotes(live);
      node.open().remove(live.ticket.id(), this);
      node.counters().sessions.decrementAndGet();
    }
    stage = CLOSED;
    subscriptions.values().forEach(Subscription::end);
    subscriptions = Map.of();
    if (wheelIndex >= 0) {
      state.wheel.remove(this);
      node.counters().connections.decrementAndGet();
    }
  }

  /** Once per heartbeat: asks a silent client for a sign of life, ends a dead one. */
  void visit(int now) {
    Channel to = channel;
    if (to == null) {
      return;
    }
    if (behindSince >= 0 && now - behindSince > HeartbeatWheel.BUCKETS / 2) {
      close(Close.TOO_SLOW, "too slow");
      return;
    }
    int silent = now - lastRead;
    if (silent > 2 * HeartbeatWheel.BUCKETS + 5) {
      end();
      to.close();
    } else if (silent >= HeartbeatWheel.BUCKETS - 2) {
      to.writeAndFlush(Frames.ping(to.alloc(), false), to.voidPromise());
    }
  }

  @Override
  public boolean isPending() {
    return stage instanceof Stage.Greeting;
  }

  @Override
  public void expire() {
    close(Close.HELLO_TIMEOUT, "no hello within 8 s");
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    reader.stop();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
