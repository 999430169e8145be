package dev.spike.sources;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server of one test class: own folder, own port on this machine, own password. */
final class PostgresServer implements AutoCloseable {
  static final String PASSWORD = "pg-s3cret-0815";

  private final Path bin;
  private final Path folder;
  private final int port;
  private final Process process;

  private PostgresServer(Path bin, Path folder, int port, Process process) {
    this.bin = bin;
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /** Where the server's programs are; empty when none is installed. */
  static Optional<Path> programs() throws IOException {
    Path all = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(all)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(found -> Files.isExecutable(found.resolve("initdb")))
          .max(Path::compareTo);
    }
  }

  static PostgresServer start() throws Exception {
    Path bin = programs().orElseThrow();
    Path folder = Files.createTempDirectory("spike-postgres-");
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    owned(folder);
    owned(password);
    run(
        folder,
        bin.resolve("initdb").toString(),
        "--pgdata=" + folder.resolve("data"),
        "--username=spike",
        "--pwfile=" + password,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-sync");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process process =
        builder(
                bin.resolve("postgres").toString(),
                "-D",
                folder.resolve("data").toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=" + folder,
                "-c",
                "fsync=off")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    PostgresServer server = new PostgresServer(bin, folder, port, process);
    server.awaitReady();
    return server;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  int port() {
    return port;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), "spike", PASSWORD);
  }

  private void awaitReady() throws Exception {
    SQLException last = new SQLException("it never answered");
    for (int tries = 0; tries < 150 && process.isAlive(); tries++) {
      try (Connection ready = connect()) {
        if (ready.isValid(5)) {
          return;
        }
      } catch (SQLException notYet) {
        last = notYet;
      }
      Thread.sleep(100);
    }
    close();
    throw last;
  }

  /** The server refuses to run as root. */
  private static ProcessBuilder builder(String... command) {
    List<String> words = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      words.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    words.addAll(List.of(command));
    return new ProcessBuilder(words);
  }

  private static void owned(Path path) throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      Files.setAttribute(path, "unix:uid", 65534);
      Files.setAttribute(path, "unix:gid", 65534);
    }
  }

  private static void run(Path folder, String... command) throws Exception {
    Process process =
        builder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command[0] + " failed");
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (process.isAlive()) {
        run(
            folder,
            bin.resolve("pg_ctl").toString(),
            "stop",
            "-D",
            folder.resolve("data").toString(),
            "-m",
            "fast");
      }
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (IOException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IOException("PostgreSQL did not stop", failed);
    } finally {
      process.destroyForcibly();
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes of) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException failed)
              throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
