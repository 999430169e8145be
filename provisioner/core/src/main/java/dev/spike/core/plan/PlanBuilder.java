package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityModel;
import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Zones;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.demand.DemandForecast;
import dev.spike.core.demand.DemandModel;
import dev.spike.core.demand.LogisticRamp;
import dev.spike.core.demand.PickUp;
import dev.spike.core.demand.RecordedCurve;
import dev.spike.core.resource.Resource;
import dev.spike.core.sales.TicketSales;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.SpecException;
import dev.spike.core.spec.SpecProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One plan in the making. */
final class PlanBuilder {
  private static final int DRAWS = 10_000;

  /** The version of spike that is planned for and with. */
  static final String VERSION = "0.1.0";

  /** What the full event is sized with when the tier is a local rehearsal of it. */
  private static final String REFERENCE_PROVIDER = "aws";

  /** A fleet of one zone holds no more; beyond it addresses and names run out. */
  private static final int NODES_PER_ZONE_MAX = 250;

  private final String file;
  private final EventSpec spec;
  private final TicketSales sales;
  private final Optional<RecordedCurve> recorded;
  private final PlanRequest request;
  private final String eventFileDigest;
  private final Advice advice = new Advice();

  PlanBuilder(
      String file,
      EventSpec spec,
      TicketSales sales,
      Optional<RecordedCurve> recorded,
      PlanRequest request,
      String eventFileDigest) {
    this.file = file;
    this.spec = spec;
    this.sales = sales;
    this.recorded = recorded;
    this.request = request;
    this.eventFileDigest = eventFileDigest;
  }

  PlanResult build() throws SpecException {
    Products products = Products.of(spec, sales, advice);
    DemandModel model =
        new DemandModel(
            spec.event(),
            spec.demand(),
            products.products(),
            sales.history().byProduct(),
            PickUp.PRIOR,
            recorded,
            request.asOf());
    DemandForecast demand = model.forecast(request.seed(), DRAWS, spec.provider().scale());
    Catalog catalog = Catalog.shipped(spec.provider().name());
    NodeProfile node = profile(catalog);
    CapacityPlan capacity = capacity(demand.scaled(), catalog, node);
    Catalog reference = isScaled() ? Catalog.shipped(REFERENCE_PROVIDER) : catalog;
    NodeProfile referenceNode = isScaled() ? reference.profiles().getFirst() : node;
    CapacityPlan full = capacity(demand.planned(), reference, referenceNode);
    List<Assumption> assumptions = new ArrayList<>(spec.assumptions());
    assumptions.addAll(products.assumptions());
    assumptions.addAll(ModelAssumptions.of(model, node));
    Plan.Schedule schedule = schedule();
    Plan.Event event = event();
    Plan.Cost cost = Costing.of(capacity, spec, schedule, demand.scaled(), catalog.prices());
    List<Resource> resources =
        isScaled()
            ? TierResources.of(capacity, spec.service().host(), spec.service().port(), VERSION)
            : CloudTier.of(
                capacity,
                spec.provider().settings(),
                spec.service().host(),
                spec.service().port(),
                VERSION);
    Plan plan =
        PlanFiles.seal(
            new Plan(
                Plan.SCHEMA,
                "",
                new Plan.Made(request.asOf(), request.seed(), DRAWS, eventFileDigest, VERSION),
                event,
                service(),
                new Plan.ProviderChoice(spec.provider().name(), spec.provider().settings()),
                schedule,
                sales.reports(),
                assumptions,
                demand,
                capacity,
                sizes(demand, capacity, full),
                new SensitivityRanking(
                        model,
                        load(demand.planned()),
                        referenceNode,
                        reference.cacheNode(),
                        zones())
                    .ranked(),
                ladder(schedule, capacity),
                Calendar.of(spec.provider().name(), capacity, schedule, event, request.asOf()),
                resources,
                new Plan.Changes(
                    resources.stream().map(Resource::id).toList(), List.of(), List.of()),
                cost,
                Policies.of(spec, capacity, cost)));
    advice.of(plan, catalog);
    return new PlanResult(plan, advice.ranked());
  }

  private boolean isScaled() {
    return spec.provider().name().equals("local");
  }

