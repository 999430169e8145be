package dev.spike.local;

import dev.spike.core.resource.EventName;
import dev.spike.local.linux.Mounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one event below {@code /run/spike}: a file system in memory of its own, so that
 * keys never reach a disk, logs cannot fill the machine, and all of it goes with one unmount.
 *
 * <p>The servers run without privilege and may pass through it, but list nothing.
 */
final class EventFolder {
  static final Path ROOT = Path.of("/run/spike");

  /** The user that node servers run as; nothing else on a machine uses this number. */
  static final int SERVER_USER = 64533;

  /** The user that redis-server runs as. */
  static final int CACHE_USER = 64534;

  private static final long BYTES_MAX = 768L << 20;
  private static final int SECRET_BYTES = 32;
  private static final String REPLACING = ".replacing";

  private final EventName event;
  private final Path folder;

  EventFolder(EventName event) {
    this.event = event;
    this.folder = ROOT.resolve(event.value());
  }

  static Path lock(EventName event) {
    return ROOT.resolve("locks").resolve(event + ".lock");
  }

  /** Makes the folder that locks are in. */
  static void prepareLocks() throws IOException {
    synchronized (EventFolder.class) {
      directory(ROOT, "rwx--x--x");
      directory(ROOT.resolve("locks"), "rwx------");
    }
  }

  Path bundle() {
    return folder.resolve("bundle/spike-node.jar");
  }

  /** The bundle's classes as a JVM maps them; not there where the installation has none. */
  Path sharedClasses() {
    return folder.resolve("bundle/spike-node.jsa");
  }

  Path tls() {
    return folder.resolve("tls");
  }

  Path authority() {
    return tls().resolve("ca.crt");
  }

  Path certificate() {
    return tls().resolve("server.crt");
  }

  Path key() {
    return tls().resolve("server.key");
  }

  Path cacheSecret() {
    return folder.resolve("secrets/cache");
  }

  Path fleetSecret() {
    return folder.resolve("secrets/fleet");
  }

  Path serveConfig(String node) {
    return folder.resolve("conf").resolve(node + ".serve.json");
  }

  /** There while a node is being replaced. */
  Path replacing(String node) {
    return folder.resolve("conf").resolve(node + REPLACING);
  }

  /** The nodes that are being replaced. */
  SortedSet<String> replacing() throws IOException {
    SortedSet<String> nodes = new TreeSet<>();
    if (!Files.isDirectory(folder.resolve("conf"))) {
      return nodes;
    }
    try (DirectoryStream<Path> marks =
        Files.newDirectoryStream(folder.resolve("conf"), "*" + REPLACING)) {
      for (Path mark : marks) {
        String name = mark.getFileName().toString();
        nodes.add(name.substring(0, name.length() - REPLACING.length()));
      }
    }
    return nodes;
  }

  Path routerConfig(String node) {
    return folder.resolve("conf").resolve(node + ".router.json");
  }

  Path log(String part) {
    return logs().resolve(part + ".log");
  }

  Path logs() {
    return folder.resolve("logs");
  }

  Path pins() {
    return folder.resolve("bpf");
  }

  Path pins(String node) {
    return pins().resolve(node);
  }

  Path cache(String cache) {
    return folder.resolve("cache").resolve(cache);
  }

  /** Where a node's server may unpack what it needs. */
  Path scratch(String node) {
    return folder.resolve("scratch").resolve(node);
  }

  /** Where commands that end soon may unpack what they need. */
  Path commands() {
    return folder.resolve("scratch/commands");
  }

  Path path() {
    return folder;
  }

  boolean exists() {
    return Files.exists(folder);
  }

  /** Makes the folder, its file system, its subfolders and its secrets where they are missing. */
  void ensure() throws IOException {
    synchronized (EventFolder.class) {
      directory(ROOT, "rwx--x--x");
      directory(folder, "rwx--x--x");
      if (!Mounts.mounted(folder)) {
        Mounts.tmpfs(folder, BYTES_MAX);
      }
      directory(folder.resolve("bundle"), "rwxr-xr-x");
      directory(tls(), "rwx--x--x");
      directory(folder.resolve("conf"), "rwx--x--x");
      directory(folder.resolve("cache"), "rwx--x--x");
      directory(folder.resolve("scratch"), "rwx--x--x");
      if (!Files.isDirectory(commands())) {
        directory(commands(), "rwxrwx---");
        give(commands(), SERVER_USER);
      }
      directory(logs(), "rwx------");
      directory(folder.resolve("secrets"), "rwx--x--x");
      secret(cacheSecret());
      secret(fleetSecret());
    }
  }

  /** Makes the mount for the router's pins where it is missing. */
  void ensurePins() throws IOException {
    synchronized (EventFolder.class) {
      directory(pins(), "rwx--x--x");
      if (!Mounts.mounted(pins())) {
        Mounts.bpffs(pins());
      }
    }
  }

  /** A secret is readable by the server's user, and by root's group for the router's agent. */
  private static void secret(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] bytes = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(bytes);
      write(file, HexFormat.of().formatHex(bytes), "r--r-----", SERVER_USER);
    }
  }

  /** A directory of that mode; one that is there is left as it is. */
  static void directory(Path at, String mode) throws IOException {
    if (!Files.isDirectory(at)) {
      Files.createDirectories(at);
      Files.setPosixFilePermissions(at, PosixFilePermissions.fromString(mode));
    }
  }

  /** Gives a file or directory to one of the users without privilege. */
  static void give(Path at, int user) throws IOException {
    Files.setAttribute(at, "unix:uid", user);
  }

  /** Replaces a file as a whole, never visible with another mode than the given one. */
  static void write(Path file, String text, String mode, int user) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
    give(fresh, user);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes one tree below the folder; nothing is there when it returns. */
  static void remove(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path at, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(at);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Takes the mounts and the folder away. */
  void remove() throws IOException {
    synchronized (EventFolder.class) {
      for (Path mount : Mounts.below(folder)) {
        Mounts.unmount(mount);
      }
      remove(folder);
    }
  }

  @Override
  public String toString() {
    return "folder of event " + event;
  }
}
