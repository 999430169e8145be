package dev.spike.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path folder;

  @Test
  void theOldFileStaysUntilTheNewOneIsWhole() throws Exception {
    Path file = folder.resolve("plan.json");
    Files.writeString(file, "old");

    try (WholeFile whole = WholeFile.open(file)) {
      assertThat(file).hasContent("old");
      whole.publish(bytes("new"));
    }

    assertThat(file).hasContent("new");
    assertThat(names()).containsExactly("plan.json");
  }

  @Test
  void whatWasNotPublishedLeavesNothing() throws Exception {
    Path file = folder.resolve("plan.json");

    WholeFile.open(file).close();

    assertThat(names()).isEmpty();
  }

  @Test
  void aFolderThatIsMissingIsNamedAndNotTheFileBesideThePlace() {
    assertThatThrownBy(() -> WholeFile.open(folder.resolve("none/plan.json")))
        .hasMessage("no file can be made in " + folder.resolve("none"));
  }

  @Test
  void aLinkIsFollowedAndStays() throws Exception {
    Path file = Files.writeString(folder.resolve("of-today.json"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("plan.json"), file);

    WholeFile.write(link, bytes("new"));

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  /** A pipe stands for all that is no file: a run as root must not put a file in place of it. */
  @Test
  void whatIsNoFileIsWrittenToAndNotReplaced() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Process reader = new ProcessBuilder("cat", pipe.toString()).start();

    WholeFile.write(pipe, bytes("through"));

    assertThat(reader.getInputStream().readAllBytes()).isEqualTo(bytes("through"));
    assertThat(Files.isRegularFile(pipe)).isFalse();
    assertThat(names()).containsExactly("pipe");
  }

  @Test
  void aFolderAndAMissingFolderAreRefused() {
    assertThatThrownBy(() -> WholeFile.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("folder");
    assertThatThrownBy(() -> WholeFile.open(folder.resolve("none").resolve("plan.json")))
        .isInstanceOf(IOException.class);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
