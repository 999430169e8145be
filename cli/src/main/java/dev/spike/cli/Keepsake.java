package dev.spike.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.spike.core.apply.LastWords;
import dev.spike.core.apply.RunListener;
import dev.spike.core.apply.StepEvent;
import dev.spike.core.plan.Diagnostic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a tier says before it goes: each node's last log lines and counts, in a folder that
 * only its owner reads. A file that cannot be written is a warning; nothing waits for it.
 */
final class Keepsake implements RunListener {
  private static final long BYTES_MAX = 64L << 20;
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final RunListener view;
  private final Path folder;
  private @Nullable LastWords words;

  Keepsake(RunListener view, Path folder) {
    this.view = view;
    this.folder = folder;
  }

  /** When the first of what was paid by the hour came to be. */
  Optional<Instant> standingSince() {
    LastWords heard = words;
    return heard == null ? Optional.empty() : heard.standingSince();
  }

  @Override
  public void step(StepEvent event) {
    view.step(event);
  }

  @Override
  public void note(String sentence) {
    view.note(sentence);
  }

  @Override
  public void diagnostic(Diagnostic diagnostic) {
    view.diagnostic(diagnostic);
  }

  @Override
  public void lastWords(LastWords heard) {
    words = heard;
    if (heard.logs().isEmpty()) {
      return;
    }
    try {
      long bytes = write(heard);
      note(
          "The last logs and counts of "
              + heard.logs().size()
              + " nodes are in "
              + folder
              + (bytes > BYTES_MAX ? ", as far as 64 MiB go" : ""));
    } catch (IOException failure) {
      diagnostic(
          Diagnostic.warning(
              "The last logs and counts of the nodes could not be saved in " + folder,
              String.valueOf(failure),
              "Name a folder that can be written with --logs."));
    }
  }

  private long write(LastWords heard) throws IOException {
    Files.createDirectories(folder, attributes());
    Files.write(folder.resolve("nodes.json"), JSON.writeValueAsBytes(heard.statuses()));
    long bytes = 0;
    for (Map.Entry<String, String> log : heard.logs().entrySet()) {
      byte[] text = log.getValue().getBytes(StandardCharsets.UTF_8);
      bytes += text.length;
      if (bytes > BYTES_MAX) {
        return bytes;
      }
      Files.write(folder.resolve(log.getKey() + ".log"), text);
    }
    return bytes;
  }

  private static FileAttribute<?>[] attributes() {
    boolean posix =
        java.nio.file.FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
        : new FileAttribute<?>[0];
  }
}
