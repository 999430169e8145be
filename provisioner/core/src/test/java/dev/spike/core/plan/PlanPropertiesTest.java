package dev.spike.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.PriceList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What holds for every plan, from its event file to its nodes. */
class PlanPropertiesTest {
  private static final Instant START = Instant.parse("2031-05-30T19:00:00Z");

  @SuppressWarnings("NullAway.Init") // set before all properties
  private static Path folder;

  @BeforeContainer
  static void aFolder() throws IOException {
    folder = Files.createTempDirectory("spike-plan-properties");
  }

  @AfterContainer
  static void nothingIsLeft() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Property(tries = 12)
  void moreTicketsOrMoreUninvitedNeverMeanFewerConnectionsOrNodes(
      @ForAll @LongRange(min = 100, max = 3_000_000) long tickets,
      @ForAll @DoubleRange(min = 1, max = 4) double factor,
      @ForAll @IntRange(min = 1, max = 2000) int hoursLeft,
      @ForAll @LongRange(min = 1, max = 1000) long seed)
      throws Exception {
    Instant asOf = START.minus(Duration.ofHours(hoursLeft));
    Plan less = plan(sales(asOf, tickets), "1.3", asOf, seed);
    Plan moreTickets = plan(sales(asOf, (long) (tickets * factor)), "1.3", asOf, seed);
    Plan moreUninvited = plan(sales(asOf, tickets), Double.toString(1.3 * factor), asOf, seed);

    for (Plan more : new Plan[] {moreTickets, moreUninvited}) {
      assertThat(more.demand().planned()).isGreaterThanOrEqualTo(less.demand().planned());
      // The cheapest type may be another one from there on, of which fewer do: never a cheaper one.
      assertThat(machinesHourly(more.sizes().fullEvent()))
          .isGreaterThanOrEqualTo(machinesHourly(less.sizes().fullEvent()));
      if (more.sizes().fullEvent().profile().equals(less.sizes().fullEvent().profile())) {
        assertThat(more.sizes().fullEvent().nodes())
            .isGreaterThanOrEqualTo(less.sizes().fullEvent().nodes());
      }
      assertThat(more.capacity().nodes()).isGreaterThanOrEqualTo(less.capacity().nodes());
      assertThat(more.demand().surgeFactor()).isGreaterThanOrEqualTo(less.demand().surgeFactor());
    }
  }

  @Property(tries = 8)
  void theSameSeedGivesTheSameBytesAndAnEarlierInstantSeesNoLaterSale(
      @ForAll @LongRange(min = 200, max = 1_000_000) long before,
      @ForAll @LongRange(min = 1, max = 1_000_000) long after,
      @ForAll @IntRange(min = 1, max = 1000) int hoursLeft,
      @ForAll @LongRange(min = 1, max = 1000) long seed)
      throws Exception {
    Instant asOf = START.minus(Duration.ofHours(hoursLeft));
    String known = sales(asOf, before);
    String later = known + asOf.plusSeconds(60) + ",pass," + after + "\n";
    Plan first = plan(known, "1.3", asOf, seed);
    Plan seesNothing = plan(later, "1.3", asOf, seed);

    assertThat(PlanFiles.bytes(plan(known, "1.3", asOf, seed))).isEqualTo(PlanFiles.bytes(first));
    assertThat(seesNothing.demand()).isEqualTo(first.demand());
    assertThat(seesNothing.capacity()).isEqualTo(first.capacity());
    assertThat(plan(later, "1.3", asOf.plusSeconds(120), seed).demand().products())
        .isNotEqualTo(first.demand().products());
  }

  /** An hour of the nodes, and of the cache with its one replica a shard. */
  private static double machinesHourly(Plan.Size size) {
    PriceList prices = Catalog.shipped("aws").prices();
    return size.nodes() * prices.nodeHour().get(size.profile())
        + size.cacheShards() * 2 * prices.cacheNodeHour();
  }

  private static String sales(Instant asOf, long tickets) {
    return "sold_at,product,quantity\n" + asOf.minusSeconds(3600) + ",pass," + tickets + "\n";
  }

  private static Plan plan(String sales, String uninvited, Instant asOf, long seed)
      throws Exception {
    // Properties run side by side.
    Path own = Files.createTempDirectory(folder, "plan");
    Files.writeString(own.resolve("tickets.csv"), sales);
    Path event = own.resolve("event.yaml");
    Files.writeString(
        event,
        """
        apiVersion: spike/v1
        event: {name: cup, startsAt: %s}
        tickets: {sources: [{type: csv, path: tickets.csv, maxQuantity: 100000000}]}
        demand: {uninvited: %s, baseline: 25000}
        provider: {local: {scale: 1/1000}}
        """
            .formatted(START, uninvited));
    return Planner.plan(event, new PlanRequest(asOf, seed, Optional.empty())).plan();
  }
}
