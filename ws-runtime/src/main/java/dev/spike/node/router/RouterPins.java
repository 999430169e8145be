package dev.spike.node.router;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The directory in a bpffs that keeps a node's router alive while no process holds it. */
record RouterPins(Path directory) {
  static final List<String> MAPS =
      List.of(
          "config",
          "active",
          "ring",
          "peers",
          "peer_addresses",
          "pins",
          "anchors",
          "state",
          "load",
          "agent",
          "counters");
  static final String LINK = "xdp_link";
  static final String TABLE = "table";

  Path map(String name) {
    return directory.resolve(name);
  }

  Path link() {
    return directory.resolve(LINK);
  }

  /** The table in use, pinned beside the map that holds it. */
  Path table() {
    return directory.resolve(TABLE);
  }

  /** A bpffs refuses names with dots. */
  Path tableNext() {
    return directory.resolve(TABLE + "_next");
  }

  boolean present() {
    return Files.exists(map("config"));
  }

  /** Makes the directory, traversable by the unprivileged runtime. */
  void create() throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** Removes every pin and the directory; what is absent is no error. */
  void remove() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        Files.deleteIfExists(entry);
      }
    }
    Files.deleteIfExists(directory);
  }
}
