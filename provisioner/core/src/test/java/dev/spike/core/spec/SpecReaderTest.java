package dev.spike.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {
  private static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");

  private static final String SMALLEST =
      """
      apiVersion: spike/v1
      event: {name: cup, startsAt: 2027-05-30T19:00:00Z}
      tickets: {sources: [{type: csv, path: tickets.csv}]}
      """;

  /** The example of the interface; the elided names are filled in, keys not built yet left out. */
  private static final String INTERFACE_EXAMPLE =
      """
      apiVersion: spike/v1
      event: {name: cup-final,      # [a-z][a-z0-9-]{1,30}
               startsAt: 2027-05-30T19:00:00Z, endsAt: 2027-05-30T21:00:00Z, kind: match, timezone: Europe/London}
      tickets:
        sources:
          - {type: csv, path: tickets.csv, columns: {soldAt: ordered_at, product: ticket_type, quantity: qty, status: status}, accept: {status: [paid]}}
          - {type: pretix, path: orders.json}            # export
        maxRejected: 1%
        products:
          stream-pass: {admission: stream, capacity: 9000000, showRate: {mean: 0.92, weight: 40}, connectionsPerTicket: {mean: 1.15, cv: 0.1}}   # a plain number is exact
          seat:        {admission: venue,  capacity: 80000,   connectionsPerTicket: 0.15}
      demand:
        uninvited: 1.3                 # arrivals who hold no ticket
        confidence: p99                # the quantile the plan covers
        arrivals: {model: logistic, within: 180s, endSurge: 1.8}
        baseline: 25000                # connections on an ordinary day; gives the surge factor
      clients: {handshakeTimeout: 10s, reconnectJitter: 30s, heartbeat: 25s}
      service: {host: live.example.com, port: 443, handshakeP99: 1s, connectWithin: 180s, survive: zone, messages: {ratePerSecond: 0.2, bytes: 512}}
      schedule: {provisionBefore: 72h, verifyBefore: [48h, 24h, 2h], teardownAfter: 2h}
      budget: {maxCost: 25000 USD}
      provider:
        local: {scale: 1/1000, zones: 3}
        aws: {region: us-east-1, account: "123456789012", zones: 3, network: {vpcId: vpc-1, subnetIds: [subnet-1, subnet-2]}, bucket: bundles, instanceProfile: nodes, instanceTypes: [c8gn.4xlarge, c7gn.4xlarge],
              secrets: {certificate: c, cacheAuth: a, fleet: f}, allowedCidrs: [0.0.0.0/0], reserve: {nodes: true, balancer: true},
              placement: partition, cache: {parameterGroup: p, subnetGroup: s}, imageId: ami-1, kmsKeyId: k, tags: {cost-center: live}}
      """;

  @Test
  void theSurgeIsSuchThatTheLoadAtTheEndIsThatManyTimesThePlateau() throws Exception {
    EventSpec.Ramp surge = read(INTERFACE_EXAMPLE).demand().arrivals().ramps().getLast();
    double come = 1 / (1 + Math.exp(-2 * Math.log(9) * 10 / 22));

    assertThat(surge.name()).isEqualTo("end surge");
    assertThat(surge.share() * come).isEqualTo(0.8, org.assertj.core.api.Assertions.within(1e-12));
  }

  @Test
  void aHeartbeatThatBalancersOrNodesCannotKeepIsRefused() {
    for (String heartbeat : new String[] {"500ms", "6m"}) {
      SpecException refused =
          refused(INTERFACE_EXAMPLE.replace("heartbeat: 25s", "heartbeat: " + heartbeat));

      assertThat(refused).hasMessageContaining("clients.heartbeat").hasMessageContaining("350 s");
    }
  }

  /** AWS would refuse them at the first launch, 72 hours before the event. */
  @Test
  void tagsThatAServiceWouldRefuseAreRefusedHere() throws Exception {
    assertThat(read(INTERFACE_EXAMPLE.replace("cost-center: live", "Team: Live Würzburg 1")))
        .isNotNull();
    for (String tag :
        new String[] {
          "cost center: a", "a.io/b: c", "'aws:x': a", "'spike:x': a", "a: 'b,c'", "a: 1"
        }) {
      assertThat(refused(INTERFACE_EXAMPLE.replace("cost-center: live", tag)).problems())
          .as(tag)
          .singleElement()
          .extracting(SpecProblem::message)
          .asString()
          .contains(tag.startsWith("a: ") ? "at most 256 letters" : "at most 128 letters");
    }
  }

  @Test
  void nothingIsVerifiedBeforeItIsProvisioned() throws Exception {
    assertThat(refused(INTERFACE_EXAMPLE.replace("[48h, 24h, 2h]", "[96h, 72h, 2h]")))
        .hasMessageContaining(
            "schedule.verifyBefore has 96h, 72h, when nothing is provisioned yet;"
                + " schedule.provisionBefore is 72h");

    EventSpec late = read(SMALLEST + "schedule: {provisionBefore: 24h}\n");
    assertThat(late.schedule().verifyBefore()).containsExactly(Duration.ofHours(2));
  }

  @ParameterizedTest
  @CsvSource({
    "'schedule: {provisionBefore: 999999999d}',schedule.provisionBefore",
    "'schedule: {provisionBefore: 91d}',schedule.provisionBefore",
    "'schedule: {teardownAfter: 31d}',schedule.teardownAfter",
    "'clients: {handshakeTimeout: 999ms}',clients.handshakeTimeout",
    "'clients: {reconnectJitter: 25h}',clients.reconnectJitter",
    "'clients: {acknowledgeEvery: 25h}',clients.acknowledgeEvery",
    "'demand: {arrivals: {within: 25h}}',demand.arrivals.within"
  })
  void aTimeBeyondAllSenseIsRefusedWithItsBounds(String section, String key) {
    assertThat(refused(SMALLEST + section + "\n").problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo(key);
              assertThat(problem.message()).startsWith(key + " is ").contains("it is from ");
              assertThat(problem.line()).isEqualTo(SMALLEST.lines().count() + 1);
            });
  }

  @Test
  void aMistakeThatBreaksTwoRulesIsSaidOnce() {
    assertThat(refused(SMALLEST + "demand: {baseline: 0.5}\n").problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .isEqualTo(
                        "demand.baseline is 0.5; it must be a whole number of connections, 1 or"
                            + " more"));
  }

  @Test
  void theSchemaAcceptsTheInterfacesExampleAndItIsReadAsWritten() throws Exception {
    EventSpec spec = read(INTERFACE_EXAMPLE);

    assertThat(spec.event().name().value()).isEqualTo("cup-final");
    assertThat(spec.tickets().sources()).hasSize(2);
    assertThat(spec.tickets().maxRejected()).isEqualTo(0.01);
    assertThat(spec.tickets().products().get("stream-pass").showRate())
        .isEqualTo(new Quantity.Share(0.92, 40));
    assertThat(spec.tickets().products().get("seat").connectionsPerTicket())
        .isEqualTo(new Quantity.Exact(0.15));
    assertThat(spec.schedule().verifyBefore())
        .containsExactly(Duration.ofHours(48), Duration.ofHours(24), Duration.ofHours(2));
    assertThat(spec.budget().maxCostUsd().orElseThrow()).isEqualByComparingTo("25000");
    assertThat(spec.provider().name()).isEqualTo("local");
    assertThat(spec.provider().scale()).isEqualTo(0.001);
  }

  @Test
  void theOtherProviderOfTheSameFileIsChosenByTheOption() throws Exception {
    EventSpec spec =
        SpecReader.read(
            "event.yaml", INTERFACE_EXAMPLE.getBytes(StandardCharsets.UTF_8), "aws", AS_OF);

    assertThat(spec.provider().name()).isEqualTo("aws");
    assertThat(spec.provider().scale()).isEqualTo(1);
    assertThat(spec.provider().settings()).containsEntry("network.subnetIds", "subnet-1,subnet-2");
  }

  @Test
  void nameStartAndOneSourceAreEnoughAndEveryDefaultIsListedAsOne() throws Exception {
    EventSpec spec = read(SMALLEST);

    assertThat(spec.demand().confidence()).isEqualTo("p99");
    assertThat(spec.assumptions())
        .filteredOn(assumption -> assumption.origin() == Origin.DEFAULT)
        .extracting(Assumption::name)
        .contains(
            "demand.uninvited",
            "demand.arrivals.within",
            "clients.reconnectJitter",
            "schedule.provisionBefore",
            "tickets.sources[0].maxQuantity");
    assertThat(spec.tickets().sources().getFirst())
        .isInstanceOfSatisfying(
            EventSpec.CsvSource.class, csv -> assertThat(csv.maxQuantity()).isEqualTo(1_000_000));
  }

  @Test
  void whatIsPublishedAndWhatIsToBeSurvivedAreRead() throws Exception {
    EventSpec spec =
        read(
            SMALLEST
                + "service: {survive: node, cacheReplicas: 2, messages: {channels: 40,"
                + " channelsPerConnection: 2.5}}\nclients: {acknowledgeEvery: 7s}\n");

    assertThat(spec.service().survive()).isEqualTo(Survive.NODE);
    assertThat(spec.service().cacheReplicas()).isEqualTo(2);
    assertThat(spec.service().messages()).isEqualTo(new EventSpec.Messages(0.2, 512, 40, 2.5));
    assertThat(spec.clients().acknowledgeEvery()).isEqualTo(Duration.ofSeconds(7));
    EventSpec silent = read(SMALLEST);
    assertThat(silent.service().survive()).isEqualTo(Survive.ZONE);
    assertThat(silent.service().cacheReplicas()).isEqualTo(1);
    assertThat(silent.service().messages()).isEqualTo(new EventSpec.Messages(0.2, 512, 1, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model: trace, path: c.csv, base: 5 | base",
        "model: trace, path: c.csv, endSurge: 3 | endSurge",
        "model: trace, path: c.csv, ramps: [{at: +0m, share: 1}] | ramps",
        "path: c.csv | path",
        "model: logistic, kickoff: 2027-01-01T00:00:00Z | kickoff"
      })
  void whatTheOtherModelOfArrivalsReadsIsAMistakeAndNotIgnored(String arrivals, String key) {
    assertThat(refused(SMALLEST + "demand:\n  arrivals: {" + arrivals + "}\n").problems())
        .singleElement()
        .matches(problem -> problem.line() == 5)
        .matches(
            problem ->
                problem.message().startsWith("demand.arrivals." + key + " has no effect with"));
  }

  @Test
  void nobodyFollowsMoreChannelsThanThereAre() {
    assertThat(refused(SMALLEST + "service: {messages: {channels: 3, channelsPerConnection: 4}}\n"))
        .hasMessageContaining("channelsPerConnection is 4.0, more than there are channels (3)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clients: {heartbeat: 0s}",
        "clients: {reconnectJitter: 0s}",
        "clients: {handshakeTimeout: 0ms}",
        "clients: {acknowledgeEvery: 0h}",
        "service: {handshakeP99: 0s}",
        "service: {connectWithin: 0s}",
        "demand: {arrivals: {within: 0s}}"
      })
  void noTimeAtAllIsNoTime(String section) {
    assertThat(refused(SMALLEST + section + "\n"))
        .hasMessageContaining("it is 0s; it must be above 0");
  }

  @Test
  void standardInputIsForOneSourceOnly() {
    String twice =
        SMALLEST.substring(0, SMALLEST.indexOf("tickets:"))
            + "tickets:\n  sources:\n    - {type: csv, path: '-'}\n"
            + "    - {type: shopify, path: '-'}\n";

    assertThat(refused(twice))
        .hasMessageContaining("sources[1].path: standard input (-) can be read by one source only");
  }

  @Test
  void allMistakesAreSaidAtOnceInTheOrderOfTheirLines() {
    SpecException refused =
        refused(
            """
            apiVersion: spike/v2
            event:
              name: Cup Final
              startsAt: 2020-05-30T19:00:00Z
              timezone: Europe/Londom
            tickets:
              sources:
                - {type: csv, pth: tickets.csv}
              maxRejected: 101%
              products:
                seat: {showRate: 1.5}
            demand:
              confidence: p95
              uninvted: 1.3
            budget: {maxCost: 25000 EUR}
            """);

    assertThat(refused.problems())
        .extracting(SpecProblem::line)
        .isSorted()
        .contains(1, 3, 4, 5, 8, 9, 11, 13, 14, 15);
    assertThat(refused)
        .hasMessageContaining("did you mean 'path'?")
        .hasMessageContaining("key 'path' is missing")
        .hasMessageContaining("did you mean 'uninvited'?")
        .hasMessageContaining("did you mean 'Europe/London'?")
        .hasMessageContaining("demand.confidence is 'p95'; it must be one of p50, p90, p99")
        .hasMessageContaining("25000 USD");
  }

  @ParameterizedTest
  @CsvSource({"tickts,tickets", "scedule,schedule", "EVENT,event", "cleints,clients"})
  void anUnknownKeyNamesTheNearestKnownOne(String typed, String meant) {
    assertThat(refused(SMALLEST + typed + ": {}\n"))
        .hasMessageContaining("line 4: unknown key '" + typed + "'")
        .hasMessageContaining("did you mean '" + meant + "'?");
  }

  @Test
  void aKeyThatIsNearNoneListsTheKnownOnes() {
    assertThat(refused(SMALLEST + "xylophone: 1\n"))
        .hasMessageContaining("unknown key 'xylophone'; known are apiVersion, event, tickets");
  }

  @Test
  void aKeyThatStandsTwiceIsAMistakeOfItsSecondLine() {
    assertThat(refused(SMALLEST + "demand: {baseline: 1}\ndemand: {baseline: 2}\n"))
        .hasMessageContaining("line 5: key 'demand' stands here twice, first in line 4");
  }

  @Test
  void anEventInThePastIsRefusedWithTheWayOut() {
    assertThat(refused(SMALLEST.replace("2027-05-30", "2027-05-20")))
        .hasMessageContaining("line 2")
        .hasMessageContaining("not after the plan's instant 2027-05-27T12:00:00Z")
        .hasMessageContaining("--as-of");
  }

  @Test
  void anEventThatEndsBeforeItStartsIsRefused() {
    assertThat(refused(SMALLEST.replace("19:00:00Z}", "19:00:00Z, endsAt: 2027-05-30T18:00:00Z}")))
        .hasMessageContaining("event.endsAt is 2027-05-30T18:00:00Z");
  }

  @Test
  void whatIsNoEventFileIsRefusedInOneSentence() {
    for (String text : List.of("", "# only a comment\n", "[1, 2]", "just text", "a: [", "\u0001")) {
      SpecException refused = refused(text);

      assertThat(refused.problems()).as(text).hasSize(1);
      assertThat(refused.next()).contains("event.yaml");
    }
  }

  @Test
  void aNestOfAliasesIsRefusedBeforeItGrows() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level < 12; level++) {
      String alias = "*a" + (level - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(level, level, (alias + ", ").repeat(9) + alias));
    }

    assertThat(refused(bomb.toString())).hasMessageContaining("not YAML");
  }

  @Test
  void aLocalTimeIsTakenInTheEventsZone() throws Exception {
    EventSpec spec =
        read(SMALLEST.replace("2027-05-30T19:00:00Z", "2027-05-30T20:00, timezone: Europe/London"));

    assertThat(spec.event().startsAt()).isEqualTo(Instant.parse("2027-05-30T19:00:00Z"));
  }

  private static EventSpec read(String yaml) throws SpecException {
    return SpecReader.read("event.yaml", yaml.getBytes(StandardCharsets.UTF_8), null, AS_OF);
  }

  private static SpecException refused(String yaml) {
    return catchThrowableOfType(SpecException.class, () -> read(yaml));
  }
}
