package dev.spike.node.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.node.cache.ChannelStore;
import dev.spike.node.cache.SessionStore.Opened;
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
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client's WebSocket: spike.v1 from hello to close. Confined to its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
final class ClientConnection extends ChannelInboundHandlerAdapter
    implements FrameReader.Sink, Deadlines.Expiring, ClientChannels.Client {
  private static final long CLOSE_WAIT_MILLIS = 1000;
  private static final long RETRY_SPREAD_MILLIS = 1000;

  /** Longest id of a publish, in characters. */
  static final int PUBLISH_ID_MAX = 64;

  /** Where the connection stands. */
  private sealed interface Stage {
    /** No hello yet. */
    record Greeting() implements Stage {}

    /** The cache is being asked for the session. */
    record Opening() implements Stage {}

    /** The session is ours. */
    record Live(Ticket ticket, long epoch, Grant grant, ClientChannels channels) implements Stage {}

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
      case "subscribe", "unsubscribe", "publish", "ack" -> {
        if (stage instanceof Stage.Live live) {
          live(live, message);
        } else {
          error("hello-first", "the session is not open yet; wait for welcome");
        }
      }
      default -> unknown(message);
    }
  }

  private void live(Stage.Live live, JsonNode message) {
    String name = message.path("channel").asText("");
    switch (message.path("type").asText()) {
      case "subscribe" -> live.channels.subscribe(name, ClientChannels.position(message));
      case "unsubscribe" -> live.channels.unsubscribe(name);
      case "ack" -> live.channels.acknowledge(name, message.path("offset").asLong(-1));
      default -> publish(live, name, message);
    }
  }

  private void publish(Stage.Live live, String name, JsonNode message) {
    String id = message.path("id").asText("");
    if (!ChannelStore.isName(name) || !message.has("data") || id.length() > PUBLISH_ID_MAX) {
      publishError(id, "bad-publish", "a publish needs a channel, data, and an id of at most 64");
      return;
    }
    if (!live.grant.mayPublish(name)) {
      publishError(id, "publish-refused", "the token does not allow to publish to " + name);
      return;
    }
    node.channelStore()
        .publish(
            name,
            Json.line(message.path("data")),
            new ChannelStore.Publisher.Subject(live.grant.subject()),
            id,
            message.path("retry").asBoolean())
        .whenComplete(
            (position, failed) ->
                state.loop.execute(
                    () -> {
                      if (position == null) {
                        publishError(id, "cache-away", "the channel cannot be written; try again");
                      } else {
                        node.counters().published.increment();
                        StringBuilder json = new StringBuilder(128);
                        Json.quote(json.append("{\"type\":\"published\",\"id\":"), id);
                        Json.quote(json.append(",\"channel\":"), name);
                        Json.quote(json.append(",\"epoch\":"), position.epoch());
                        send(json.append(",\"offset\":").append(position.offset()).append('}'));
                      }
                      flush();
                    }));
  }

  private void publishError(String id, String code, String sentence) {
    StringBuilder json = new StringBuilder(128);
    Json.quote(json.append("{\"type\":\"error\",\"code\":"), code);
    Json.quote(json.append(",\"id\":"), id);
    send(Json.quote(json.append(",\"message\":"), sentence).append('}'));
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

  private void welcome(Opened.Granted granted, Grant grant, JsonNode asked) {
    Ticket ticket = granted.ticket();
    ClientChannels channels =
        new ClientChannels(node, state.loop, this, ticket.id(), granted.epoch());
    stage = new Stage.Live(ticket, granted.epoch(), grant, channels);
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
    channels.restore(granted.channels(), asked);
  }

  private void refuse(int code, String word, String sentence) {
    node.counters().sessionsRefused.increment();
    error(word, sentence);
    close(code, word);
  }

  @Override
  public void error(String code, String sentence) {
    StringBuilder error = new StringBuilder(96).append("{\"type\":\"error\",\"code\":");
    Json.quote(error, code).append(",\"message\":");
    send(Json.quote(error, sentence).append('}'));
  }

  @Override
  public void send(CharSequence json) {
    Channel to = channel;
    if (to != null && !(stage instanceof Stage.Closed)) {
      to.write(Frames.text(to.alloc(), json, false), to.voidPromise());
    }
  }

  @Override
  public void flush() {
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

  @Override
  public boolean isWritable() {
    Channel to = channel;
    return to != null && to.isWritable();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && stage instanceof Stage.Live live) {
      live.channels.writable();
    }
    ctx.fireChannelWritabilityChanged();
  }

  /** The session lives elsewhere now; may be called from any thread. */
  @Override
  public void fence() {
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
      node.open().remove(live.ticket.id(), this);
      live.channels.end();
      node.counters().sessions.decrementAndGet();
    }
    stage = CLOSED;
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