  private NodeProfile profile(Catalog catalog) throws SpecException {
    String wanted = spec.provider().settings().getOrDefault("instanceTypes", "");
    if (wanted.isEmpty()) {
      return catalog.profiles().getFirst();
    }
    for (String type : wanted.split(",", -1)) {
      Optional<NodeProfile> known = catalog.profile(type.strip());
      if (known.isPresent()) {
        advice.instanceType(wanted, known.get());
        return known.get();
      }
    }
    throw problem(
        "provider.aws.instanceTypes",
        "no profile is known for "
            + wanted
            + "; known are "
            + String.join(", ", catalog.profiles().stream().map(NodeProfile::name).toList()));
  }

  private CapacityPlan capacity(long connections, Catalog catalog, NodeProfile node)
      throws SpecException {
    try {
      CapacityPlan plan =
          new CapacityModel(node, catalog.cacheNode(), zones()).plan(load(connections));
      if (plan.nodesPerZone() > NODES_PER_ZONE_MAX) {
        throw problem(
            "",
            "%,d connections need %,d nodes of %s a zone, and a zone holds %d; plan for a scale, for"
                    .formatted(connections, plan.nodesPerZone(), node.name(), NODES_PER_ZONE_MAX)
                + " larger nodes or for more zones");
      }
      return plan;
    } catch (IllegalArgumentException beyond) {
      throw problem("", "no tier is large enough: " + beyond.getMessage());
    }
  }

  private SpecException problem(String path, String message) {
    return new SpecException(file, List.of(new SpecProblem(0, path, message)));
  }

  private Zones zones() {
    int count = spec.provider().zones();
    boolean survive = spec.service().surviveZone() && count > 1;
    if (spec.service().surviveZone() && !survive) {
      advice.oneZone();
    }
    return new Zones(count, survive);
  }

  private Load load(long connections) {
    return new Load(
        (double) connections,
        LogisticRamp.within((double) connections, spec.demand().within()).tauSeconds(),
        new Load.Patience(
            seconds(spec.clients().reconnectJitter()),
            seconds(spec.clients().handshakeTimeout()),
            seconds(spec.service().handshakeP99())),
        seconds(spec.clients().heartbeat()),
        spec.service().messagesPerSecond(),
        spec.service().messageBytes());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private Plan.Event event() {
    EventSpec.Event event = spec.event();
    return new Plan.Event(
        event.name(), event.startsAt(), event.endsAt(), event.kind(), event.timezone());
  }

  private Plan.Service service() {
    EventSpec.Service service = spec.service();
    EventSpec.Clients clients = spec.clients();
    return new Plan.Service(
        service.host(),
        service.port(),
        new Plan.ServiceLimits(
            service.handshakeP99().toMillis(),
            service.connectWithin().toMillis(),
            clients.handshakeTimeout().toMillis(),
            clients.reconnectJitter().toMillis(),
            clients.heartbeat().toMillis(),
            service.surviveZone() ? "zone" : "none",
            service.messagesPerSecond(),
            service.messageBytes()));
  }

  private Plan.Schedule schedule() {
    EventSpec.Schedule schedule = spec.schedule();
    Instant startsAt = spec.event().startsAt();
    Instant teardownAfter = spec.event().endsAt().plus(schedule.teardownAfter());
    return new Plan.Schedule(
        startsAt.minus(schedule.provisionBefore()),
        schedule.verifyBefore().stream().map(startsAt::minus).sorted().toList(),
        teardownAfter,
        teardownAfter.plus(Duration.ofDays(1)));
  }

  private static List<Plan.LadderStep> ladder(Plan.Schedule schedule, CapacityPlan capacity) {
    return List.of(
        new Plan.LadderStep(
            schedule.provisionAt(), capacity.nodes(), "the whole tier, for time to repair it"),
        new Plan.LadderStep(schedule.teardownAfter(), 0, "teardown"));
  }

  private Plan.Sizes sizes(DemandForecast demand, CapacityPlan capacity, CapacityPlan full) {
    return new Plan.Sizes(
        size("1", demand.planned(), full),
        size(spec.provider().scaleText(), demand.scaled(), capacity));
  }

  private static Plan.Size size(String scale, long connections, CapacityPlan capacity) {
    return new Plan.Size(
        scale,
        connections,
        capacity.profile(),
        capacity.nodesPerZone(),
        capacity.nodes(),
        capacity.cache().shards(),
        capacity.binding());
  }
}
