package dev.spike.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan believes where the event file is silent. */
class PriorsTest {
  private static final Instant AS_OF = Instant.parse("2031-05-20T00:00:00Z");
  private static final Path PAGE = Path.of("../../docs/priors.md");

  @TempDir Path folder;

  @BeforeEach
  void sales() throws Exception {
    Files.writeString(
        folder.resolve("tickets.csv"),
        """
        sold_at,product,quantity
        2031-05-01T10:00:00Z,seat,100
        2031-05-01T10:00:00Z,gift,100
        2031-05-01T10:00:00Z,pass,100
        2031-05-01T10:00:00Z,other,100
        """);
    Files.writeString(folder.resolve("curve.csv"), "minute,count\n2031-05-30T19:00:00Z,7\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"match", "concert", "conference", "broadcast", "sale", "other"})
  void everyDefaultOfAPlanHasASourceAndStandsOnThePageOfPriors(String kind) throws Exception {
    assertSourced(plan("kind: " + kind, "", "local: {scale: 1/1}"));
  }

  @Test
  void soHaveThoseOfATraceAndOfTheCloud() throws Exception {
    assertSourced(
        plan(
            "kind: match",
            "demand: {arrivals: {model: trace, path: curve.csv}}",
            "aws: {region: us-east-1, account: \"123456789012\"}"));
  }

  @Test
  void whoShowsDependsOnWhatATicketIsForAndWhetherItWasPaidFor() throws Exception {
    List<Assumption> all = plan("kind: match", "", "local: {scale: 1/1}").assumptions();

    assertThat(source(all, "seat")).isEqualTo("paid in person: 10 to 30 % do not show");
    assertThat(source(all, "gift")).isEqualTo("free in person: 40 to 60 % do not show");
    assertThat(source(all, "pass")).isEqualTo("virtual events: 50 to 70 % do not show");
  }

  @Test
  void whatWasLearnedIsMeasuredAndNamesItsEvents() throws Exception {
    Files.writeString(
        folder.resolve("then.csv"),
        "sold_at,product,quantity\n2030-05-01T10:00:00Z,pass,900\n2030-05-30T18:00:00Z,pass,100\n");
    Files.writeString(
        folder.resolve("few.csv"), "sold_at,product,quantity\n2029-05-01T10:00:00Z,pass,7\n");
    Path event = event("kind: match", "", "local: {scale: 1/1}");
    Files.writeString(
        event,
        Files.readString(event)
            .replace(
                "  products:",
                "  history:\n"
                    + past("final-2030", "2030-05-30T19:00:00Z", "then.csv")
                    + past("final-2029", "2029-05-30T19:00:00Z", "few.csv")
                    + "  products:"));

    PlanResult result = Planner.plan(event, new PlanRequest(AS_OF, 1, Optional.empty()));

    assertThat(result.plan().assumptions())
        .filteredOn(one -> one.name().equals("model.shareOfFinalSalesReached"))
        .singleElement()
        .matches(one -> one.origin() == Origin.MEASURED)
        .matches(one -> one.source().startsWith("learned from final-2030; the prior counts"))
        .matches(
            one -> one.value().matches("0\\.\\d{3}, in 8 of 10 cases 0\\.\\d{3} to 0\\.\\d{3}"));
    assertThat(result.diagnostics())
        .anyMatch(said -> said.summary().contains("From final-2029 under tickets.history"));
  }

  private static String past(String name, String startsAt, String file) {
    return "    - {name: %s, startsAt: %s, sources: [{type: csv, path: %s}]}\n"
        .formatted(name, startsAt, file);
  }

  private static void assertSourced(Plan plan) throws Exception {
    String page = Files.readString(PAGE);
    assertThat(plan.assumptions()).hasSizeGreaterThan(50);
    for (Assumption assumption : plan.assumptions()) {
      assertThat(assumption.source()).as("the source of %s", assumption.name()).isNotBlank();
      if (assumption.origin() == Origin.DEFAULT) {
        assertThat(assumption.source()).as(assumption.name()).isNotEqualTo(assumption.value());
        assertThat(page).as("docs/priors.md").contains("`" + onThePage(assumption.name()) + "`");
      }
    }
  }

  /** As the page names it: any product, source, provider or figure of a node. */
  private static String onThePage(String name) {
    return name.replaceFirst("^tickets\\.products\\.[a-z]+", "tickets.products.*")
        .replaceFirst("\\[\\d+]", "[*]")
        .replaceFirst("^provider\\.[a-z]+\\.", "provider.*.")
        .replaceFirst("^node\\..*", "node.*")
        .replaceFirst("^cache\\..*", "cache.*");
  }

  private static String source(List<Assumption> all, String product) {
    return all.stream()
        .filter(one -> one.name().equals("tickets.products." + product + ".showRate"))
        .map(Assumption::source)
        .findFirst()
        .orElseThrow();
  }

  private Plan plan(String kind, String demand, String provider) throws Exception {
    return Planner.plan(event(kind, demand, provider), new PlanRequest(AS_OF, 1, Optional.empty()))
        .plan();
  }

  private Path event(String kind, String demand, String provider) throws Exception {
    Path event = folder.resolve("event.yaml");
    Files.writeString(
        event,
        """
        apiVersion: spike/v1
        event: {name: cup, startsAt: 2031-05-30T19:00:00Z, %s}
        tickets:
          sources: [{type: csv, path: tickets.csv}]
          products:
            seat: {admission: venue}
            gift: {admission: venue, free: true}
            pass: {}
        %s
        provider: {%s}
        """
            .formatted(kind, demand, provider));
    return event;
  }
}
