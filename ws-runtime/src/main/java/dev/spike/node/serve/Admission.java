package dev.spike.node.serve;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * The first steps of a connection: waits for the whole ClientHello, so that a slow client holds no
 * handshake slot; then for a slot; then runs the handshake and hands over to {@link
 * UpgradeHandler}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
final class Admission extends ChannelInboundHandlerAdapter implements Deadlines.Expiring {
  private static final int RECORD_HEADER = 5;
  private static final int RECORD_MAX = 16_384 + RECORD_HEADER;

  private final NodeContext node;
  private final LoopState state;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf hello;
  private boolean entered;
  private boolean upgraded;

  Admission(NodeContext node, LoopState state) {
    this.node = node;
    this.state = state;
  }

  EventLoop loop() {
    return state.loop;
  }

  /** The upgrade is done; the deadline no longer applies. */
  void upgraded() {
    upgraded = true;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    state.admissions.add(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    ByteBuf before = hello;
    ByteBuf held = in;
    if (before != null) {
      held =
          ctx.alloc()
              .buffer(before.readableBytes() + in.readableBytes())
              .writeBytes(before)
              .writeBytes(in);
      before.release();
      in.release();
    }
    hello = held;
    if (entered || held.readableBytes() < RECORD_HEADER) {
      return;
    }
    int whole = RECORD_HEADER + held.getUnsignedShort(held.readerIndex() + 3);
    if (held.getByte(held.readerIndex()) != 22 || whole > RECORD_MAX) {
      node.counters().handshakesFailed.increment();
      ctx.close();
      return;
    }
    if (held.readableBytes() >= whole) {
      entered = true;
      ctx.channel().config().setAutoRead(false);
      state.gate.enter(this);
    }
  }

  /** A slot is ours. */
  void startHandshake() {
    ChannelHandlerContext ctx = context;
    ByteBuf first = hello;
    if (ctx == null || first == null) {
      state.gate.done(this);
      return;
    }
    hello = null;
    SslHandler tls = node.tls().accept(ctx.alloc());
    tls.handshakeFuture()
        .addListener(
            handshake -> {
              state.gate.done(this);
              (handshake.isSuccess()
                      ? node.counters().handshakes
                      : node.counters().handshakesFailed)
                  .increment();
              if (!handshake.isSuccess()) {
                ctx.channel().close();
              }
            });
    ctx.pipeline().addLast(tls).addLast(new UpgradeHandler(node, state, this));
    ctx.fireChannelRead(first);
    ctx.fireChannelReadComplete();
    ctx.pipeline().remove(this);
    ctx.channel().config().setAutoRead(true);
  }

  /** Waited too long behind others. */
  void drop() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (entered) {
      state.gate.leave(this);
    }
    free();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    free();
  }

  private void free() {
    ByteBuf held = hello;
    if (held != null) {
      hello = null;
      held.release();
    }
  }

  @Override
  public boolean isPending() {
    ChannelHandlerContext ctx = context;
    return !upgraded && ctx != null && ctx.channel().isOpen();
  }

  @Override
  public void expire() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      ctx.channel().close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
