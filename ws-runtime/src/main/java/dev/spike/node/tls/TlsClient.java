package dev.spike.node.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;

/** The client's half: verifies the chain against the given authority, and the host name. */
public interface TlsClient extends AutoCloseable {
  /** A handler for one new connection to {@code host}. */
  SslHandler connect(ByteBufAllocator allocator, String host, int port);

  @Override
  void close();
}
