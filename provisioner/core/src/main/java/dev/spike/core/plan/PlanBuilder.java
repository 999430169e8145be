package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.capacity.Load;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.demand.DemandForecast;
import dev.spike.core.demand.DemandModel;
import dev.spike.core.demand.PickUp;
import dev.spike.core.demand.RecordedCurve;
import dev.spike.core.resource.Resource;
import dev.spike.core.sales.PastEvent;
import dev.spike.core.sales.TicketSales;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.SpecException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One plan in the making. */
final class PlanBuilder {
  /** Of the Monte Carlo. */
  static final int DRAWS = 10_000;

  /** The version of spike that is planned for and with. */
  static final String VERSION = "0.1.0";

  /** What the full event is sized with when the tier is a local rehearsal of it. */
  private static final String REFERENCE_PROVIDER = "aws";

  private final String file;
  private final EventSpec spec;
  private final TicketSales sales;
  private final Optional<RecordedCurve> recorded;
  private final Calibrated calibrated;
  private final PlanRequest request;
  private final String eventFileDigest;
  private final Advice advice = new Advice();

  PlanBuilder(
      String file,
      EventSpec spec,
      TicketSales sales,
      Optional<RecordedCurve> recorded,
      Calibrated calibrated,
      PlanRequest request,
      String eventFileDigest) {
    this.file = file;
    this.spec = spec;
    this.sales = sales;
    this.recorded = recorded;
    this.calibrated = calibrated;
    this.request = request;
    this.eventFileDigest = eventFileDigest;
  }

  PlanResult build() throws SpecException {
    sales.remarks().forEach(advice::ofSource);
    Products products = Products.of(spec, sales, advice);
    DemandModel model = model(spec, products, sales, recorded, request.asOf());
    DemandForecast demand = model.forecast(request.seed(), DRAWS, spec.provider().scale());
    Sizing sizing = new Sizing(file, spec, model.ramp(demand.planned()).tauSeconds(), advice);
    Catalog catalog = calibrated.catalog(spec.provider(), file);
    Catalog reference = isScaled() ? calibrated.catalog(REFERENCE_PROVIDER, file) : catalog;
    NodeProfile node = sizing.node(catalog, demand.scaled(), spec.provider().scale());
    NodeProfile referenceNode = isScaled() ? sizing.node(reference, demand.planned(), 1) : node;
    calibrated.check(file, catalog, reference);
    calibrated.unused(List.of(node, referenceNode), advice);
    Load load = sizing.load(demand.scaled(), spec.provider().scale());
    Load fullLoad = sizing.load(demand.planned(), 1);
    CapacityPlan capacity = sizing.capacity(load, catalog, node);
    CapacityPlan full = isScaled() ? sizing.capacity(fullLoad, reference, referenceNode) : capacity;
    List<Assumption> assumptions = new ArrayList<>(spec.assumptions());
    assumptions.addAll(products.assumptions());
    assumptions.addAll(sizing.assumptions());
    assumptions.addAll(ModelAssumptions.of(model, fullLoad, node, catalog.cacheNode()));
    assumptions.add(calibrated.pricesAssumption(reference));
    Plan.Schedule schedule = schedule();
    Plan.Event event = event();
    Basis basis =
        new Basis(
            load,
            sizing.zones(),
            node,
            catalog.cacheNode(),
            sizing.cacheReplicas(),
            catalog.prices().ofNode(node.name()),
            spec.demand().uninvited().mean(),
            products.means());
    Plan.Cost cost = cost(capacity, basis, schedule);
    int heartbeatMillis = Math.toIntExact(spec.clients().heartbeat().toMillis());
    List<Resource> resources =
        isScaled()
            ? TierResources.of(
                capacity, spec.service().host(), spec.service().port(), heartbeatMillis, VERSION)
            : CloudTier.of(
                capacity,
                spec.provider().settings(),
                spec.service().host(),
                spec.service().port(),
                heartbeatMillis,
                VERSION);
    Plan plan =
        PlanFiles.seal(
            new Plan(
                Plan.SCHEMA,
                "",
                new Plan.Made(
                    request.asOf(),
                    request.seed(),
                    DRAWS,
                    eventFileDigest,
                    calibrated.profileDigest(),
                    VERSION),
                event,
                service(),
                new Plan.ProviderChoice(spec.provider().name(), spec.provider().settings()),
                schedule,
                sales.reports(),
                assumptions,
                demand,
                capacity,
                basis,
                sizes(demand, capacity, full),
                new SensitivityRanking(
                        model, fullLoad, referenceNode, reference.cacheNode(), sizing.zones())
                    .ranked(),
                Ladder.of(schedule, event, capacity),
                Calendar.of(spec, capacity, catalog, schedule, request.asOf()),
                resources,
                new Plan.Changes(
                    resources.stream().map(Resource::id).toList(), List.of(), List.of()),
                cost,
                Policies.of(spec, capacity, cost, schedule, request.asOf())));
    advice.notLearnedFrom(
        sales.past().stream()
            .map(PastEvent::name)
            .filter(name -> !model.pickUp().pastEvents().contains(name))
            .toList());
    advice.of(plan, catalog);
    return new PlanResult(plan, advice.ranked());
  }

  /** From what was sold to how many come. */
  static DemandModel model(
      EventSpec spec,
      Products products,
      TicketSales sales,
      Optional<RecordedCurve> recorded,
      Instant asOf) {
    return new DemandModel(
        spec.event(),
        spec.demand(),
        products.products(),
        sales.history().byProduct(),
        PickUp.learned(sales.past()),
        recorded,
        asOf);
  }

  private Plan.Cost cost(CapacityPlan capacity, Basis basis, Plan.Schedule schedule) {
    return Costing.of(
        capacity.tier(),
        new Costing.Terms(
            basis.load(),
            Duration.between(schedule.provisionAt(), schedule.teardownAfter()),
            Duration.between(spec.event().startsAt(), spec.event().endsAt()),
            Costing.reserved(spec, "balancer")),
        basis.prices());
  }

  private boolean isScaled() {
    return spec.provider().name().equals("local");
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
            service.survive().text(),
            service.messages().perSecond(),
            service.messages().bytes()));
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
