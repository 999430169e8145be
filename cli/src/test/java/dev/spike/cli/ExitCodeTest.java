package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\|");

  @Test
  void everyCodeIsInTheDocumentWithItsMeaningAndNothingElseIs() throws IOException {
    Map<Integer, String> documented = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/exit-codes.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.put(Integer.parseInt(row.group(1)), row.group(2));
      }
    }
    Map<Integer, String> known = new LinkedHashMap<>();
    for (ExitCode exit : ExitCode.values()) {
      known.put(exit.code(), exit.meaning());
    }
    assertThat(documented).containsExactlyEntriesOf(known);
  }

  @Test
  void codesAreDistinctAndThoseOfTheInterface() {
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code))
        .containsExactly(0, 1, 2, 3, 4, 5, 64, 65, 66, 69, 70, 73, 75, 77, 78, 124, 130, 143);
  }
}
