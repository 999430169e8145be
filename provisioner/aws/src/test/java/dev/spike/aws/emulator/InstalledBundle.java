package dev.spike.aws.emulator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An installation whose bundle says the version of the plans and holds nothing else: what of it
 * runs on nodes is not the concern of those who only bring it there.
 */
public final class InstalledBundle implements BeforeAllCallback, AfterAllCallback {
  private static final String HOME = "spike.home";

  private @Nullable Path home;
  private @Nullable String before;

  /** Writes such an installation into a folder. */
  public static void write(Path home, String version) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    Path jar = Files.createDirectories(home.resolve("bundle")).resolve("spike-node.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out, manifest)) {
      packed.setComment("a jar of its own");
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    Path folder = Files.createTempDirectory("spike-home-");
    home = folder;
    write(folder, "0.1.0");
    before = System.setProperty(HOME, folder.toString());
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (before == null) {
      System.clearProperty(HOME);
    } else {
      System.setProperty(HOME, before);
    }
    Path folder = home;
    if (folder != null) {
      Files.deleteIfExists(folder.resolve("bundle/spike-node.jar"));
      Files.deleteIfExists(folder.resolve("bundle"));
      Files.deleteIfExists(folder);
    }
  }
}
