package dev.spike.cli.view;

import dev.spike.core.warm.CheckResult;
import dev.spike.core.warm.WarmReport;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A warm report as JUnit XML: one test case a check. A blocked check is a skipped case. */
public final class JUnitXml {
  private JUnitXml() {}

  /** The document, in UTF-8. */
  public static byte[] of(WarmReport report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "spike warm " + report.event());
      xml.writeAttribute("tests", Integer.toString(report.checks().size()));
      xml.writeAttribute("failures", count(report, CheckResult.Status.FAILED));
      xml.writeAttribute("errors", "0");
      xml.writeAttribute(
          "skipped",
          Integer.toString(
              report.count(CheckResult.Status.BLOCKED) + report.count(CheckResult.Status.SKIPPED)));
      xml.writeAttribute("time", seconds(report.elapsed()));
      for (CheckResult check : report.checks()) {
        testCase(xml, report, check);
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

  private static void element(XMLStreamWriter xml, String name, String message, String text)
      throws XMLStreamException {
    xml.writeStartElement(name);
    if (!message.isEmpty()) {
      xml.writeAttribute("message", legal(message));
    }
    xml.writeCharacters(legal(text));
    xml.writeEndElement();
  }

  private static String count(WarmReport report, CheckResult.Status status) {
    return Integer.toString(report.count(status));
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
