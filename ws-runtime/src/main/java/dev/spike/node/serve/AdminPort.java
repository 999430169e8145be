package dev.spike.node.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Json;
import dev.spike.node.config.Log;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** The admin port: health and metrics for everybody who can reach it, the rest with the token. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
final class AdminPort extends ChannelInitializer<SocketChannel> {
  private static final int BODY_BYTES_MAX = 128 * 1024;
  private static final int IDLE_SECONDS_MAX = 30;

  private final AdminActions actions;

  AdminPort(AdminActions actions) {
    this.actions = actions;
  }

  /** What an answer consists of. */
  record Answer(HttpResponseStatus status, String type, String body) {
    static Answer json(HttpResponseStatus status, ObjectNode body) {
      return new Answer(status, "application/json", Json.line(body) + "\n");
    }

    static Answer refused(HttpResponseStatus status, String error, String next) {
      return json(status, Json.object().put("error", error).put("next", next));
    }
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(new ReadTimeoutHandler(IDLE_SECONDS_MAX * 10))
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
        .addLast(new Requests());
  }

  private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      boolean keepAlive = HttpUtil.isKeepAlive(request);
      route(request)
          .whenComplete(
              (answer, thrown) ->
                  respond(
                      ctx,
                      answer != null
                          ? answer
                          : Answer.refused(
                              HttpResponseStatus.INTERNAL_SERVER_ERROR,
                              Log.words(thrown),
                              "read the node's log"),
                      keepAlive));
    }

    private CompletableFuture<Answer> route(FullHttpRequest request) {
      String path = request.uri().split("\\?", 2)[0];
      HttpMethod method = request.method();
      if (path.startsWith("/v1/")) {
        String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        if (!actions.isAdmin(authorization)) {
          return CompletableFuture.completedFuture(
              Answer.refused(
                  HttpResponseStatus.UNAUTHORIZED,
                  "the bearer token is missing or wrong",
                  "send Authorization: Bearer with the admin token of the fleet secret"));
        }
      }
      if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
        return switch (path) {
          case "/healthz" -> CompletableFuture.completedFuture(actions.health());
          case "/readyz" -> CompletableFuture.completedFuture(actions.readiness());
          case "/metrics" -> CompletableFuture.completedFuture(actions.metrics());
          case "/v1/status" ->
              CompletableFuture.completedFuture(
                  Answer.json(HttpResponseStatus.OK, actions.status()));
          default -> notFound(path);
        };
      }
      if (method.equals(HttpMethod.POST) && path.equals("/v1/warm")) {
        return actions.warm();
      }
      if (method.equals(HttpMethod.POST) && path.equals("/v1/publish")) {
        return actions.publish(ByteBufUtil.getBytes(request.content()));
      }
      return notFound(path);
    }

    private CompletableFuture<Answer> notFound(String path) {
      return CompletableFuture.completedFuture(
          Answer.refused(
              HttpResponseStatus.NOT_FOUND,
              "there is nothing at " + path + " for this method",
              "use /healthz, /readyz, /metrics, /v1/status, POST /v1/warm or POST /v1/publish"));
    }

    private void respond(ChannelHandlerContext ctx, Answer answer, boolean keepAlive) {
      ByteBuf body = Unpooled.copiedBuffer(answer.body, StandardCharsets.UTF_8);
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status, body);
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, answer.type)
          .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
          .set(
              HttpHeaderNames.CONNECTION,
              keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
      var written = ctx.writeAndFlush(response);
      if (!keepAlive) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
