package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLinesTest {
  @Test
  void aLineIsPrintedOnceAndReadsAsADiagnosticDoes() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    LogLines lines = new LogLines(new PrintStream(printed, true, StandardCharsets.UTF_8));

    for (int looks = 0; looks < 2; looks++) {
      LogRecord line = new LogRecord(Level.WARNING, "event {0} cannot be asked: {1}");
      line.setParameters(new Object[] {"cup", "refused"});
      lines.publish(line);
    }
    lines.publish(new LogRecord(Level.FINE, "for those who look into it"));

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo("warning: event cup cannot be asked: refused\n");
  }
}
