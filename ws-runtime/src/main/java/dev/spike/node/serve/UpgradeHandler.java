package dev.spike.node.serve;

import dev.spike.node.ws.Handshake;
import dev.spike.node.ws.HttpHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the upgrade request and replaces itself by the connection; refuses in plain HTTP. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
final class UpgradeHandler extends ChannelInboundHandlerAdapter {
  private final NodeContext node;
  private final LoopState state;
  private final Admission admission;
  private @Nullable ByteBuf request;
  private boolean refused;

  UpgradeHandler(NodeContext node, LoopState state, Admission admission) {
    this.node = node;
    this.state = state;
    this.admission = admission;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (refused) {
      in.release();
      return;
    }
    ByteBuf held = request;
    if (held != null) {
      held.writeBytes(in);
      in.release();
      in = held;
    }
    request = in;
    int length = HttpHead.length(in);
    if (length > HttpHead.BYTES_MAX || (length < 0 && in.readableBytes() > HttpHead.BYTES_MAX)) {
      refuse(ctx, "431 Request Header Fields Too Large", "", "the head is limited to 8 KiB");
    } else if (length > 0) {
      HttpHead head = HttpHead.read(in, length);
      if (head == null) {
        refuse(ctx, "400 Bad Request", "", "a header line is malformed");
      } else {
        answer(ctx, head);
      }
    } else if (held == null) {
      request = ctx.alloc().buffer(1024, 2 * HttpHead.BYTES_MAX + 65_536).writeBytes(in);
      in.release();
    }
  }

  private void answer(ChannelHandlerContext ctx, HttpHead head) {
    String key = head.header("sec-websocket-key");
    List<String> origins = node.config().origins();
    if (!head.firstLine().startsWith("GET ") || !head.firstLine().endsWith(" HTTP/1.1")) {
      refuse(ctx, "405 Method Not Allowed", "Allow: GET\r\n", "only GET with HTTP/1.1");
    } else if (!head.lists("upgrade", "websocket") || !head.lists("connection", "upgrade")) {
      refuse(
          ctx,
          "426 Upgrade Required",
          "Upgrade: websocket\r\n",
          "this port speaks WebSocket with the subprotocol spike.v1");
    } else if (!head.header("sec-websocket-version").equals("13")) {
      refuse(ctx, "426 Upgrade Required", "Sec-WebSocket-Version: 13\r\n", "version 13 only");
    } else if (key.length() != 24 || !key.endsWith("==")) {
      refuse(ctx, "400 Bad Request", "", "Sec-WebSocket-Key must be 16 bytes in base64");
    } else if (!head.lists("sec-websocket-protocol", Handshake.SUBPROTOCOL)) {
      refuse(ctx, "400 Bad Request", "", "offer the subprotocol spike.v1");
    } else if (!origins.isEmpty() && !origins.contains(head.header("origin"))) {
      refuse(ctx, "403 Forbidden", "", "this origin is not allowed");
    } else if (node.life().isDraining()) {
      refuse(ctx, "503 Service Unavailable", "Retry-After: 1\r\n", "the node is draining");
    } else if (node.counters().connections.incrementAndGet()
        > node.config().limits().connections()) {
      node.counters().connections.decrementAndGet();
      refuse(ctx, "503 Service Unavailable", "Retry-After: 5\r\n", "the node is full");
    } else {
      upgrade(ctx, key);
    }
  }

  private void upgrade(ChannelHandlerContext ctx, String key) {
    node.counters().upgrades.increment();
    admission.upgraded();
    ctx.writeAndFlush(
        ByteBufUtil.writeAscii(
            ctx.alloc(),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + Handshake.accept(key)
                + "\r\nSec-WebSocket-Protocol: "
                + Handshake.SUBPROTOCOL
                + "\r\n\r\n"));
    ByteBuf rest = request;
    request = null;
    ctx.pipeline().replace(this, null, new ClientConnection(node, state));
    if (rest != null) {
      if (rest.isReadable()) {
        ctx.fireChannelRead(rest);
      } else {
        rest.release();
      }
    }
  }

  private void refuse(ChannelHandlerContext ctx, String status, String headers, String why) {
    refused = true;
    node.counters().upgradesRefused.increment();
    free();
    ctx.writeAndFlush(
            ByteBufUtil.writeAscii(
                ctx.alloc(),
                "HTTP/1.1 "
                    + status
                    + "\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: "
                    + (why.length() + 1)
                    + "\r\n"
                    + headers
                    + "\r\n"
                    + why
                    + "\n"))
        .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    free();
  }

  private void free() {
    ByteBuf held = request;
    if (held != null) {
      request = null;
      held.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
