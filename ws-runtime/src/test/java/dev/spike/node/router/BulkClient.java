package dev.spike.node.router;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections through the balancer and moves bytes both ways on each. Prints {@code whole=N
 * own=N failed=N} and then {@code node=N} per node.
 */
final class BulkClient {
  private int whole;
  private int own;
  private int failed;
  private final Map<String, Integer> nodes = new TreeMap<>();

  private BulkClient() {}

  public static void main(String[] arguments) throws Exception {
    int connections = Integer.parseInt(arguments[0]);
    int bytes = Integer.parseInt(arguments[1]);
    int timeoutMillis = Integer.parseInt(arguments[2]);
    int parallel = Integer.parseInt(arguments[3]);
    BulkClient client = new BulkClient();
    try (ExecutorService threads = Executors.newFixedThreadPool(parallel)) {
      for (int i = 0; i < connections; i++) {
        threads.execute(() -> client.one(bytes, timeoutMillis));
      }
      threads.shutdown();
      if (!threads.awaitTermination(80, TimeUnit.SECONDS)) {
        throw new IOException("the connections did not end in time");
      }
    }
    synchronized (client) {
      System.out.print("whole=" + client.whole + " own=" + client.own + " failed=" + client.failed);
      client.nodes.forEach((node, count) -> System.out.print(" " + node + "=" + count));
      System.out.println();
    }
  }

  private void one(int bytes, int timeoutMillis) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("10.78.0.1", 443), timeoutMillis);
      socket.setSoTimeout(Math.max(timeoutMillis, 20_000));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new IOException("closed before the first line");
        }
        line.append((char) next);
      }
      String[] said = line.toString().split(" ");
      String mine =
          InetAddress.getByName("10.78.0.2").getHostAddress() + ":" + socket.getLocalPort();
      socket.getOutputStream().write(ByteBuffer.allocate(4 + bytes).putInt(bytes).array());
      int got = in.readNBytes(bytes + 1).length;
      synchronized (this) {
        nodes.merge(said[0], 1, Integer::sum);
        own += said[1].equals(mine) ? 1 : 0;
        whole += got == bytes ? 1 : 0;
      }
    } catch (IOException e) {
      synchronized (this) {
        failed++;
      }
      System.err.println("client: " + e);
    }
  }
}
