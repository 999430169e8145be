package dev.spike.local;

import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** What runs on a node: a copy of the jar that belongs to this installation of spike. */
final class NodeBundle {
  static final ResourceId ID = new ResourceId("bundle");

  /** The system property that names the installation's folder. */
  static final String HOME = "spike.home";

  private final EventTier tier;

  NodeBundle(EventTier tier) {
    this.tier = tier;
  }

  /** The jar of this installation; empty when spike was not started by its launcher. */
  static Optional<Path> installed() {
    return Optional.ofNullable(System.getProperty(HOME))
        .map(home -> Path.of(home, "bundle", "spike-node.jar"))
        .filter(Files::isReadable);
  }

  Optional<Observed> observe() throws IOException {
    Path jar = tier.folder().bundle();
    if (!Files.exists(jar)) {
      return Optional.empty();
    }
    Optional<Path> installed = installed();
    boolean same = installed.isEmpty() || digest(jar).equals(digest(installed.get()));
    List<String> faults =
        same ? List.of() : List.of("bundle " + jar + " differs from " + installed.get());
    return Optional.of(
        new Observed(
            ID,
            dev.spike.core.resource.Kind.BUNDLE,
            version(jar).map(v -> Map.of("version", v)).orElse(Map.of()),
            faults));
  }

  private static Optional<String> version(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      return Optional.ofNullable(manifest)
          .map(m -> m.getMainAttributes().getValue("Implementation-Version"));
    } catch (java.util.zip.ZipException e) {
      return Optional.empty(); // not a jar: its digest tells that it is not ours
    }
  }

  static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 20];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void converge(Resource.Bundle bundle) throws IOException, ProviderException {
    Path from =
        installed()
            .orElseThrow(
                () ->
                    new ProviderException(
                        Kind.UNAVAILABLE,
                        "the bundle " + bundle.version() + " for the nodes was not found",
                        "Start spike with scripts/spike, which sets -D"
                            + HOME
                            + "=DIST where"
                            + " DIST/bundle/spike-node.jar is."));
    Optional<String> version = version(from);
    if (version.isPresent() && !version.get().equals(bundle.version())) {
      throw new ProviderException(
          Kind.INVALID,
          "the plan wants bundle " + bundle.version() + " and this spike carries " + version.get(),
          "Make the plan again with this version of spike.");
    }
    tier.folder().ensure();
    Path to = tier.folder().bundle();
    if (Files.exists(to) && digest(to).equals(digest(from))) {
      return;
    }
    Path classes = from.resolveSibling("spike-node.jsa");
    if (Files.isReadable(classes)) {
      place(classes, tier.folder().sharedClasses());
    }
    place(from, to);
  }

  /** The jar's time goes with it: shared classes are of the jar of one moment. */
  private static void place(Path from, Path to) throws IOException {
    Path fresh = to.resolveSibling(to.getFileName() + ".new");
    Files.copy(
        from, fresh, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("r--r--r--"));
    Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void delete() throws IOException {
    Files.deleteIfExists(tier.folder().bundle());
    Files.deleteIfExists(tier.folder().sharedClasses());
  }
}
