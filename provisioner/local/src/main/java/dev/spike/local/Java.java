package dev.spike.local;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/** The Java that runs spike also runs the nodes. */
final class Java {
  private Java() {}

  static String command() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
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
