package dev.spike.node.client;

import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Log;
import dev.spike.node.tls.TlsClient;
import dev.spike.node.ws.FrameReader;
import dev.spike.node.ws.Frames;
import dev.spike.node.ws.Handshake;
import dev.spike.node.ws.HttpHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking WebSocket client over TLS that speaks spike.v1. Its listener runs on one event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
public final class WebSocketClient extends ChannelInboundHandlerAdapter
    implements FrameReader.Sink {
  private static final int MESSAGE_BYTES_MAX = 1 << 20;
  private static final Duration TCP_CONNECT_MAX = Duration.ofSeconds(10);

  /** What happens to a connection, in order, on its event loop. */
  public interface Listener {
    /** The upgrade is done. */
    void opened(WebSocketClient socket);

    /** A text message arrived. */
    void message(WebSocketClient socket, byte[] utf8);

    /** Called once, last: the connection could not be made, or has ended. */
    void ended(String why);
  }

  private final SslHandler tls;
  private final String host;
  private final Listener listener;
  private final FrameReader reader = new FrameReader(false, MESSAGE_BYTES_MAX, this);
  private final String key;
  private final Channel channel;
  private @Nullable ByteBuf response;
  private boolean upgraded;
  private boolean over;
  private String ending = "the connection was closed";

  private WebSocketClient(Channel channel, SslHandler tls, String host, Listener listener) {
    this.channel = channel;
    this.tls = tls;
    this.host = host;
    this.listener = listener;
    byte[] nonce = new byte[16];
    ThreadLocalRandom.current().nextBytes(nonce);
    this.key = Base64.getEncoder().encodeToString(nonce);
  }

  /** Starts a connection with ten seconds for TCP; all that follows is told to the listener. */
  public static void connect(
      ClientLoops loops, TlsClient tls, Endpoint target, String host, Listener listener) {
    connect(loops, tls, target, host, TCP_CONNECT_MAX, listener);
  }

  /** Starts a connection that ends when TCP is not answered within {@code tcpConnectMax}. */
  static void connect(
      ClientLoops loops,
      TlsClient tls,
      Endpoint target,
      String host,
      Duration tcpConnectMax,
      Listener listener) {
    loops
        .bootstrap()
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) tcpConnectMax.toMillis())
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                SslHandler handler = tls.connect(channel.alloc(), host, target.port());
                channel
                    .pipeline()
                    .addLast(handler)
                    .addLast(new WebSocketClient(channel, handler, host, listener));
              }
            })
        .connect(target.socketAddress())
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (!connected.isSuccess()) {
                    WebSocketClient made =
                        connected.channel().pipeline().get(WebSocketClient.class);
                    String why = "cannot connect: " + Log.words(connected.cause());
                    if (made == null) {
                      listener.ended(why);
                    } else {
                      made.end(why);
                    }
                  }
                });
  }

  /** The event loop on which the listener runs. */
  public EventLoop loop() {
    return channel.eventLoop();
  }

  /** The verified session, for what a probe reports of it. */
  public javax.net.ssl.SSLSession tlsSession() {
    return tls.engine().getSession();
  }

  /** Sends a text message. */
  public void send(String json) {
    channel.writeAndFlush(Frames.text(channel.alloc(), json, true), channel.voidPromise());
  }

  /** Sends a close frame and closes. */
  public void close(int code, String reason) {
    channel
        .writeAndFlush(Frames.close(channel.alloc(), code, reason, true))
        .addListener(ChannelFutureListener.CLOSE);
  }

  /** Drops the TCP connection without a word, as a broken network would. */
  public void cut() {
    channel.close();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    tls.handshakeFuture()
        .addListener(
            handshake -> {
              if (handshake.isSuccess()) {
                request();
              } else {
                end("TLS: " + Log.words(handshake.cause()));
              }
            });
    ctx.fireChannelActive();
  }

  private void request() {
    channel.writeAndFlush(
        ByteBufUtil.writeAscii(
            channel.alloc(),
            "GET / HTTP/1.1\r\nHost: "
                + host
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: "
                + Handshake.SUBPROTOCOL
                + "\r\nSec-WebSocket-Key: "
                + key
                + "\r\n\r\n"),
        channel.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (upgraded) {
      reader.read(ctx.alloc(), in);
      return;
    }
    ByteBuf held = response;
    if (held != null) {
      held.writeBytes(in);
      in.release();
      in = held;
    }
    response = in;
    int length = HttpHead.length(in);
    if (length < 0) {
      if (in.readableBytes() > HttpHead.BYTES_MAX) {
        end("the answer to the upgrade has no end");
      } else if (held == null) {
        response = ctx.alloc().buffer(1024, 1 << 18).writeBytes(in);
        in.release();
      }
      return;
    }
    HttpHead head = HttpHead.read(in, length);
    if (head == null
        || !head.firstLine().startsWith("HTTP/1.1 101")
        || !head.header("sec-websocket-accept").equals(Handshake.accept(key))
        || !head.header("sec-websocket-protocol").equals(Handshake.SUBPROTOCOL)) {
      end("the upgrade was answered with: " + (head == null ? "garbage" : head.firstLine()));
      return;
    }
    upgraded = true;
    response = null;
    listener.opened(this);
    if (in.isReadable()) {
      reader.read(ctx.alloc(), in);
    } else {
      in.release();
    }
  }

  @Override
  public void text(byte[] utf8) {
    listener.message(this, utf8);
  }

  @Override
  public void ping(byte[] payload) {
    channel.writeAndFlush(Frames.pong(channel.alloc(), payload, true), channel.voidPromise());
  }

  @Override
  public void pong() {
    // The client's own sign of life is spike.v1's ping, which the server answers in text.
  }

  @Override
  public void closed(int code, String reason) {
    ending = "closed with " + code + (reason.isEmpty() ? "" : " " + reason);
    close(code == 1005 ? 1000 : code, "");
  }

  @Override
  public void violation(int code, String reason) {
    ending = "the server broke the protocol: " + reason;
    close(code, reason);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(upgraded ? ending : "the connection was closed before the upgrade");
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    end(Log.words(cause));
  }

  private void end(String why) {
    if (over) {
      return;
    }
    over = true;
    reader.stop();
    ByteBuf held = response;
    if (held != null) {
      response = null;
      held.release();
    }
    channel.close();
    listener.ended(why);
  }
}
