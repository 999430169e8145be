package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResultStreamTest {
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(told, true, StandardCharsets.UTF_8);

  @Test
  void aResultThatWasWrittenLeavesTheCodeAlone() {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    ResultStream out = new ResultStream(kept);

    out.printer().println("Plan: 3 to add");

    assertThat(out.ended(2, err)).isEqualTo(2);
    assertThat(kept.toString(StandardCharsets.UTF_8)).isEqualTo("Plan: 3 to add\n");
    assertThat(told.size()).isZero();
  }

  @Test
  void aFullDiskIsExit73AndASentence() {
    ResultStream out = new ResultStream(failing("No space left on device"));

    out.printer().println("Plan: 3 to add");

    assertThat(out.ended(0, err)).isEqualTo(73);
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("No space left").contains("next: ");
  }

  @Test
  void aCommandThatFailedAnywayKeepsItsOwnCode() {
    ResultStream out = new ResultStream(failing("No space left on device"));

    out.printer().println("Warm: NOT verified");

    assertThat(out.ended(4, err)).isEqualTo(4);
    assertThat(told.size()).isPositive();
  }

  @Test
  void aReaderThatWentAwayIsNoFailure() {
    ResultStream out = new ResultStream(failing("Broken pipe"));

    out.printer().println("Plan: 3 to add");

    assertThat(out.ended(0, err)).isZero();
    assertThat(told.size()).isZero();
  }

  private static OutputStream failing(String why) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        throw new IOException(why);
      }
    };
  }
}
