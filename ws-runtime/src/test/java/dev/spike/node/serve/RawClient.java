package dev.spike.node.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Json;
import dev.spike.node.ws.Handshake;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A client of blocking sockets and the JDK's TLS, which takes bytes from its connection only while
 * {@link #next} is called.
 */
final class RawClient implements AutoCloseable {
  private static final int RECEIVE_BYTES = 32 << 10;
  private static final int PATIENCE_MILLIS = 15_000;

  private final SSLSocket socket;
  private final DataInputStream in;

  RawClient(Path certificate, int port, String host) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream file = Files.newInputStream(certificate)) {
      trusted.setCertificateEntry(
          "test", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLSv1.3");
    tls.init(null, trust.getTrustManagers(), null);
    Socket plain = new Socket();
    plain.setReceiveBufferSize(RECEIVE_BYTES);
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
    socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket
        .getOutputStream()
        .write(
            ("GET / HTTP/1.1\r\nHost: "
                    + host
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: "
                    + Handshake.SUBPROTOCOL
                    + "\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    in = new DataInputStream(socket.getInputStream());
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    assertThat(head.toString()).startsWith("HTTP/1.1 101");
  }

  void send(ObjectNode message) throws IOException {
    byte[] text = Json.line(message).getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(text.length + 8);
    // FIN and text; masked with zeros, which leaves the bytes as they are.
    frame.put((byte) 0x81).put((byte) (0x80 | 126)).putShort((short) text.length).putInt(0);
    socket.getOutputStream().write(frame.put(text).array());
  }

  /** The next text message; pings are passed over. */
  JsonNode next() throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0x0f;
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = Math.toIntExact(in.readLong());
      }
      byte[] payload = in.readNBytes(length);
      if (opcode == 1) {
        return Json.parse(payload);
      }
      assertThat(opcode).as("a ping").isEqualTo(9);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
