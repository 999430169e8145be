package dev.spike.cli.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanRequest;
import dev.spike.core.plan.Planner;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages of the shipped examples, as a real browser shows them. */
class PlanPageInBrowserTest {
  private static final Path EXAMPLES = Path.of("../templates/examples");

  /** Every chart that is shown, with its box, what it has drawn, and its texts. */
  private static final String CHARTS =
      """
      [...document.querySelectorAll('svg.chart')].filter(s => s.getBoundingClientRect().width > 0)
        .map(s => {
          const box = s.getBoundingClientRect();
          const drawn = [...s.querySelectorAll('path.line:not(.key), path.band, rect.bar')];
          const texts = [...s.querySelectorAll('text')].map(t => t.getBoundingClientRect());
          const rows = [...s.querySelectorAll('text')].map(t => ({
            text: t.textContent, box: t.getBBox()}));
          const over = [];
          for (let i = 0; i < rows.length; i++) for (let j = i + 1; j < rows.length; j++) {
            const a = rows[i].box, b = rows[j].box;
            const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
            const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
            if (wide > 1 && high > 4) over.push(rows[i].text + ' | ' + rows[j].text);
          }
          return {
            figure: s.closest('figure').id, width: box.width, height: box.height,
            x: box.x + scrollX, y: box.y + scrollY,
            drawn: drawn.filter(d => { const b = d.getBBox(); return b.width + b.height > 0; }).length,
            broken: drawn.filter(d => /NaN|Infinity/.test(d.outerHTML)).length,
            title: s.querySelector('title').textContent, says: s.querySelector('desc').textContent,
            axes: [...s.querySelectorAll('.axis-title')].map(t => t.textContent),
            ticks: s.querySelectorAll('.tick').length,
            clipped: texts.filter(t => t.left < box.left - 1 || t.right > box.right + 1
              || t.top < box.top - 1 || t.bottom > box.bottom + 1).length,
            over: over};
        })
      """;

  @TempDir static Path folder;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Browser.installed();
    Assumptions.assumeTrue(
        program.isPresent(), "chromium is not installed here; scripts/setup installs it as root");
    browser = Browser.start(program.get());
    for (String example : List.of("cup-final", "demo")) {
      Files.writeString(page(example), PlanPage.of(plan(example)));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  private static Plan plan(String example) throws Exception {
    return Planner.plan(
            EXAMPLES.resolve(example).resolve("event.yaml"),
            new PlanRequest(Instant.parse("2027-05-26T12:00:00Z"), 1, Optional.empty()))
        .plan();
  }

  private static Path page(String example) {
    return folder.resolve(example + ".html");
  }

  @ParameterizedTest
  @CsvSource({
    "cup-final, 320, light",
    "cup-final, 360, dark",
    "cup-final, 720, light",
    "cup-final, 1280, light",
    "demo, 360, light",
    "demo, 1280, dark"
  })
  void aPageAsksNoNetworkComplainsOfNothingAndDrawsEveryChartWithinTheWindow(
      String example, int width, String scheme) throws Exception {
    browser.show(width, 900, scheme);
    browser.open(page(example));
    assertThat(browser.requests())
        .allMatch(address -> address.startsWith("file:") || address.startsWith("data:"));
    assertThat(browser.requests().stream().filter(address -> address.startsWith("file:")))
        .containsExactly(page(example).toUri().toString());
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.evaluate("document.scripts.length").asInt()).isZero();
    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
        .as("no sideways scrolling")
        .isLessThanOrEqualTo(width);
    JsonNode charts = browser.evaluate(CHARTS);
    assertThat(charts).isNotEmpty();
    assertThat(charts.findValuesAsText("figure"))
        .isEqualTo(figures())
        .contains("chart-concurrency", "chart-constraints", "chart-ladder", "chart-calendar");
    for (JsonNode chart : charts) {
      sound(chart, width);
    }
  }

  private static void sound(JsonNode chart, int width) {
    String name = chart.path("figure").asText() + " at " + width;
    assertThat(chart.path("width").asDouble()).as(name).isBetween(200.0, (double) width);
    assertThat(chart.path("height").asDouble()).as(name).isGreaterThan(80);
    assertThat(chart.path("drawn").asInt()).as(name + " draws data").isPositive();
    assertThat(chart.path("broken").asInt()).as(name + " has numbers").isZero();
    assertThat(chart.path("ticks").asInt()).as(name + " has ticks").isGreaterThan(2);
    assertThat(chart.path("title").asText()).as(name).isNotBlank();
    assertThat(chart.path("says").asText()).as(name + " is told in words").isNotBlank();
    assertThat(chart.path("clipped").asInt()).as(name + " has clipped texts").isZero();
    assertThat(chart.path("over")).as(name + " has texts over each other").isEmpty();
    List<String> axes = new ArrayList<>();
    chart.path("axes").forEach(axis -> axes.add(axis.asText()));
    assertThat(axes)
        .as(name + " says the unit of each axis")
        .isNotEmpty()
        .allMatch(
            axis ->
                axis.matches(
                    "(?s).*(connections|nodes|tickets|seconds|per second|clients|USD|UTC).*"));
  }

