package dev.spike.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HumanViewTest {
  private static final Report REPORT =
      Report.of("plan")
          .headline("Plan: one word after the other, as long as it takes")
          .entry("too late", Report.Emphasis.BAD, "raise the quota")
          .entry("due", Report.Emphasis.DOUBTFUL, "provision")
          .entry("cost", "nothing ".repeat(15).strip() + " " + "x".repeat(90))
          .exit(ExitCode.DONE);

  private static String shown(boolean color) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    new HumanView(stream, stream, new HumanView.Manner(color, false, false, false)).result(REPORT);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void onlyTheLabelsThatAskForSomethingAreColoured() {
    assertThat(shown(true))
        .contains("\033[31m  too late \033[0mraise the quota\n")
        .contains("\033[33m  due      \033[0mprovision\n")
        .contains("\n  cost     nothing");
  }

  @Test
  void withoutColourTheSameStandsThere() {
    assertThat(shown(false))
        .isEqualTo(shown(true).replaceAll("\033\\[\\d*m", ""))
        .doesNotContain("\033");
  }

  @Test
  void aLongTextGoesOnBelowItsBeginningAndALongWordStaysWhole() {
    assertThat(shown(false).lines().skip(3))
        .containsExactly(
            "  cost     " + "nothing ".repeat(8).strip(),
            "           " + "nothing ".repeat(7).strip(),
            "           " + "x".repeat(90));
  }
}
