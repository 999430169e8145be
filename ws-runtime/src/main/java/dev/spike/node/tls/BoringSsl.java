package dev.spike.node.tls;

import dev.spike.node.config.FleetSecret;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslServerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 on BoringSSL. The groups are X25519 and P-256 on purpose: the hybrid default costs a
 * kilobyte each way.
 */
public final class BoringSsl {
  /** How long one ticket key encrypts; a ticket is accepted one epoch longer. */
  static final long TICKET_EPOCH_SECONDS = 6 * 3600;

  private static final String[] GROUPS = {"X25519", "P-256"};
  private static final long HANDSHAKE_SECONDS_MAX = 8;

  private BoringSsl() {}

  /**
   * A server with this certificate chain and key, whose tickets every node of the fleet accepts.
   *
   * @throws SSLException when the files do not hold a usable chain and key
   */
  public static TlsServer server(Path certificate, Path key, FleetSecret secret)
      throws SSLException {
    SslContext context =
        SslContextBuilder.forServer(certificate.toFile(), key.toFile())
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .protocols("TLSv1.3")
            .option(OpenSslContextOption.GROUPS, GROUPS)
            .build();
    Server server = new Server((ReferenceCountedOpenSslServerContext) context, secret);
    server.rotateTicketKeys(System.currentTimeMillis() / 1000);
    return server;
  }

  /**
   * A client that trusts exactly the authorities in {@code authority} (PEM).
   *
   * @throws SSLException when the file holds no certificate
   */
  public static TlsClient client(Path authority) throws SSLException {
    return new Client(
        SslContextBuilder.forClient()
            .trustManager(new VerifiedOnce(VerifiedOnce.trusting(authority)))
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .protocols("TLSv1.3")
            .option(OpenSslContextOption.GROUPS, GROUPS)
            .endpointIdentificationAlgorithm("HTTPS")
            .build());
  }

  private record Server(ReferenceCountedOpenSslServerContext context, FleetSecret secret)
      implements TlsServer {
    @Override
    public SslHandler accept(ByteBufAllocator allocator) {
      SslHandler handler = context.newHandler(allocator);
      handler.setHandshakeTimeout(HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS);
      handler.setCloseNotifyFlushTimeout(1, TimeUnit.SECONDS);
      return handler;
    }

    @Override
    public String engine() {
      return OpenSsl.versionString();
    }

    /** Encrypts with the present epoch's key; accepts the one before and the one after. */
    @Override
    public void rotateTicketKeys(long epochSeconds) {
      long epoch = epochSeconds / TICKET_EPOCH_SECONDS;
      context
          .sessionContext()
          .setTicketKeys(ticketKey(epoch), ticketKey(epoch + 1), ticketKey(epoch - 1));
    }

    private OpenSslSessionTicketKey ticketKey(long epoch) {
      byte[] bytes = secret.ticketKey(epoch);
      return new OpenSslSessionTicketKey(
          Arrays.copyOfRange(bytes, 0, 16),
          Arrays.copyOfRange(bytes, 16, 32),
          Arrays.copyOfRange(bytes, 32, 48));
    }

    @Override
    public void close() {
      ReferenceCountUtil.release(context);
    }
  }

  private record Client(SslContext context) implements TlsClient {
    @Override
    public SslHandler connect(ByteBufAllocator allocator, String host, int port) {
      SslHandler handler = context.newHandler(allocator, host, port);
      handler.setHandshakeTimeout(10, TimeUnit.SECONDS);
      handler.setCloseNotifyFlushTimeout(1, TimeUnit.SECONDS);
      return handler;
    }

    @Override
    public void close() {
      ReferenceCountUtil.release((ReferenceCountedOpenSslContext) context);
    }
  }
}
