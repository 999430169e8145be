package dev.spike.node.serve;

import dev.spike.node.cache.CacheCluster;
import dev.spike.node.cache.ChannelLog;
import dev.spike.node.cache.SessionStore;
import dev.spike.node.cache.ShardSubscriptions;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Failure;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.Log;
import dev.spike.node.config.ServeConfig;
import dev.spike.node.tls.BoringSsl;
import dev.spike.node.tls.TlsServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** A running node: the service port, the admin port, the cache, and how they stop. */
public final class Server implements AutoCloseable {
  private static final int BACKLOG = 4096;
  private static final int READ_BYTES = 4096;

  private final NodeContext node;
  private final MultiThreadIoEventLoopGroup front;
  private final MultiThreadIoEventLoopGroup loops;
  private final IdentityHashMap<EventLoop, LoopState> states = new IdentityHashMap<>();
  private final Channel admin;
  private final Channel service;
  private final SelfWarm selfWarm;
  private final RouterLoad routerLoad;

  /**
   * Starts everything; the node is healthy at once and ready once cache and self-warm say so.
   *
   * @throws Failure when a file or a port cannot be used
   */
  public Server(ServeConfig config) throws Failure {
    FleetSecret secret = FleetSecret.read(config.fleetSecretFile());
    TlsServer tls = tls(config, secret);
    CacheCluster cache = cache(config);
    Counters counters = new Counters();
    ShardSubscriptions shards = new ShardSubscriptions(cache);
    front = group(1, "spike-front");
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    loops = group(threads, "spike-loop");
    node =
        new NodeContext(
            config,
            secret,
            tls,
            cache,
            new SessionStore(cache, config.node()),
            new OpenSessions(),
            new ChannelFeeds(loops, new ChannelLog(cache), shards),
            counters,
            new NodeLife(cache));
    for (String fence : node.sessions().fenceChannels()) {
      shards.want(fence, new Fences(node.open()));
    }
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      LoopState state =
          new LoopState(loop, Math.ceilDiv(config.limits().handshakesPending(), threads), counters);
      states.put(loop, state);
      state.start(config.heartbeat().toMillis());
    }
    routerLoad = new RouterLoad(config.routerPins(), counters, node.life());
    service = bind(serviceBootstrap(), config.service(), "service");
    Endpoint loopback = new Endpoint("127.0.0.1", port(service));
    selfWarm = new SelfWarm(node, loopback);
    AdminActions actions = new AdminActions(node, selfWarm, routerLoad::isMapped);
    admin = bind(adminBootstrap(actions), config.admin(), "admin");
    cache.start();
    var unusedWords =
        front.scheduleAtFixedRate(
            routerLoad::write, 0, RouterLoad.WRITE_MILLIS, TimeUnit.MILLISECONDS);
    var unusedRotation =
        front.scheduleAtFixedRate(
            () -> tls.rotateTicketKeys(System.currentTimeMillis() / 1000),
            60,
            60,
            TimeUnit.SECONDS);
    if (config.warmAtStart()) {
      var unusedReport = selfWarm.run();
    }
    Log.info(
        "node "
            + config.node()
            + " of "
            + config.event()
            + " serves on "
            + service.localAddress()
            + ", admin on "
            + admin.localAddress()
            + ", "
            + tls.engine());
  }

  private static TlsServer tls(ServeConfig config, FleetSecret secret) throws Failure {
    try {
      return BoringSsl.server(config.certificate(), config.key(), secret);
    } catch (SSLException | IllegalArgumentException unusable) {
      throw new Failure(
          Failure.USAGE,
          "the certificate "
              + config.certificate()
              + " and its key cannot be used: "
              + Log.words(unusable),
          "give a PEM chain and an unencrypted PKCS#8 key that belong together");
    }
  }

  private static CacheCluster cache(ServeConfig config) throws Failure {
    try {
      return new CacheCluster(config.cache());
    } catch (IOException unreadable) {
      throw new Failure(
          Failure.USAGE,
          "the cache's password file cannot be read: " + Log.words(unreadable),
          "make cache.passwordFile readable for this user");
    }
  }

  private static MultiThreadIoEventLoopGroup group(int threads, String name) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory(name), EpollIoHandler.newFactory());
  }

  private ServerBootstrap serviceBootstrap() {
    int outbound = node.config().limits().outboundBytes();
    return new ServerBootstrap()
        .group(front, loops)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(outbound / 4, outbound / 2))
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                node.counters().accepted.increment();
                LoopState state = states.get(channel.eventLoop());
                if (state == null) {
                  throw new IllegalStateException("a connection came on a foreign event loop");
                }
                channel.pipeline().addLast(new Admission(node, state));
              }
            });
  }

  private ServerBootstrap adminBootstrap(AdminActions actions) {
    return new ServerBootstrap()
        .group(front)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childHandler(new AdminPort(actions));
  }

  private static Channel bind(ServerBootstrap bootstrap, Endpoint at, String what) throws Failure {
    ChannelFuture bound = bootstrap.bind(at.socketAddress()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new Failure(
          Failure.UNAVAILABLE,
          "the " + what + " port " + at + " cannot be opened: " + Log.words(bound.cause()),
          "stop what listens there, or choose another port");
    }
    return bound.channel();
  }

  private static int port(Channel channel) {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** The service port in use; useful when the configuration asked for port 0. */
  public int servicePort() {
    return port(service);
  }

  /** The admin port in use. */
  public int adminPort() {
    return port(admin);
  }

  /** Waits until the server has been closed. */
  public void awaitClosed() throws InterruptedException {
    service.closeFuture().await();
  }

  /**
   * Sends every client away, spread evenly over the drain time of the configuration, but at no less
   * than {@value #DRAIN_PER_SECOND_LEAST} a second; returns when all are gone.
   */
  public void drain() throws InterruptedException {
    node.life().drain();
    List<ClientConnection> all = new ArrayList<>();
    for (LoopState state : states.values()) {
      all.addAll(state.loop.submit(state.wheel::all).syncUninterruptibly().getNow());
    }
    long windowNanos =
        Math.min(
            node.config().drain().toNanos(),
            TimeUnit.SECONDS.toNanos(all.size()) / DRAIN_PER_SECOND_LEAST);
    Log.info("drain: " + all.size() + " clients within " + windowNanos / 1_000_000 + " ms");
    long started = System.nanoTime();
    int sent = 0;
    while (sent < all.size()) {
      long elapsed = System.nanoTime() - started;
      int due =
          elapsed >= windowNanos
              ? all.size()
              : (int) ((double) all.size() * elapsed / windowNanos) + 1;
      for (; sent < Math.min(due, all.size()); sent++) {
        all.get(sent).goAway();
      }
      Thread.sleep(DRAIN_STEP_MILLIS);
    }
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
    while (node.counters().connections.get() > 0 && System.nanoTime() < patience) {
      Thread.sleep(DRAIN_STEP_MILLIS);
    }
    Log.info("drain: done");
  }

  private static final int DRAIN_PER_SECOND_LEAST = 50;
  private static final long DRAIN_STEP_MILLIS = 20;

  @Override
  public void close() {
    service.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    admin.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    node.cache().close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    front.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    routerLoad.close();
    node.tls().close();
  }
}
