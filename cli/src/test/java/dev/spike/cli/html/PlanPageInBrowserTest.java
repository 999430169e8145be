package dev.spike.cli.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanComparison;
import dev.spike.core.plan.PlanRequest;
import dev.spike.core.plan.Planner;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  private static final Instant EARLY = Instant.parse("2027-04-20T12:00:00Z");
  private static final Instant NEAR = Instant.parse("2027-05-26T12:00:00Z");

  private static final List<String> FIGURES =
      List.of(
          "chart-sales",
          "chart-sales-ahead",
          "chart-concurrency",
          "chart-arrivals",
          "chart-constraints",
          "chart-handshakes",
          "chart-backlog",
          "chart-ladder",
          "chart-calendar");

  /** The boxes of the charts that are shown. */
  private static final String CHARTS =
      """
      [...document.querySelectorAll('svg.chart')].map(s => ({
          figure: s.closest('figure').id, box: s.getBoundingClientRect()}))
        .filter(s => s.box.width > 0)
        .map(s => ({figure: s.figure, x: s.box.x + scrollX, y: s.box.y + scrollY,
          width: s.box.width, height: s.box.height}))
      """;

  /** Of A4 without its margins, in CSS pixels. */
  private static final int PAPER_WIDTH = 703;

  private static final int PAPER_HEIGHT = 1016;

  private static final String SCROLLING =
      "getComputedStyle(document.documentElement).scrollBehavior";

  @TempDir static Path folder;
  private static Browser browser;
  private static String audit = "";

  @BeforeAll
  static void start() throws Exception {
    try (InputStream script = PlanPageInBrowserTest.class.getResourceAsStream("audit.js")) {
      audit = new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
    Optional<Path> program = Browser.installed();
    Assumptions.assumeTrue(
        program.isPresent(), "chromium is not installed here; scripts/setup installs it as root");
    browser = Browser.start(program.get());
    Plan late = plan("cup-final", NEAR);
    Plan early = plan("cup-final", EARLY);
    Files.writeString(page("cup-final"), PlanPage.of(late));
    Files.writeString(page("demo"), PlanPage.of(plan("demo", NEAR)));
    Files.writeString(
        page("replanned"), PlanPage.of(late, PlanComparison.between(early, "plan.json", late)));
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  private static Plan plan(String example, Instant asOf) throws Exception {
    return Planner.plan(
            EXAMPLES.resolve(example).resolve("event.yaml"),
            new PlanRequest(asOf, 1, Optional.empty()))
        .plan();
  }

  private static Path page(String example) {
    return folder.resolve(example + ".html");
  }

  @ParameterizedTest
  @CsvSource({
    "cup-final, 320, light",
    "cup-final, 390, dark",
    "cup-final, 768, light",
    "cup-final, 1440, light",
    "cup-final, 1440, dark",
    "replanned, 390, light",
    "replanned, 720, dark",
    "demo, 390, light",
    "demo, 1280, dark"
  })
  void aPageAsksNoNetworkComplainsOfNothingAndHasNoFaultAReaderWouldFind(
      String example, int width, String scheme) throws Exception {
    browser.show(width, 900, scheme);
    browser.open(page(example));
    assertThat(browser.requests())
        .allMatch(address -> address.startsWith("file:") || address.startsWith("data:"));
    assertThat(browser.requests().stream().filter(address -> address.startsWith("file:")))
        .containsExactly(page(example).toUri().toString());
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.evaluate("document.scripts.length").asInt()).isZero();
    assertThat(texts(audit)).isEmpty();
    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
        .as("no sideways scrolling")
        .isLessThanOrEqualTo(width);
    assertThat(texts("[...document.querySelectorAll('figure')].map(f => f.id)"))
        .containsAll(FIGURES);
    if (!example.equals("demo")) {
      assertThat(texts("[...document.querySelectorAll('figure')].map(f => f.id)"))
          .contains("chart-cost", "chart-sensitivity");
    }
  }

  private static List<String> texts(String expression) throws Exception {
    List<String> texts = new ArrayList<>();
    browser.evaluate(expression).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  void theFirstScreenAnswersWhatIsAskedFirst() throws Exception {
    browser.show(1280, 900, "light");
    browser.open(page("cup-final"));
    assertThat(texts("[...document.querySelectorAll('.answers dt')].map(e => e.textContent)"))
        .containsExactly(
            "How many machines?",
            "Is it enough?",
            "What does it cost?",
            "What must be done by when?",
            "How large is the surge?",
            "What could go wrong?");
    assertThat(texts("[...document.querySelectorAll('.answers b')].map(e => e.textContent)"))
        .contains("24 nodes", "Yes, in 99 of 100 cases", "Thu 27 May, 20:00")
        .noneMatch(String::isBlank);
    assertThat(
            browser
                .evaluate(
                    "['.verdict', '.answers'].every(s =>"
                        + " document.querySelector(s).getBoundingClientRect().bottom < 900)"
                        + " && document.querySelector('.decide-by').getBoundingClientRect().top < 900")
                .asBoolean())
        .as("the first screen says whether, what and when")
        .isTrue();
    assertThat(browser.evaluate("document.querySelector('#risks').innerText").asText())
        .contains(
            "The limit that decides is an estimate", "33 nodes", "The ticket data may be old");
  }

  @Test
  void everyEstimateIsMarkedInTheBarsInTheTableAndAmongTheAssumptions() throws Exception {
    Plan plan = plan("cup-final", NEAR);
    List<String> estimated =
        plan.capacity().constraints().stream()
            .filter(limit -> limit.origin() == FigureOrigin.ESTIMATE)
            .map(CapacityPlan.Constraint::name)
            .toList();
    assertThat(estimated).contains("connection tracking");
    List<String> withCache = new ArrayList<>(estimated);
    plan.capacity().cache().constraints().stream()
        .filter(limit -> limit.origin() == FigureOrigin.ESTIMATE)
        .forEach(limit -> withCache.add(limit.name()));
    browser.show(1280, 900, "light");
    browser.open(page("cup-final"));
    assertThat(
            browser
                .evaluate("document.querySelectorAll('#chart-constraints svg.wide .hatch').length")
                .asInt())
        .isEqualTo(estimated.size());
    assertThat(
            texts(
                "[...document.querySelectorAll('#capacity tbody tr')].filter(r =>"
                    + " r.querySelector('.chip')?.textContent === 'estimate')"
                    + ".map(r => r.cells[0].textContent.replace(/ \\(.*/, ''))"))
        .isEqualTo(withCache);
    assertThat(
            texts(
                "[...document.querySelectorAll('#assumptions tbody tr')].filter(r =>"
                    + " r.querySelector('.chip').textContent === 'estimate')"
                    + ".map(r => r.cells[0].textContent)"))
        .contains("node.c8gn.4xlarge.trackedConnections", "cache.cache.r7g.xlarge.callsPerSecond")
        .doesNotContain("node.c8gn.4xlarge.memoryBytes");
    assertThat(
            texts(
                "[...document.querySelectorAll('#assumptions .chip')].map(c => c.textContent)"
                    + ".filter(t => !/^(\\d+ )?(measured|given|default|estimate)$/.test(t))"))
        .isEmpty();
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
    assertThat(browser.evaluate("document.documentElement.lang").asText()).isEqualTo("en");
    assertThat(browser.evaluate("document.querySelectorAll('[tabindex]:not(main)').length").asInt())
        .isZero();
  }

  @Test
  void theKeyboardGoesThroughThePageInItsOrderAndNothingMovesForThoseWhoAskedForThat()
      throws Exception {
    browser.show(1280, 900, "light");
    browser.open(page("cup-final"));
    List<String> order = new ArrayList<>();
    for (int press = 0; press < 4; press++) {
      for (String type : List.of("rawKeyDown", "keyUp")) {
        browser.call(
            "Input.dispatchKeyEvent",
            Map.of("type", type, "key", "Tab", "code", "Tab", "windowsVirtualKeyCode", 9));
      }
      order.add(browser.evaluate("document.activeElement.getAttribute('href')").asText());
      assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle").asText())
          .as("the focus is seen")
          .isNotEqualTo("none");
    }
    assertThat(order).containsExactly("#content", "#calendar", "#demand", "#capacity");
    assertThat(browser.evaluate(SCROLLING).asText()).isEqualTo("smooth");
    browser.call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    assertThat(browser.evaluate(SCROLLING).asText()).isEqualTo("auto");
  }

  @Test
  void longTablesWaitFoldedOnAPhoneAndStandOpenOnAScreenAndOnPaper() throws Exception {
    browser.show(390, 844, "light");
    browser.open(page("cup-final"));
    String hidden =
        "[...document.querySelectorAll('.fold table')].filter(t => !t.checkVisibility()).length";
    int folded = browser.evaluate("document.querySelectorAll('.fold table').length").asInt();
    assertThat(folded).isGreaterThan(10);
    assertThat(browser.evaluate(hidden).asInt()).isEqualTo(folded);
    assertThat(texts("[...document.querySelectorAll('.fold > summary')].map(s => s.textContent)"))
        .contains("Each date, and what is lost when it is too late")
        .noneMatch(String::isBlank);
    assertThat(browser.evaluate("document.documentElement.scrollHeight").asInt())
        .as("what a thumb has to pass")
        .isLessThan(17_500);
    browser.evaluate("document.querySelector('#calendar .fold > summary').click()");
    assertThat(
            browser
                .evaluate("document.querySelector('#calendar table').checkVisibility()")
                .asBoolean())
        .isTrue();

    browser.show(1280, 900, "light");
    browser.open(page("cup-final"));
    assertThat(browser.evaluate(hidden).asInt()).isZero();
    browser.show(PAPER_WIDTH, 900, "light");
    browser.call("Emulation.setEmulatedMedia", Map.of("media", "print", "features", List.of()));
    assertThat(browser.evaluate(hidden).asInt()).isZero();
    assertThat(
            texts(
                "[...document.querySelectorAll('.fold > summary')].map(s => getComputedStyle(s).display)"))
        .containsOnly("none");
  }

  @Test
  void thePageGoesToPaperOverSeveralSheets() throws Exception {
    browser.show(1280, 900, "dark");
    browser.open(page("cup-final"));
    byte[] pdf = browser.pdf();
    String text = new String(pdf, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("%PDF-");
    assertThat(text.split("/Type\\s*/Page[^s]", -1).length - 1).isBetween(6, 16);
    browser.show(PAPER_WIDTH, 900, "light");
    browser.call("Emulation.setEmulatedMedia", Map.of("media", "print", "features", List.of()));
    assertThat(texts(audit)).as("faults on paper").isEmpty();
    assertThat(
            texts(
                "[...document.querySelectorAll('figure, .pair, tr, .verdict')].filter(e =>"
                    + " getComputedStyle(e).breakInside !== 'avoid').map(e => e.outerHTML)"))
        .as("what a page's end would cut in two")
        .isEmpty();
    assertThat(
            browser
                .evaluate("document.querySelector('header').getBoundingClientRect().height")
                .asInt())
        .as("the answers are on the first sheet")
        .isLessThan(PAPER_HEIGHT);
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo("rgb(255, 255, 255)");
    assertThat(browser.evaluate("getComputedStyle(document.querySelector('nav')).display").asText())
        .isEqualTo("none");
  }
}
