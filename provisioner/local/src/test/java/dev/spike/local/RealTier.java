package dev.spike.local;

import dev.spike.core.resource.EventName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** What tests of a real tier share: whether one can be built here, names, and the bundle. */
final class RealTier {
  private static final List<Path> JARS =
      List.of(
          Path.of("../../ws-runtime/target/spike-node.jar"),
          Path.of("../../cli/target/dist/bundle/spike-node.jar"));

  private RealTier() {}

  static boolean possible() {
    return JARS.stream().anyMatch(Files::isReadable)
        && Preflight.findings(List.of()).stream().allMatch(f -> f.failure().isEmpty());
  }

  /** An event name that no other run uses. */
  static EventName event() {
    return new EventName("t-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36));
  }

  /** Lays an installation's folder out below target. */
  static void installBundle() {
    Path home = Path.of("target", "home").toAbsolutePath();
    Path jar = JARS.stream().filter(Files::isReadable).findFirst().orElseThrow();
    try {
      Files.createDirectories(home.resolve("bundle"));
      Files.copy(jar, home.resolve("bundle/spike-node.jar"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.setProperty(NodeBundle.HOME, home.toString());
  }
}
