package dev.spike.node.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;

/** The server's half of the TLS engine; everything engine-specific stays behind it. */
public interface TlsServer extends AutoCloseable {
  /** A handler for one new connection. */
  SslHandler accept(ByteBufAllocator allocator);

  /** The engine's name for status and logs. */
  String engine();

  /** Switches to the ticket keys that are due at this moment; safe to call at any time. */
  void rotateTicketKeys(long epochSeconds);

  @Override
  void close();
}
