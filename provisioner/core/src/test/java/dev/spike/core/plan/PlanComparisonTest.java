package dev.spike.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanComparisonTest {
  private static final Path CUP_FINAL = Path.of("../../templates/examples/cup-final");
  private static final Instant EARLY = Instant.parse("2027-05-26T19:00:00Z");
  private static final Instant LATE = Instant.parse("2027-05-29T19:00:00Z");

  @TempDir Path folder;

  @BeforeEach
  void example() throws IOException {
    for (String name : List.of("event.yaml", "tickets.csv")) {
      Files.copy(CUP_FINAL.resolve(name), folder.resolve(name));
    }
  }

  @Test
  void nothingChangedHasNoCause() throws Exception {
    PlanDifference none = between(plan(EARLY), plan(EARLY));

    assertThat(none.causes()).isEmpty();
    assertThat(none.resources()).isEmpty();
    assertThat(none.nodes()).isZero();
    assertThat(none.cents()).isZero();
  }

  @Test
  void laterSalesAreTheCauseAndTheRestIsTheNearerEvent() throws Exception {
    PlanDifference difference = between(plan(EARLY), plan(LATE));

    assertSums(difference);
    assertThat(difference.since()).hasHours(96);
    assertThat(difference.causes())
        .extracting(PlanDifference.Cause::group)
        .containsExactly(PlanDifference.Group.SALES, PlanDifference.Group.TIME);
    assertThat(difference.causes().getFirst().change())
        .matches("sales \\+\\d+\\.\\d %, expected at the start [+-]\\d+\\.\\d %");
    assertThat(difference.causes().getLast().change()).startsWith("T-96 h to T-24 h: p99 was ");
  }

  @Test
  void moreSalesMakeMoreNodesAndCostAndNothingElseIsBlamed() throws Exception {
    Plan before = plan(EARLY);
    String export = Files.readString(folder.resolve("tickets.csv"));
    Files.writeString(
        folder.resolve("tickets.csv"), export + "2027-05-26T18:00:00Z,stream-pass,1800000\n");
    edit("capacity: 9000000", "capacity: 12000000");

    PlanDifference difference = between(before, plan(EARLY));

    assertSums(difference);
    PlanDifference.Cause sales = difference.causes().getFirst();
    assertThat(sales.group()).isEqualTo(PlanDifference.Group.SALES);
    assertThat(sales.change()).contains("stream-pass.capacity 9000000 to 12000000");
    assertThat(sales.nodes()).isPositive();
    assertThat(sales.cents()).isPositive();
    assertThat(difference.causes())
        .extracting(PlanDifference.Cause::group)
        .doesNotContain(PlanDifference.Group.EVENT_FILE, PlanDifference.Group.SOFTWARE);
  }

  @Test
  void eachChangedValueOfTheEventFileIsNamedWithWhatItDid() throws Exception {
    Plan before = plan(EARLY);
    edit("uninvited: {mean: 1.05, cv: 0.03}", "uninvited: {mean: 1.60, cv: 0.03}");
    edit("confidence: p99", "confidence: p50");
    edit("within: 180s", "within: 90s");
    edit("reconnectJitter: 30s", "reconnectJitter: 5s");
    edit("provisionBefore: 72h", "provisionBefore: 96h");
    edit("bytes: 512", "bytes: 4096");
    edit("heartbeat: 25s", "heartbeat: 26s");

    PlanDifference difference = between(before, plan(EARLY));

    assertSums(difference);
    assertThat(difference.causes())
        .filteredOn(cause -> cause.group() == PlanDifference.Group.EVENT_FILE)
        .extracting(PlanDifference.Cause::input)
        .containsExactly(
            "demand.uninvited",
            "demand.confidence",
            "demand.arrivals.within",
            "clients.reconnectJitter",
            "clients.heartbeat",
            "service.messages.bytes",
            "schedule.provisionBefore");
    assertThat(cause(difference, "demand.uninvited").nodes()).isPositive();
    assertThat(cause(difference, "demand.uninvited").change()).contains("1.05").contains("1.6");
    assertThat(cause(difference, "demand.confidence").connections()).isNegative();
    assertThat(cause(difference, "clients.reconnectJitter").nodes()).isPositive();
    assertThat(cause(difference, "schedule.provisionBefore").nodes()).isZero();
    assertThat(cause(difference, "schedule.provisionBefore").cents()).isPositive();
    assertThat(cause(difference, "service.messages.bytes").cents()).isPositive();
  }

  @Test
  void anotherNodeIsACauseOfItsOwn() throws Exception {
    Plan before = plan(EARLY);
    edit("instanceTypes: [c8gn.4xlarge, c7gn.4xlarge]", "instanceTypes: [c7gn.2xlarge]");

    PlanDifference difference = between(before, plan(EARLY));

    assertSums(difference);
    PlanDifference.Cause node = cause(difference, "node profile");
    assertThat(node.change()).contains("c8gn.4xlarge to c7gn.2xlarge");
    assertThat(node.nodes()).isEqualTo(difference.nodes()).isPositive();
    assertThat(difference.resources()).contains("~ launch-template");
  }

  @Test
  void valuesThatSizeNoTierAloneAreTakenTogether() throws Exception {
    edit("zones: 3", "zones: 1");
    edit("survive: zone", "survive: none");
    edit("minimumZones: 3", "minimumZones: 1");
    Plan before = plan(EARLY);
    edit("zones: 1", "zones: 3");
    edit("survive: none", "survive: zone");

    PlanDifference difference = between(before, plan(EARLY));

    assertSums(difference);
    assertThat(cause(difference, "service.survive with provider.zones").nodes()).isPositive();
  }

  @Test
  void whatNoInputExplainsIsTheVersionOfSpike() throws Exception {
    Plan plan = plan(EARLY);
    Plan old =
        new Plan(
            plan.schema(),
            plan.digest(),
            plan.made(),
            plan.event(),
            plan.service(),
            plan.provider(),
            plan.schedule(),
            plan.inputs(),
            plan.assumptions(),
            plan.demand(),
            plan.capacity(),
            plan.basis(),
            plan.sizes(),
            plan.sensitivity(),
            plan.ladder(),
            plan.calendar(),
            plan.resources(),
            plan.changes(),
            new Plan.Cost("USD", 1, plan.cost().total() + 12.34, List.of(), "2026-01-01"),
            plan.policy());

    PlanDifference difference = between(old, plan);

    assertSums(difference);
    assertThat(difference.cents()).isEqualTo(-1234);
    assertThat(difference.causes())
        .extracting(PlanDifference.Cause::group)
        .containsExactly(PlanDifference.Group.SOFTWARE);
  }

  @Test
  void aPlanOfAnotherEventIsRefused() throws Exception {
    Plan cup = plan(EARLY);
    edit("name: cup-final", "name: semi-final");
    Plan semi = plan(EARLY);

    PlanException other = catchThrowableOfType(PlanException.class, () -> between(cup, semi));

    assertThat(other.kind()).isEqualTo(PlanException.Kind.BAD);
    assertThat(other).hasMessageContaining("old.json is a plan of the event cup-final");
    assertThat(other.next()).contains("semi-final");
  }

  private static PlanDifference between(Plan before, Plan after) throws PlanException {
    return PlanComparison.between(before, "old.json", after);
  }

  /** To the node, the connection and the cent. */
  private static void assertSums(PlanDifference difference) {
    List<PlanDifference.Cause> causes = difference.causes();
    assertThat(causes.stream().mapToInt(PlanDifference.Cause::nodes).sum())
        .isEqualTo(difference.nodes());
    assertThat(causes.stream().mapToLong(PlanDifference.Cause::cents).sum())
        .isEqualTo(difference.cents());
    assertThat(causes.stream().mapToLong(PlanDifference.Cause::connections).sum())
        .isEqualTo(difference.after().connections() - difference.before().connections());
  }

  private static PlanDifference.Cause cause(PlanDifference difference, String input) {
    return difference.causes().stream()
        .filter(cause -> cause.input().equals(input))
        .findFirst()
        .orElseThrow(() -> new AssertionError(input + " is none of " + difference.causes()));
  }

  private void edit(String from, String to) throws IOException {
    Path event = folder.resolve("event.yaml");
    String text = Files.readString(event);
    assertThat(text).contains(from);
    Files.writeString(event, text.replace(from, to));
  }

  /** As a plan file gives it back. */
  private Plan plan(Instant asOf) throws Exception {
    Plan plan =
        Planner.plan(folder.resolve("event.yaml"), new PlanRequest(asOf, 1, Optional.empty()))
            .plan();
    PlanFiles.write(plan, folder.resolve("plan.json"));
    return PlanFiles.read(folder.resolve("plan.json"));
  }
}
