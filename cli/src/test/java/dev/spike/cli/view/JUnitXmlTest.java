package dev.spike.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.apply.Ending;
import dev.spike.core.resource.EventName;
import dev.spike.core.warm.CheckResult;
import dev.spike.core.warm.DrillReport;
import dev.spike.core.warm.WarmReport;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What a pipeline reads of checks and drills. */
class JUnitXmlTest {
  private static final CheckResult PASSED =
      new CheckResult(
          "cache",
          "Cache is whole",
          CheckResult.Status.PASSED,
          "1 of 1",
          "1 of 1",
          "",
          List.of(),
          Duration.ofMillis(12));

  private static Element suite(@Nullable DrillReport drill) throws Exception {
    WarmReport report =
        new WarmReport(new EventName("cup-final"), List.of(PASSED), Duration.ofMillis(20));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(JUnitXml.of(report, drill)))
        .getDocumentElement();
  }

  private static DrillReport drill(boolean passed) {
    return new DrillReport(
        "a-1", 300, 100, 99, 3, 0, 2500, 3900, 4000, passed, "a-1 killed: 3 <lost>", Ending.DONE);
  }

  @Test
  void aDrillThatDidNotPassIsAFailedCaseThoughAllChecksPass() throws Exception {
    Element suite = suite(drill(false));
    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    Element failure = (Element) suite.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("a-1 killed: 3 <lost>");
    assertThat(failure.getTextContent()).contains("expected: ").contains("next: ");
  }

  @Test
  void aDrillThatPassedIsACaseWithWhatWasSeen() throws Exception {
    Element suite = suite(drill(true));
    assertThat(suite.getAttribute("failures")).isEqualTo("0");
    assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(2);
    assertThat(suite.getElementsByTagName("system-out").item(1).getTextContent())
        .contains("a-1 killed");
  }

  @Test
  void withoutADrillThereAreOnlyTheChecks() throws Exception {
    Element suite = suite(null);
    assertThat(suite.getAttribute("tests")).isEqualTo("1");
    assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(1);
  }
}
