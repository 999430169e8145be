package dev.spike.core.plan;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.demand.DemandForecast;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.spec.Assumption;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A plan: everything that provision, warm, status and teardown need to know, and everything a
 * reviewer needs to agree. It is a value; {@link PlanFiles} saves it and reads it back.
 *
 * @param schema {@link #SCHEMA}
 * @param digest {@code sha256:} and hex of the canonical JSON of all other members
 * @param made what it was made from besides the sources: the same inputs give the same bytes
 * @param resources the desired state, in an order in which each follows what it depends on
 * @param changes against the empty state; provision observes and prints the real difference
 */
@JsonPropertyOrder({"schema", "digest"})
public record Plan(
    String schema,
    String digest,
    Made made,
    Event event,
    Service service,
    ProviderChoice provider,
    Schedule schedule,
    List<SourceReport> inputs,
    List<Assumption> assumptions,
    DemandForecast demand,
    CapacityPlan capacity,
    Basis basis,
    Sizes sizes,
    List<Sensitivity> sensitivity,
    List<LadderStep> ladder,
    List<CalendarEntry> calendar,
    List<Resource> resources,
    Changes changes,
    Cost cost,
    List<PolicyResult> policy) {

  /** The schema this version writes and reads. */
  public static final String SCHEMA = "spike.plan/v1";

  public Plan {
    inputs = List.copyOf(inputs);
    assumptions = List.copyOf(assumptions);
    sensitivity = List.copyOf(sensitivity);
    ladder = List.copyOf(ladder);
    calendar = List.copyOf(calendar);
    resources = List.copyOf(resources);
    policy = List.copyOf(policy);
  }

  /** The first line of {@code spike plan}: the whole story. */
  public String headline() {
    return Headline.of(this);
  }

  /** The policies this plan breaks; a plan that breaks one is refused with exit 3. */
  public List<PolicyResult> violations() {
    return policy.stream().filter(result -> !result.passed()).toList();
  }

  /** The same plan with that digest. */
  Plan withDigest(String newDigest) {
    return new Plan(
        schema,
        newDigest,
        made,
        event,
        service,
        provider,
        schedule,
        inputs,
        assumptions,
        demand,
        capacity,
        basis,
        sizes,
        sensitivity,
        ladder,
        calendar,
        resources,
        changes,
        cost,
        policy);
  }

  /**
   * How it was made.
   *
   * @param asOf the instant of what was known; later sales were left out
   * @param draws of the Monte Carlo
   * @param eventFile SHA-256 of the event file's bytes
   * @param profile SHA-256 of the measured node profile, where one was given
   * @param version of spike
   */
  public record Made(
      Instant asOf,
      long seed,
      int draws,
      String eventFile,
      @Nullable String profile,
      String version) {}

  /** The event. */
  public record Event(
      EventName name, Instant startsAt, Instant endsAt, String kind, ZoneId timezone) {}

  /**
   * What clients connect to.
   *
   * @param port of the balancer; nodes listen on 8443 and 9443
   */
  public record Service(String host, int port, ServiceLimits limits) {}

  /**
   * What a node must keep to.
   *
   * @param survive {@code zone}, {@code node} or {@code none}
   */
  public record ServiceLimits(
      long handshakeP99Millis,
      long connectWithinMillis,
      long handshakeTimeoutMillis,
      long reconnectJitterMillis,
      long heartbeatMillis,
      String survive,
      double messagesPerSecond,
      int messageBytes) {}

  /**
   * The provider and what the event file says for it.
   *
   * @param name local or aws
   * @param settings flat: nested names joined by dots, lists by commas, such as {@code
   *     network.subnetIds}; always holds {@code zones}, and for local {@code scale}
   */
  public record ProviderChoice(String name, SortedMap<String, String> settings) {
    public ProviderChoice {
      settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }
  }

  /**
   * When each command is due.
   *
   * @param verifyAt in order
   * @param expires when nobody should still pay: a day after teardown is due
   */
  public record Schedule(
      Instant provisionAt, List<Instant> verifyAt, Instant teardownAfter, Instant expires) {
    public Schedule {
      verifyAt = List.copyOf(verifyAt);
    }
  }

  /**
   * The tier the whole event needs, and the one that this plan builds. They differ by the scale of
   * the local provider.
   */
  public record Sizes(Size fullEvent, Size planned) {}

  /** One size of the tier. */
  public record Size(
      String scale,
      long connections,
      String profile,
      int nodesPerZone,
      int nodes,
      int cacheShards,
      String binding) {}

  /**
   * One input moved alone, everything else at its middle.
   *
   * @param low the input's low value, as text
   * @param nodesLow nodes of the full event at the low value
   * @param effectNodes the difference it makes, in fractions of a node
   */
  public record Sensitivity(
      String input, String low, String high, int nodesLow, int nodesHigh, double effectNodes) {}

  /** From that instant on, so many nodes. */
  public record LadderStep(Instant at, int nodes, String why) {}

  /**
   * What must be asked for by when.
   *
   * @param state ok, due or too late, as of the plan
   * @param lost what is lost when it is too late
   */
  public record CalendarEntry(String what, Instant askBy, String state, String lost) {}

  /** What differs from what exists. */
  public record Changes(List<ResourceId> create, List<ResourceId> update, List<ResourceId> delete) {
    public Changes {
      create = List.copyOf(create);
      update = List.copyOf(update);
      delete = List.copyOf(delete);
    }
  }

  /**
   * What it costs from provision to teardown.
   *
   * @param currency ISO 4217
   * @param priceList the day of the prices, or {@code none} where nothing is charged
   */
  public record Cost(
      String currency, double hourly, double total, List<CostLine> lines, String priceList) {
    public Cost {
      lines = List.copyOf(lines);
    }
  }

  /** One line of the cost. */
  public record CostLine(
      String what, double quantity, String unit, double unitPrice, double total) {}

  /**
   * What a rule says of this plan.
   *
   * @param next what to do when it did not pass
   */
  public record PolicyResult(
      String id, boolean passed, String observed, String limit, String next) {}
}
