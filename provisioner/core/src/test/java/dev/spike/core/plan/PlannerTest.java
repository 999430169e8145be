package dev.spike.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.catalog.RegionPrices;
import dev.spike.core.resource.Resource;
import dev.spike.core.sales.ExportGenerator;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.spec.Origin;
import dev.spike.core.spec.PricesFile;
import dev.spike.core.spec.SpecException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
  private static final Path EXAMPLES = Path.of("../../templates/examples");
  private static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");

  @TempDir Path folder;

  @Test
  void aMillionOrdersArePlannedForOneMachineWellUnderTenSeconds() throws Exception {
    Path event = demo(1_000_000);
    // Time of this thread, so that a busy machine changes nothing.
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

    Plan plan = Planner.plan(event, request(1)).plan();

    Duration took =
        Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
    assertThat(took).isLessThan(Duration.ofSeconds(10));
    assertThat(plan.inputs().getFirst().read()).isEqualTo(1_000_000);
    assertThat(plan.headline()).startsWith("Plan: 15 to add, 0 to change, 0 to destroy; peak ");
    assertThat(plan.demand().planned()).isBetween(800_000L, 3_000_000L);
    assertThat(plan.capacity().nodesPerZone()).isEqualTo(1);
    assertThat(plan.capacity().cache().shards()).isEqualTo(3);
    assertThat(plan.sizes().fullEvent().connections()).isEqualTo(plan.demand().planned());
    assertThat(plan.violations()).isEmpty();
    PlanFiles.write(plan, folder.resolve("plan.json"));
    assertThat(PlanFiles.read(folder.resolve("plan.json"))).isEqualTo(plan);
  }

  @Test
  void theSameInputsGiveTheSameBytesAndAnotherSeedOthers() throws Exception {
    Path event = demo(2000);

    byte[] first = PlanFiles.bytes(Planner.plan(event, request(1)).plan());

    assertThat(PlanFiles.bytes(Planner.plan(event, request(1)).plan())).isEqualTo(first);
    assertThat(PlanFiles.bytes(Planner.plan(event, request(2)).plan())).isNotEqualTo(first);
  }

  @Test
  void theCupFinalNeedsTensOfNodesAndStaysInItsBudget() throws Exception {
    PlanResult result =
        Planner.plan(
            EXAMPLES.resolve("cup-final/event.yaml"),
            new PlanRequest(Instant.parse("2027-05-01T12:00:00Z"), 1, Optional.empty()));
    Plan plan = result.plan();

    assertThat(plan.violations()).isEmpty();
    Plan.CostLine reserved =
        plan.cost().lines().stream()
            .filter(line -> line.what().equals("balancer capacity reserved"))
            .findFirst()
            .orElseThrow();
    // 72 + 4 hours, of which a provision a day before leaves 28
    assertThat(result.diagnostics())
        .filteredOn(one -> one.severity() == Diagnostic.Severity.NOTE)
        .singleElement()
        .matches(one -> one.summary().contains("balancer capacity"))
        .matches(
            one ->
                one.next()
                    .contains(String.format("24h saves $%,.0f of it", reserved.total() * 48 / 76)));
    assertThat(plan.demand().planned()).isBetween(9_000_000L, 11_500_000L);
    assertThat(plan.capacity().nodes()).isBetween(12, 60).matches(nodes -> nodes % 3 == 0);
    assertThat(plan.cost().total()).isBetween(1000.0, 25_000.0);
    assertThat(plan.cost().priceList()).isNotEqualTo("none");
    assertThat(plan.demand().surgeFactor()).isGreaterThan(300);
    assertThat(plan.calendar()).extracting(Plan.CalendarEntry::state).contains("ok");
  }

  @Test
  void theDemoIsPlannedFromItsDailyTotalsAsShipped() throws Exception {
    Plan plan = Planner.plan(EXAMPLES.resolve("demo/event.yaml"), request(1)).plan();

    assertThat(plan.inputs().getFirst().read()).isEqualTo(348);
    assertThat(plan.inputs().getFirst().rejected()).isZero();
    assertThat(plan.inputs().getFirst().leftOut())
        .containsExactly(java.util.Map.entry("status is cancelled", 174L));
    assertThat(plan.demand().planned()).isBetween(900_000L, 2_500_000L);
    assertThat(plan.demand().scaled()).isBetween(900L, 2500L);
    assertThat(plan.capacity().nodes()).isEqualTo(3);
    assertThat(plan.violations()).isEmpty();
  }

  @Test
  void aVenueTicketOfWhichNothingIsKnownIsPlannedFromPriors() throws Exception {
    Path event = demo(2000);
    edit(event, "showRate: {mean: 0.9, weight: 60}", "");
    edit(event, "connectionsPerTicket: 0.15", "");
    edit(event, "      capacity: 80000\n", "");

    Plan plan = Planner.plan(event, request(1)).plan();

    assertThat(plan.demand().products())
        .filteredOn(product -> product.product().equals("seat"))
        .allMatch(product -> product.connections().p99() > product.connections().p50());
    assertThat(plan.assumptions())
        .filteredOn(
            assumption -> assumption.name().equals("tickets.products.seat.connectionsPerTicket"))
        .allMatch(assumption -> assumption.value().equals("{mean: 0.15, cv: 0.4}"))
        .hasSize(1);
  }

  @Test
  void everyResourceFollowsWhatItDependsOn() throws Exception {
    List<Resource> resources = Planner.plan(demo(2000), request(1)).plan().resources();

    for (int index = 0; index < resources.size(); index++) {
      assertThat(resources.subList(0, index).stream().map(Resource::id).toList())
          .containsAll(resources.get(index).dependsOn());
    }
  }

  @Test
  void aPlanBeyondTheBudgetIsMadeAndFlagged() throws Exception {
    Path event = demo(2000);
    edit(event, "25000 USD", "0.00 USD");
    Files.writeString(
        event,
        Files.readString(event)
            .replaceAll(
                "(?s)provider:.*",
                "provider: {aws: {region: us-east-1, account: \"123456789012\"}}\n"));

    PlanResult result = Planner.plan(event, request(1));

    assertThat(result.plan().violations())
        .extracting(Plan.PolicyResult::id)
        .containsExactly("budget.maxCost");
    assertThat(result.diagnostics().getFirst().severity()).isEqualTo(Diagnostic.Severity.ERROR);
  }

  @Test
  void aPlanMadeTooLateOrForTooFewZonesIsMadeAndFlagged() throws Exception {
    Path event = demo(2000);
    edit(event, "budget: {maxCost: 25000 USD}", "budget: {minimumLead: 8h, minimumZones: 4}");

    assertThat(plan(event).violations())
        .extracting(Plan.PolicyResult::id)
        .containsExactly("budget.minimumLead", "budget.minimumZones");
    edit(event, "{minimumLead: 8h, minimumZones: 4}", "{minimumLead: 7h, minimumZones: 3}");
    assertThat(plan(event).violations()).isEmpty();
  }

  @Test
  void whereNoTypeIsWantedTheCheapestThatDoesIsTakenAndSaid() throws Exception {
    Path event = cupFinal();
    edit(event, "    instanceTypes: [c8gn.4xlarge, c7gn.4xlarge]\n", "");

    Plan plan = plan(event);

    assertThat(plan.capacity().profile()).startsWith("c8g.");
    assertThat(plan.cost().total())
        .isLessThan(plan(EXAMPLES.resolve("cup-final/event.yaml")).cost().total());
    assertThat(plan.assumptions())
        .filteredOn(one -> one.name().equals("provider.aws.instanceTypes"))
        .singleElement()
        .matches(one -> one.value().equals(plan.capacity().profile()))
        .matches(one -> one.source().contains("2026-07-01"));
  }

  @Test
  void aMeasuredNodeTakesThePlaceOfTheEstimatesAndItsDigestStandsInThePlan() throws Exception {
    Path event = cupFinal();
    Plan estimated = plan(event);
    Files.writeString(event, Files.readString(event) + "calibration: {profile: profile.json}\n");
    Path profile = folder.resolve("profile.json");
    Files.writeString(profile, measured("c8gn.4xlarge", 1_200_000));

    Plan plan = plan(event);

    assertThat(plan.made().profile()).startsWith("sha256:");
    assertThat(estimated.made().profile()).isNull();
    assertThat(estimated.capacity().binding()).isEqualTo("connection tracking");
    assertThat(plan.capacity().binding()).isEqualTo("connection limit");
    assertThat(plan.capacity().constraints())
        .filteredOn(constraint -> constraint.name().equals("connection tracking"))
        .singleElement()
        .matches(constraint -> constraint.origin() == FigureOrigin.MEASURED);
    assertThat(plan.assumptions())
        .filteredOn(one -> one.name().equals("node.c8gn.4xlarge.trackedConnections"))
        .singleElement()
        .matches(one -> one.origin() == Origin.MEASURED);

    Files.writeString(profile, measured("c7i.4xlarge", 1_200_000));
    assertThat(Planner.plan(event, request(1)).diagnostics())
        .anyMatch(said -> said.summary().contains("c7i.4xlarge"));
    assertThat(plan(event).capacity()).isEqualTo(estimated.capacity());
    Files.writeString(profile, measured("x9.huge", 1_200_000));
    assertThat(catchThrowableOfType(SpecException.class, () -> plan(event)))
        .hasMessageContaining("x9.huge")
        .hasMessageContaining("known are c8gn.4xlarge");
    Files.writeString(profile, measured("c8gn.4xlarge", -1));
    assertThat(catchThrowableOfType(SpecException.class, () -> plan(event)))
        .hasMessageContaining("profile.json has a mistake")
        .hasMessageContaining("trackedConnections.value is -1");
    Files.delete(profile);
    assertThat(catchThrowableOfType(PlanException.class, () -> plan(event)).kind())
        .isEqualTo(PlanException.Kind.MISSING_FILE);
  }

  @Test
  void theRegionsOwnPricesTakeThePlaceOfTheShippedOnes() throws Exception {
    Path event = cupFinal();
    Plan shipped = plan(event);
    PriceList list = Catalog.shipped("aws").prices();
    Files.writeString(event, Files.readString(event) + "calibration: {prices: prices.json}\n");
    Path prices = folder.resolve("prices.json");
    String node = shipped.capacity().profile();
    Files.write(prices, prices("us-east-1", list.withNodeHour(Map.of(node, 10.0)), "2027-05-01"));

    Plan plan = plan(event);

    assertThat(plan.capacity()).isEqualTo(shipped.capacity());
    assertThat(plan.cost().hourly())
        .isEqualTo(
            shipped.cost().hourly() + plan.capacity().nodes() * (10 - list.nodeHour().get(node)),
            within(0.01));
    assertThat(plan.cost().priceList()).isEqualTo("2027-05-01");
    assertThat(plan.assumptions())
        .filteredOn(one -> one.name().equals("calibration.prices"))
        .singleElement()
        .matches(one -> one.origin() == Origin.GIVEN)
        .matches(one -> one.value().equals("us-east-1, 2027-05-01"));
    assertThat(shipped.assumptions())
        .filteredOn(one -> one.name().equals("calibration.prices"))
        .singleElement()
        .matches(one -> one.origin() == Origin.DEFAULT);

    Files.write(
        prices, prices("us-east-1", list.withNodeHour(Map.of("m8gn.8xlarge", 10.0)), "2027-05-01"));
    edit(event, "instanceTypes: [c8gn.4xlarge, c7gn.4xlarge]", "instanceTypes: [m8gn.8xlarge]");
    assertThat(plan(event).capacity().profile()).isEqualTo("m8gn.8xlarge");
    edit(event, "instanceTypes: [m8gn.8xlarge]", "instanceTypes: [c8gn.4xlarge]");
    assertThat(catchThrowableOfType(SpecException.class, () -> plan(event)))
        .hasMessageContaining("line ")
        .hasMessageContaining("known are m8gn.8xlarge");
    Files.write(prices, prices("eu-west-1", list, "2027-05-01"));
    assertThat(catchThrowableOfType(SpecException.class, () -> plan(event)))
        .hasMessageContaining("the prices of eu-west-1")
        .hasMessageContaining("spike prices --region us-east-1");
    Files.write(
        prices, prices("us-east-1", list.withNodeHour(Map.of("x9.huge", 1.0)), "2027-05-01"));
    assertThat(catchThrowableOfType(SpecException.class, () -> plan(event)))
        .hasMessageContaining("names no node type of the catalogue");
    Files.delete(prices);
    assertThat(catchThrowableOfType(PlanException.class, () -> plan(event)))
        .hasMessageContaining("price list prices.json of calibration.prices is missing");
  }

  @Test
  void pricesOfAnotherRegionOrOfLongAgoAreSaidToBeOnlyNear() throws Exception {
    Path event = cupFinal();
    edit(event, "region: us-east-1", "region: eu-west-1");

    assertThat(Planner.plan(event, request(1)).diagnostics())
        .anyMatch(said -> said.next().contains("spike prices --region eu-west-1"));

    PriceList list = Catalog.shipped("aws").prices();
    Files.writeString(event, Files.readString(event) + "calibration: {prices: prices.json}\n");
    Files.write(folder.resolve("prices.json"), prices("eu-west-1", list, "2026-05-26"));
    assertThat(Planner.plan(event, request(1)).diagnostics())
        .anyMatch(said -> said.summary().contains("more than a year before"));
    Files.write(folder.resolve("prices.json"), prices("eu-west-1", list, "2026-05-27"));
    assertThat(Planner.plan(event, request(1)).diagnostics())
        .noneMatch(said -> said.next().contains("spike prices"));
  }

  private static byte[] prices(String region, PriceList list, String date) {
    return PricesFile.bytes(
        new RegionPrices(
            "aws",
            region,
            "cache.r7g.xlarge",
            new PriceList(
                date,
                "USD",
                list.nodeHour(),
                list.cacheNodeHour(),
                list.balancerHour(),
                list.balancerUnitHour(),
                list.egressGigabyte())));
  }

  private static Plan plan(Path event) throws Exception {
    return Planner.plan(event, request(1)).plan();
  }

  private Path cupFinal() throws Exception {
    Path event = folder.resolve("event.yaml");
    Files.copy(EXAMPLES.resolve("cup-final/event.yaml"), event);
    Files.copy(EXAMPLES.resolve("cup-final/tickets.csv"), folder.resolve("tickets.csv"));
    return event;
  }

  private static String measured(String type, long tracked) {
    return """
        {"schema": "spike.profile/v1", "machine": {"instanceType": "%s"},
         "measuredAt": "2027-04-01T10:00:00Z", "spikeVersion": "0.1.0",
         "figures": {"trackedConnections":
           {"value": %d, "unit": "connections", "samples": 3, "method": "ENA statistics"}}}
        """
        .formatted(type, tracked);
  }

  @Test
  void allMistakesOfAnEventFileAreSaidAtOnceWithTheirLines() throws Exception {
    Path event = demo(2000);
    edit(event, "startsAt: 2027-05-30T19:00:00Z", "startsAt: 2020-05-30T19:00:00Z");
    edit(event, "kind: match", "kidn: match");
    edit(event, "within: 180s", "within: 180");
    edit(event, "timezone: Europe/London", "timezone: Europe/Londom");

    SpecException refused =
        catchThrowableOfType(SpecException.class, () -> Planner.plan(event, request(1)));

    assertThat(refused.problems()).hasSize(4).allMatch(problem -> problem.line() > 0);
    assertThat(refused)
        .hasMessageContaining("line 8: unknown key 'kidn' under event; did you mean 'kind'?")
        .hasMessageContaining("did you mean 'Europe/London'?")
        .hasMessageContaining("a duration such as 90s")
        .hasMessageContaining("not after the plan's instant");
  }

  @Test
  void aPlanForNobodySaysSo() throws Exception {
    Path event = demo(2000);
    edit(event, "uninvited: 1.1", "uninvited: 0");

    PlanResult nobody = Planner.plan(event, request(1));

    assertThat(nobody.plan().demand().planned()).isZero();
    assertThat(nobody.diagnostics())
        .extracting(Diagnostic::summary)
        .contains("The plan expects no connection at all.");
  }

  @Test
  void aFastFeedOnFewChannelsIsPlannedWhereClientsSkipWhatTheyMissed() throws Exception {
    Path event = cupFinal();
    edit(event, "maxCost: 20000 USD, ", "");
    edit(
        event,
        "ratePerSecond: 0.2, bytes: 512, channels: 40, channelsPerConnection: 2",
        "ratePerSecond: 20, bytes: 128, channels: 2");

    SpecException refused =
        catchThrowableOfType(SpecException.class, () -> Planner.plan(event, request(1)));
    assertThat(refused)
        .hasMessageContaining("channel reads")
        .hasMessageContaining("service.messages.skipMissed: true")
        .hasMessageContaining("service.messages.ratePerSecond: 3.5;")
        .hasMessageContaining("at most 270,000 connections")
        // A jitter of a second misses less, and brings all back at once.
        .hasMessageNotContaining("clients.reconnectJitter: ");

    edit(event, "bytes: 128, channels: 2", "bytes: 128, channels: 2, skipMissed: true");
    Plan plan = Planner.plan(event, request(1)).plan();
    assertThat(plan.capacity().binding()).isEqualTo("packets");
    assertThat(plan.capacity().nodes()).isBetween(150, 300);
    // 9.8 M x 20/s x (128 + 226) bytes
    assertThat(plan.capacity().balancer().broadcastUnits())
        .isEqualTo((long) Math.ceil(plan.demand().planned() * 20.0 * 354 * 8 / 2.2e6));
  }

  @Test
  void aRehearsalIsOfTheNodesThatAreToBeRented() throws Exception {
    Path event = demo(2000);
    assertThat(plan(event).sizes().fullEvent().profile()).isNotEqualTo("c8gn.8xlarge");

    edit(
        event,
        "local: {scale: 1/1000, zones: 3}",
        "local: {scale: 1/1000, zones: 3}\n  aws: {region: us-east-1, account: \"123456789012\","
            + " instanceTypes: [c8gn.8xlarge]}");

    assertThat(plan(event).sizes().fullEvent().profile()).isEqualTo("c8gn.8xlarge");
    assertThat(plan(event).sizes().planned().profile()).isEqualTo("local");
    assertThat(plan(event).provider().settings()).doesNotContainKey("instanceTypes");
  }

  @Test
  void arrivalsThatAreSteeperThanPromisedAreWhatIsPlannedFor() throws Exception {
    Path event = demo(2000);
    double promised = plan(event).demand().arrivalPeakPerSecond();

    edit(
        event,
        "endSurge: 1.8",
        "endSurge: 1, ramps: [{name: push, at: +0m, share: 1, within: 10s}]");

    Plan steep = plan(event);
    assertThat(steep.demand().arrivalPeakPerSecond())
        .isEqualTo(18 * promised, within(promised / 100))
        .isEqualTo(steep.demand().mixturePeakPerSecond(), within(1.0));
    assertThat(steep.basis().load().tauSeconds()).isEqualTo(10 / (2 * Math.log(9)), within(1e-6));
    assertThat(steep.assumptions())
        .anyMatch(one -> one.name().equals("model.arrivals") && one.value().endsWith("10.0 s"));
  }

  @Test
  void badTicketDataIsRefusedWithItsKind() throws Exception {
    Path event = demo(2000);
    Path csv = event.resolveSibling("tickets.csv");
    String good = "ordered_at,ticket_type,qty,status\n2027-05-01T10:00:00Z,seat,1,paid\n";

    Files.writeString(csv, "");
    assertThat(bad(event)).hasMessageContaining("is empty");
    Files.write(csv, new byte[] {1, 0, 2, 3});
    assertThat(bad(event)).hasMessageContaining("binary");
    Files.writeString(csv, good + "2027-05-01T10:00:00Z,seat,-3,paid\n");
    assertThat(bad(event))
        .hasMessageContaining("line 3: quantity is negative")
        .hasMessageContaining("1 of 2 rows");
    Files.writeString(csv, good + "yesterday,seat,1,paid\n");
    assertThat(bad(event)).hasMessageContaining("time of sale is not readable");
    Files.writeString(csv, good.replace("qty", "amount"));
    assertThat(bad(event)).hasMessageContaining("has no column 'qty'");
    Files.writeString(csv, good.replace("paid", "cancelled"));
    assertThat(bad(event)).hasMessageContaining("status is cancelled");
    Files.write(csv, new byte[] {'a', ',', (byte) 0xff, '\n'});
    assertThat(bad(event)).hasMessageContaining("UTF-8");
    Files.delete(csv);
    assertThat(bad(event).kind()).isEqualTo(TicketDataException.Kind.MISSING_FILE);
    Files.writeString(csv, good);
    assertThat(Planner.plan(event, request(1)).plan().inputs().getFirst().accepted()).isEqualTo(1);
  }

  private TicketDataException bad(Path event) {
    return catchThrowableOfType(TicketDataException.class, () -> Planner.plan(event, request(1)));
  }

  private static PlanRequest request(long seed) {
    return new PlanRequest(AS_OF, seed, Optional.empty());
  }

  private static void edit(Path file, String from, String to) throws Exception {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  private Path demo(int rows) throws Exception {
    Path event = folder.resolve("event.yaml");
    Files.copy(EXAMPLES.resolve("demo/event.yaml"), event);
    try (OutputStream out = Files.newOutputStream(folder.resolve("tickets.csv"))) {
      ExportGenerator.writeCsv(
          new ExportGenerator.Request(
              7,
              rows,
              Instant.parse("2027-03-01T09:00:00Z"),
              AS_OF,
              Instant.parse("2027-05-30T19:00:00Z"),
              List.of(
                  new ExportGenerator.Product("stream-pass", 0.97),
                  new ExportGenerator.Product("seat", 0.03))),
          ExportGenerator.CsvStyle.PLAIN,
          out);
    }
    return event;
  }
}
