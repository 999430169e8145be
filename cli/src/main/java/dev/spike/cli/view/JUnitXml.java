package dev.spike.cli.view;

import dev.spike.core.warm.CheckResult;
import dev.spike.core.warm.DrillReport;
import dev.spike.core.warm.WarmReport;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * A warm report as JUnit XML: one test case a check, and one for a drill. A blocked check is a
 * skipped case.
 */
public final class JUnitXml {
  private JUnitXml() {}

  /** The document, in UTF-8; {@code drill} is null where none was asked for or begun. */
  public static byte[] of(WarmReport report, @Nullable DrillReport drill) {
    boolean drillFailed = drill != null && !drill.passed();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "spike warm " + report.event());
      xml.writeAttribute(
          "tests", Integer.toString(report.checks().size() + (drill == null ? 0 : 1)));
      xml.writeAttribute(
          "failures",
          Integer.toString(report.count(CheckResult.Status.FAILED) + (drillFailed ? 1 : 0)));
      xml.writeAttribute("errors", "0");
      xml.writeAttribute(
          "skipped",
          Integer.toString(
              report.count(CheckResult.Status.BLOCKED) + report.count(CheckResult.Status.SKIPPED)));
      xml.writeAttribute("time", seconds(report.elapsed()));
      for (CheckResult check : report.checks()) {
        testCase(xml, report, check);
      }
      if (drill != null) {
        drillCase(xml, report, drill);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException("XML to memory does not fail", impossible);
    }
    return bytes.toByteArray();
  }

  private static void testCase(XMLStreamWriter xml, WarmReport report, CheckResult check)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "spike.warm." + report.event());
    xml.writeAttribute("name", legal(check.id() + ": " + check.title()));
    xml.writeAttribute("time", seconds(check.elapsed()));
    switch (check.status()) {
      case PASSED -> element(xml, "system-out", "", check.observed());
      case FAILED ->
          element(
              xml,
              "failure",
              check.observed(),
              "observed: "
                  + check.observed()
                  + "\nexpected: "
                  + check.expected()
                  + "\nnext: "
                  + check.next());
      case BLOCKED ->
          element(xml, "skipped", "blocked by " + String.join(", ", check.blockedBy()), "");
      case SKIPPED -> element(xml, "skipped", check.observed(), "");
    }
    xml.writeEndElement();
  }

  private static void drillCase(XMLStreamWriter xml, WarmReport report, DrillReport drill)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "spike.warm." + report.event());
    xml.writeAttribute("name", "drill-node: A node lost under live sessions, nothing lost with it");
    if (drill.passed()) {
      element(xml, "system-out", "", drill.sentence());
    } else {
      element(
          xml,
          "failure",
          drill.sentence(),
          "observed: "
              + drill.sentence()
              + "\nexpected: every cut session resumed, no message lost, none repeated, the tier"
              + " repaired\nnext: See the logs of the nodes that took the sessions over, then drill"
              + " again.");
    }
    xml.writeEndElement();
  }

  private static void element(XMLStreamWriter xml, String name, String message, String text)
      throws XMLStreamException {
    xml.writeStartElement(name);
    if (!message.isEmpty()) {
      xml.writeAttribute("message", legal(message));
    }
    xml.writeCharacters(legal(text));
    xml.writeEndElement();
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
  }

  /** XML 1.0 has no place for most control characters, not even escaped. */
  private static String legal(String text) {
    return text.replaceAll(
        "[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "?");
  }
}
