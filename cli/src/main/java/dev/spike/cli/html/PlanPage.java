package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanDifference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page of a plan. It is one file without script; its policy (Content-Security-Policy) lets a
 * browser load nothing at all, and apply only the style sheet in it.
 */
public final class PlanPage {
  private static final String STYLE = style();

  /** A small bar chart, so that a browser asks no server for an icon. */
  private static final String ICON =
      "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath"
          + " fill='%230072b2' d='M1 10h3v5H1zM6 6h3v9H6zM11 1h3v14h-3z'/%3E%3C/svg%3E";

  private PlanPage() {}

  /** The page as text; the same plan gives the same page. */
  public static String of(Plan plan) {
    return of(plan, null);
  }

  /** The page with a section on what changed since an earlier plan, where there is one. */
  public static String of(Plan plan, @Nullable PlanDifference difference) {
    EventTime time = new EventTime(plan.event().timezone(), plan.event().startsAt());
    List<Section> sections = new ArrayList<>(sections(plan, time));
    if (difference != null) {
      sections.addFirst(new ChangeSection(difference));
    }
    Markup html = new Markup().doctype();
    html.open("html", "lang", "en");
    head(html, plan);
    html.open("body");
    html.element("a", "Skip to the content", "class", "skip", "href", "#content");
    Hatch.write(html);
    html.open("main", "id", "content", "tabindex", "-1");
    new Overview(plan, time).write(html);
    html.open("nav", "aria-label", "Contents").open("ul");
    for (Section section : sections) {
      html.open("li").element("a", section.shortTitle(), "href", "#" + section.id()).close();
    }
    html.close().close();
    for (Section section : sections) {
      html.open("section", "id", section.id(), "aria-labelledby", section.id() + "-title");
      html.element("h2", section.title(), "id", section.id() + "-title");
      section.write(html);
      html.close();
    }
    html.close();
    html.open("footer")
        .element(
            "p", "Made by spike " + plan.made().version() + " from the plan " + plan.digest() + ".")
        .close();
    html.close().close();
    return html.written();
  }

  private static List<Section> sections(Plan plan, EventTime time) {
    return List.of(
        new DemandSection(plan, time),
        new CapacitySection(plan),
        new LadderSection(plan, time),
        new CalendarSection(plan, time),
        new CostSection(plan),
        new PolicySection(plan),
        new SensitivitySection(plan),
        new AssumptionSection(plan),
        new InputSection(plan),
        new OriginSection(plan, time),
        new WordSection());
  }

  private static void head(Markup html, Plan plan) {
    html.open("head");
    html.leaf("meta", "charset", "utf-8");
    html.leaf(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src '"
            + digest(STYLE)
            + "'; img-src data:; base-uri 'none'; form-action 'none'");
    html.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.leaf("meta", "name", "color-scheme", "content", "light dark");
    html.leaf("meta", "name", "referrer", "content", "no-referrer");
    html.element("title", "Capacity plan: " + plan.event().name().value());
    html.leaf("link", "rel", "icon", "href", ICON);
    html.style(STYLE);
    html.close();
  }

  private static String style() {
    try (InputStream resource = PlanPage.class.getResourceAsStream("plan.css")) {
      if (resource == null) {
        throw new IllegalStateException("the style sheet plan.css is not in the jar");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("the style sheet plan.css cannot be read", broken);
    }
  }

  /** As a policy names an inline style sheet: the digest of the text between its tags. */
  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java platform has SHA-256", missing);
    }
  }
}
