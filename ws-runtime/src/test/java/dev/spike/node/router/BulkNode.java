package dev.spike.node.router;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A service for the namespace test: names itself and the client, takes bytes, gives as many. */
final class BulkNode {
  private BulkNode() {}

  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    Path pins = Path.of(arguments[1]);
    Thread.ofPlatform().daemon().start(() -> beat(pins));
    try (ServerSocket listener = new ServerSocket()) {
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress("0.0.0.0", 8443), 128);
      System.out.println("listening");
      while (true) {
        Socket socket = listener.accept();
        Thread.ofPlatform().daemon().start(() -> serve(name, socket));
      }
    }
  }

  private static void serve(String name, Socket socket) {
    try (socket) {
      InetSocketAddress client = (InetSocketAddress) socket.getRemoteSocketAddress();
      OutputStream out = socket.getOutputStream();
      String line = name + " " + client.getAddress().getHostAddress() + ":" + client.getPort();
      out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int bytes = in.readInt();
      if (in.readNBytes(bytes).length == bytes) {
        out.write(new byte[bytes]);
        socket.shutdownOutput();
        drain(in);
      }
    } catch (IOException e) {
      System.out.println("connection failed: " + e);
    }
  }

  private static void drain(InputStream in) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  private static void beat(Path pins) {
    while (true) {
      try (LoadWords words = LoadWords.open(pins)) {
        while (!words.replaced()) {
          words.beat();
          Thread.sleep(300);
        }
      } catch (IOException e) {
        System.out.println("no load words yet: " + e.getMessage());
        try {
          Thread.sleep(300);
        } catch (InterruptedException interrupted) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
