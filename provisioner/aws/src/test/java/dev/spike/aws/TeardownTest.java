package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.IndependentCount;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.RunResult;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.Provider;
import dev.spike.core.resource.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.s3.S3Client;

/** The whole tier goes, to the last resource, however late AWS lets go of it. */
class TeardownTest {
  private static final String EVENT = "leaving";

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  @TempDir Path folder;
  private Plan plan;

  @BeforeEach
  void provisionAndWarm() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    plan = CloudPlans.plan(folder, EVENT, 500, PlatformTeam.gives(AWS));
    try (Provider provider = EmulatedAws.open(AWS, plan)) {
      RunResult provisioned = EmulatedAws.provision(provider, plan);
      RunResult warmed = EmulatedAws.warm(provider, plan);
      if (provisioned.ending() != Ending.DONE || warmed.ending() != Ending.DONE) {
        throw new IllegalStateException(
            provisioned.diagnostics() + " " + warmed.diagnostics().toString());
      }
    }
  }

  @Test
  void withoutItsPlanATierGoesToTheLastResourceThoughInterfacesAndCacheLinger() throws Exception {
    AWS.set(
        Map.of(
            "balancerInterfaceSeconds",
            1.5,
            "cacheDescribesUntilGone",
            3,
            "taggingRemembersDeleted",
            true));
    try (Provider provider = EmulatedAws.open(AWS, Map.of("region", MotoServer.REGION))) {
      assertThat(provider.standingSince(plan.event().name()).orElseThrow())
          .isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());

      EmulatedAws.Heard heard = new EmulatedAws.Heard();
      RunResult result = EmulatedAws.teardown(provider, plan, heard);

      assertThat(result.ending()).as("%s", result.diagnostics()).isEqualTo(Ending.DONE);
      assertThat(heard.words().logs().keySet()).containsExactly("a-1", "b-1", "c-1");
      assertThat(heard.words().logs().get("b-1")).contains("b-1 serves");
      assertThat(heard.words().statuses().get("a-1").path("warm").asBoolean()).isTrue();
      assertThat(provider.observe(plan.event().name()).isEmpty()).isTrue();
    }
    assertThat(IndependentCount.of(AWS, EVENT)).isEmpty();
    assertThat(IndependentCount.of(AWS)).containsOnlyKeys("secret");
  }

  @Test
  void theCacheAndWhatItStandsOnStayWhereDataIsKeptCarryTheTierAgainAndGoWithTheNextTeardown()
      throws Exception {
    try (Provider provider = EmulatedAws.open(AWS, plan)) {
      RunResult kept = EmulatedAws.teardownButData(provider, plan);

      assertThat(kept.ending()).as("%s", kept.diagnostics()).isEqualTo(Ending.DONE);
      assertThat(provider.observe(plan.event().name()).resources().values())
          .extracting(Observed::kind)
          .contains(Kind.CACHE, Kind.SECRET, Kind.NETWORK)
          .doesNotContain(Kind.NODE_FLEET, Kind.BALANCER, Kind.BUNDLE);
      assertThat(IndependentCount.of(AWS, EVENT))
          .containsKeys("cache", "secret")
          .doesNotContainKeys("instance", "balancer", "capacity-reservation", "object");
      RunResult again = EmulatedAws.provision(provider, plan);
      assertThat(again.ending()).as("%s", again.diagnostics()).isEqualTo(Ending.DONE);
      assertThat(EmulatedAws.teardown(provider, plan).ending()).isEqualTo(Ending.DONE);
    }
    assertThat(IndependentCount.of(AWS, EVENT)).isEmpty();
  }

  @Test
  void aTierWhoseBucketIsLostIsSeenAndGoesToTheLastResource() throws Exception {
    try (S3Client buckets = Clients.at(AWS, S3Client.builder().forcePathStyle(true));
        Provider provider = EmulatedAws.open(AWS, plan)) {
      buckets
          .listObjectsV2(request -> request.bucket(PlatformTeam.BUCKET))
          .contents()
          .forEach(
              object ->
                  buckets.deleteObject(
                      request -> request.bucket(PlatformTeam.BUCKET).key(object.key())));
      buckets.deleteBucket(request -> request.bucket(PlatformTeam.BUCKET));

      assertThat(provider.observe(plan.event().name()).resources().values())
          .extracting(Observed::kind)
          .contains(Kind.NODE_FLEET, Kind.CACHE, Kind.BALANCER)
          .doesNotContain(Kind.BUNDLE);
      RunResult warmed = EmulatedAws.warm(provider, plan);
      RunResult result = EmulatedAws.teardown(provider, plan);

      assertThat(warmed.ending()).as("%s", warmed.diagnostics()).isEqualTo(Ending.PARTLY);
      assertThat(result.ending()).as("%s", result.diagnostics()).isEqualTo(Ending.DONE);
    }
    assertThat(IndependentCount.of(AWS, EVENT)).isEmpty();
  }

  @Test
  void whatKeepsASubnetFromGoingIsNamedAndItsAbsenceLetsTheNextTeardownEnd() throws Exception {
    Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder());
    String subnet =
        ec2.describeSubnets(
                request -> request.filters(filter -> filter.name("tag:spike:event").values(EVENT)))
            .subnets()
            .getFirst()
            .subnetId();
    String foreign =
        ec2.createNetworkInterface(
                request -> request.subnetId(subnet).description("somebody else's"))
            .networkInterface()
            .networkInterfaceId();
    try (Provider provider = EmulatedAws.open(AWS, plan)) {
      RunResult blocked = EmulatedAws.teardownWithin(provider, plan, Duration.ofSeconds(15));

      assertThat(blocked.ending()).isNotEqualTo(Ending.DONE);
      assertThat(blocked.diagnostics())
          .anySatisfy(
              diagnostic ->
                  assertThat(diagnostic.summary())
                      .contains("subnet " + subnet, foreign, "somebody else's"));
      ec2.deleteNetworkInterface(request -> request.networkInterfaceId(foreign));
      assertThat(EmulatedAws.teardown(provider, plan).ending()).isEqualTo(Ending.DONE);
    }
    assertThat(IndependentCount.of(AWS, EVENT)).isEmpty();
  }

  @Test
  void theSamePlanIsProvisionedAgainAfterItsTeardown() throws Exception {
    try (Provider provider = EmulatedAws.open(AWS, plan)) {
      assertThat(EmulatedAws.teardown(provider, plan).ending()).isEqualTo(Ending.DONE);

      RunResult again = EmulatedAws.provision(provider, plan);

      assertThat(again.ending()).as("%s", again.diagnostics()).isEqualTo(Ending.DONE);
      assertThat(EmulatedAws.provision(provider, plan).changes().isEmpty()).isTrue();
    }
  }

  @Test
  void whatOnlyTheListOverAllServicesShowsIsNamedAndKeepsATeardownFromSucceeding()
      throws Exception {
    Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder());
    String volume =
        ec2.createVolume(
                request ->
                    request
                        .availabilityZone(MotoServer.REGION + "a")
                        .size(1)
                        .tagSpecifications(
                            tags ->
                                tags.resourceType(ResourceType.VOLUME)
                                    .tags(tag -> tag.key("cost-center").value("live"))))
            .volumeId();
    String copy = ec2.createSnapshot(request -> request.volumeId(volume)).snapshotId();
    ec2.createTags(
        request -> request.resources(copy).tags(tag -> tag.key("spike:event").value(EVENT)));
    try (Provider provider = EmulatedAws.open(AWS, plan)) {
      // Its look at that list goes on for two minutes and must not end with the deadline instead.
      RunResult kept = EmulatedAws.teardownWithin(provider, plan, Duration.ofMinutes(10));

      assertThat(kept.ending()).isNotEqualTo(Ending.DONE);
      assertThat(kept.diagnostics())
          .anySatisfy(diagnostic -> assertThat(diagnostic.summary()).contains(copy));
      ec2.deleteSnapshot(request -> request.snapshotId(copy));
      assertThat(EmulatedAws.teardown(provider, plan).ending()).isEqualTo(Ending.DONE);
    }
    assertThat(IndependentCount.of(AWS, EVENT)).isEqualTo(Map.<String, List<String>>of());
  }
}
