package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Zones;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.demand.DemandForecast;
import dev.spike.core.demand.Quantiles;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.Origin;
import dev.spike.core.spec.Survive;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small plan with something in every section. */
final class SamplePlan {
  private static final Instant START = Instant.parse("2027-05-30T19:00:00Z");
  private static final Catalog CATALOG = Catalog.shipped("local");

  private SamplePlan() {}

  static Plan sealed() {
    ResourceId network = new ResourceId("network");
    ResourceId fleet = new ResourceId("node-fleet/a");
    List<Resource> resources =
        List.of(
            new Resource.Network(network, List.of(), List.of("a")),
            new Resource.NodeFleet(fleet, List.of(network), "a", 2, "local", 15_000, 25_000));
    return PlanFiles.seal(
        new Plan(
            Plan.SCHEMA,
            "",
            new Plan.Made(START.minusSeconds(86_400), 7, 10_000, "sha256:00", null, "0.1.0"),
            new Plan.Event(
                new EventName("cup-final"),
                START,
                START.plusSeconds(7200),
                "match",
                ZoneId.of("Europe/London")),
            new Plan.Service(
                "live.example.com",
                443,
                new Plan.ServiceLimits(1000, 180_000, 10_000, 30_000, 25_000, "zone", 0.2, 512)),
            new Plan.ProviderChoice(
                "local", new TreeMap<>(Map.of("zones", "1", "scale", "1/1000"))),
            new Plan.Schedule(
                START.minusSeconds(259_200),
                List.of(START.minusSeconds(172_800)),
                START.plusSeconds(14_400),
                START.plusSeconds(100_800)),
            List.of(
                new SourceReport(
                    "csv",
                    "tickets.csv",
                    "sha256:11",
                    10,
                    3,
                    1,
                    1,
                    new TreeMap<>(Map.of("quantity is negative", 1L)),
                    new TreeMap<>(Map.of("status is not accepted", 1L)),
                    List.of("line 3: quantity is negative"),
                    "")),
            List.of(new Assumption("demand.uninvited", "1.3", Origin.DEFAULT, "prior")),
            new DemandForecast(
                new Quantiles(900_000, 1_100_000, 1_240_000),
                "p99",
                1_240_000,
                0.001,
                1240,
                40.96,
                7568.5,
                7.5685,
                List.of(
                    new DemandForecast.ConcurrencyPoint(START, 620_000, 450_000, 550_000, 640_000)),
                null,
                null,
                List.of(
                    new DemandForecast.ProductDemand(
                        "pass", 10, new Quantiles(10, 11, 12), new Quantiles(9, 10, 11))),
                List.of(
                    new DemandForecast.SalesPoint(START.minusSeconds(86_400), 10L, 10, 10, 10),
                    new DemandForecast.SalesPoint(START, null, 10, 11, 12)),
                List.of(new DemandForecast.RampShare("kick-off", 1_240_000, 40.96, START)),
                List.of(new DemandForecast.ArrivalPoint(START, 7568.5)),
                7568.5,
                20),
            new CapacityPlan(
                "local",
                true,
                1,
                2,
                2,
                15_000,
                List.of(
                    new CapacityPlan.Constraint(
                        "memory", "connections", 1240, 15_000, 1, 2, FigureOrigin.ESTIMATE)),
                "memory",
                "descriptors",
                new CapacityPlan.HandshakeBacklog(
                    1200,
                    0,
                    0,
                    1,
                    new CapacityPlan.Simulated(1, 0.01, 0, 0, 1240),
                    List.of(new CapacityPlan.BacklogPoint(0, 7.5, 0, 0))),
                new CapacityPlan.ReconnectStorm(413, 13.8, 0.4),
                0.2,
                new CapacityPlan.CacheSize(
                    3,
                    1,
                    "fewest of a cluster",
                    "memory",
                    List.of(
                        new CapacityPlan.CacheConstraint(
                            "fewest of a cluster", "shards", 3, 1, 3, FigureOrigin.DEFAULT))),
                new CapacityPlan.BalancerSize(1, 1, 1)),
            new Basis(
                new Load(
                    1240,
                    40.96,
                    new Load.Patience(30, 10, 1),
                    new Load.Traffic(25, 0.2, 512, 1, 1, 25)),
                new Zones(2, Survive.ZONE),
                CATALOG.profiles().getFirst(),
                CATALOG.cacheNode(),
                1,
                CATALOG.prices(),
                1.3,
                new TreeMap<>(Map.of("pass", new Basis.TicketMeans(0.9, 1.1)))),
            new Plan.Sizes(
                new Plan.Size("1", 1_240_000, "c8gn.4xlarge", 3, 9, 6, "memory"),
                new Plan.Size("1/1000", 1240, "local", 2, 2, 3, "memory")),
            List.of(new Plan.Sensitivity("demand.uninvited", "1.1", "1.5", 8, 11, 2.4)),
            List.of(new Plan.LadderStep(START.minusSeconds(259_200), 2, "provision")),
            List.of(new Plan.CalendarEntry("quota", START.minusSeconds(3600), "ok", "nothing")),
            resources,
            new Plan.Changes(List.of(network, fleet), List.of(), List.of()),
            new Plan.Cost(
                "USD",
                56.7,
                4310.4,
                List.of(new Plan.CostLine("nodes", 2, "node hours", 28.4, 4310.4)),
                "2026-11-01"),
            List.of(new Plan.PolicyResult("budget.maxCost", true, "$4,310", "$25,000", ""))));
  }
}
