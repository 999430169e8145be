package dev.spike.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.capacity.CapacityModel;
import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Zones;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.core.resource.Stage;
import dev.spike.core.spec.Survive;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CloudTierTest {
  @Test
  void everyResourceStandsAfterWhatItDependsOnAndOnlyOnKindsThatItNeeds() throws Exception {
    List<Resource> tier = tier(Map.of());

    Set<ResourceId> before = new HashSet<>();
    for (Resource resource : tier) {
      assertThat(before).as("before %s", resource.id()).containsAll(resource.dependsOn());
      for (ResourceId needed : resource.dependsOn()) {
        Kind kind =
            tier.stream().filter(one -> one.id().equals(needed)).findFirst().orElseThrow().kind();
        assertThat(resource.kind().needs()).as("what %s needs", resource.id()).contains(kind);
      }
      assertThat(before.add(resource.id())).as("%s is there once", resource.id()).isTrue();
    }
  }

  @Test
  void machinesBootBesideTheCacheAndOnlyTheWarmStageWaitsForIt() throws Exception {
    for (Resource resource : tier(Map.of())) {
      if (resource.kind() == Kind.NODE_FLEET || resource.kind() == Kind.TARGET_GROUP) {
        assertThat(resource.dependsOn()).doesNotContain(new ResourceId("cache"));
      }
      if (resource.stage() == Stage.WARM) {
        assertThat(resource.dependsOn())
            .contains(new ResourceId("cache"), new ResourceId("node-configuration"));
      }
    }
  }

  @Test
  void nodesKeepTheHeartbeatOfTheEvent() throws Exception {
    assertThat(tier(Map.of()))
        .filteredOn(one -> one.kind() == Kind.NODE_FLEET || one.kind() == Kind.NODE_CONFIGURATION)
        .hasSize(4)
        .allMatch(one -> "10000".equals(one.attributes().get("heartbeatMillis")));
  }

  @Test
  void whatIsGivenOrTurnedOffIsNoResource() throws Exception {
    Map<String, String> given =
        Map.of(
            "placement", "none",
            "reserve.nodes", "false",
            "reserve.balancer", "false",
            "cache.parameterGroup", "ours",
            "cache.subnetGroup", "ours",
            "secrets.cacheAuth", "arn:a",
            "secrets.fleet", "arn:b");

    assertThat(tier(Map.of()))
        .extracting(Resource::kind)
        .contains(
            Kind.PLACEMENT,
            Kind.CAPACITY_RESERVATION,
            Kind.BALANCER_CAPACITY,
            Kind.CACHE_GROUPS,
            Kind.SECRET);
    assertThat(tier(given))
        .extracting(Resource::kind)
        .doesNotContain(
            Kind.PLACEMENT,
            Kind.CAPACITY_RESERVATION,
            Kind.BALANCER_CAPACITY,
            Kind.CACHE_GROUPS,
            Kind.SECRET);
  }

  private static List<Resource> tier(Map<String, String> settings) throws Exception {
    Catalog catalog = Catalog.shipped("aws");
    CapacityPlan capacity =
        new CapacityModel(
                catalog.profiles().getFirst(), catalog.cacheNode(), new Zones(3, Survive.ZONE), 1)
            .plan(
                new Load(
                    1_000_000,
                    41,
                    new Load.Patience(30, 10, 1),
                    new Load.Traffic(25, 0.2, 512, 1, 1, 25)));
    return CloudTier.of(
        capacity, new TreeMap<>(settings), "live.example.com", 443, 10_000, "0.1.0");
  }
}