  private static List<String> figures() throws Exception {
    List<String> ids = new ArrayList<>();
    browser
        .evaluate("[...document.querySelectorAll('figure')].map(f => f.id)")
        .forEach(id -> ids.add(id.asText()));
    return ids;
  }

  @Test
  void theScreenshotShowsEveryChartInTheColoursOfItsScheme() throws Exception {
    Set<Integer> backgrounds = new HashSet<>();
    for (String scheme : List.of("light", "dark")) {
      browser.show(1280, 900, scheme);
      browser.open(page("cup-final"));
      JsonNode charts = browser.evaluate(CHARTS);
      BufferedImage shot = ImageIO.read(new ByteArrayInputStream(browser.screenshot()));
      assertThat(shot.getWidth()).isEqualTo(1280);
      backgrounds.add(shot.getRGB(4, 4));
      for (JsonNode chart : charts) {
        int background = shot.getRGB(x(chart) - 3, y(chart) - 3);
        int inked = 0;
        Set<Integer> colours = new HashSet<>();
        for (int x = x(chart); x < x(chart) + chart.path("width").asInt(); x += 2) {
          for (int y = y(chart); y < y(chart) + chart.path("height").asInt(); y += 2) {
            if (shot.getRGB(x, y) != background) {
              inked++;
              colours.add(shot.getRGB(x, y));
            }
          }
        }
        String name = chart.path("figure").asText() + " in " + scheme;
        assertThat(inked).as(name + " is drawn").isGreaterThan(500);
        assertThat(colours.size()).as(name + " has several colours").isGreaterThan(5);
        assertThat(brightness(background))
            .as(name)
            .matches(of -> (of > 128) == scheme.equals("light"));
      }
    }
    assertThat(backgrounds).hasSize(2);
  }

  private static int x(JsonNode chart) {
    return chart.path("x").asInt();
  }

  private static int y(JsonNode chart) {
    return chart.path("y").asInt();
  }

  private static int brightness(int colour) {
    return ((colour >> 16 & 255) + (colour >> 8 & 255) + (colour & 255)) / 3;
  }

  @Test
  void textsHaveEnoughContrastInBothSchemes() throws Exception {
    for (String scheme : List.of("light", "dark")) {
      browser.show(1280, 900, scheme);
      browser.open(page("cup-final"));
      JsonNode weak =
          browser.evaluate(
              """
              (() => {
                const parse = c => c.match(/[\\d.]+/g).map(Number);
                const light = c => { const v = parse(c).slice(0, 3).map(x => { x /= 255;
                  return x <= 0.03928 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4); });
                  return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
                const back = e => { for (; e; e = e.parentElement) {
                  const c = getComputedStyle(e).backgroundColor;
                  if (parse(c)[3] !== 0) return c; } return 'rgb(255, 255, 255)'; };
                return [...document.querySelectorAll('main *')].filter(e =>
                    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
                    && e.getBoundingClientRect().width > 0)
                  .map(e => { const s = getComputedStyle(e);
                    const a = light(e.closest('svg') ? s.fill : s.color), b = light(back(e));
                    return {text: e.textContent.slice(0, 40),
                      ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)}; })
                  .filter(t => t.ratio < 4.5);
              })()
              """);
      assertThat(weak).as("weak texts in " + scheme).isEmpty();
    }
  }

  @Test
  void thePageIsASoundDocument() throws Exception {
    browser.show(1280, 900, "light");
    browser.open(page("cup-final"));
    JsonNode sections =
        browser.evaluate("[...document.querySelectorAll('main > section')].map(s => s.id)");
    JsonNode links =
        browser.evaluate(
            "[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href').slice(1))");
    assertThat(links).isEqualTo(sections);
    assertThat(browser.evaluate("document.querySelectorAll('h1').length").asInt()).isOne();
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('[id]')].map(e => e.id)"
                    + ".filter((id, i, all) => all.indexOf(id) !== i)"))
        .isEmpty();
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('svg.chart')].flatMap("
                    + "s => s.getAttribute('aria-labelledby').split(' '))"
                    + ".filter(id => !document.getElementById(id))"))
        .isEmpty();
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('table')].filter(t => !t.caption.textContent).length"))
        .isEqualTo(browser.evaluate("0"));
    assertThat(
            browser
                .evaluate(
                    "document.querySelector('.verdict').getBoundingClientRect().bottom"
                        + " < 900 && document.querySelector('.decide-by').getBoundingClientRect().top < 900")
                .asBoolean())
        .as("the first screen says whether, what and when")
        .isTrue();
  }

  @Test
  void thePageGoesToPaperOverSeveralSheets() throws Exception {
    browser.show(1280, 900, "dark");
    browser.open(page("cup-final"));
    byte[] pdf = browser.pdf();
    String text = new String(pdf, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("%PDF-");
    assertThat(text.split("/Type\\s*/Page[^s]", -1).length - 1).isBetween(4, 20);
    browser.call(
        "Emulation.setEmulatedMedia", java.util.Map.of("media", "print", "features", List.of()));
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo("rgb(255, 255, 255)");
    assertThat(browser.evaluate("getComputedStyle(document.querySelector('nav')).display").asText())
        .isEqualTo("none");
  }
}
