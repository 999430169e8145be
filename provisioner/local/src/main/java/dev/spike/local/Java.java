package dev.spike.local;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;

/** The Java that runs spike also runs the nodes. */
final class Java {
  private Java() {}

  static String command() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * The options that run an event's bundle. Its classes are mapped instead of loaded, which saves a
   * third of a start; a JVM that cannot map them (another Java, a changed jar) loads them,
   * silently.
   */
  static List<String> bundleOf(EventFolder folder) {
    return List.of(
        "-XX:SharedArchiveFile=" + folder.sharedClasses(),
        "-Xlog:cds*=off",
        "-Xlog:aot*=off",
        "-jar",
        folder.bundle().toString());
  }

  /** Where a class of ours was loaded from: a jar, or a folder in a development tree. */
  static String classPathOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the place of " + type + " is no path", e);
    }
  }
}
