package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.IndependentCount;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.ResourceTagMapping;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.Tag;

/** From an event file to nothing left, with the commands alone, on the emulated account. */
class AwsTierIT {
  private static final String EVENT = "cup-final";
  private static final String[] WITHOUT_PLAN = {
    "--event", EVENT, "--provider", "aws", "--region", MotoServer.REGION
  };

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  @TempDir Path folder;
  private SpikeOnAws spike;

  @BeforeEach
  void program() {
    spike = new SpikeOnAws(folder, AWS);
  }

  @Test
  void aTierIsPlannedProvisionedWarmedSwitchedAndRemovedToTheLastResource() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    CloudPlans.file(folder, EVENT, 500, PlatformTeam.gives(AWS));
    EmulatedClient.install(folder.resolve("home"), "0.1.0");
    assertThat(spike.ok("prices", "--region", MotoServer.REGION).stdout())
        .startsWith("Prices: 5 node types of us-east-1 on ")
        .contains("19 not to be had there", "calibration: {prices: prices.json}");
    spike.ok("plan", "event.yaml", "-o", "plan.json", "--as-of", CloudPlans.AS_OF.toString());

    SpikeOnAws.Ran provisioned = spike.ok("provision", "plan.json", "--now");
    assertThat(provisioned.stdout())
        .contains(" 0 updated, 0 replaced, 0 deleted in ", "; 3 nodes", "front 1  ")
        .contains("front 1/us-east-1a  203.0.113.1:443")
        .contains("live.example.com. 60 IN A 203.0.113.3", " a day until teardown");
    assertEverythingSaysWhoseItIs();
    assertThat(spike.ok("provision", "plan.json", "--now").stdout())
        .contains(": 0 created, 0 updated, 0 replaced, 0 deleted in ");

    List<JsonNode> checks = checks(spike.ok("warm", "plan.json", "--verify", "--json"));
    assertThat(checks).hasSizeGreaterThan(10);
    assertThat(checks)
        .allMatch(check -> check.path("status").asText().equals("passed"), "every check passes");

    assertThat(spike.ok("status", "plan.json").stdout())
        .contains("3 of 3 nodes ready", "front 1  ", "so far", " a day until teardown");
    assertThat(spike.ok(with("status", WITHOUT_PLAN)).stdout()).contains("3 of 3 nodes ready");

    assertThat(spike.ok("router", "off", "plan.json").stdout()).contains("off at 3 of 3 nodes");
    assertThat(spike.ok("router", "status", "plan.json").stdout()).contains("off at 3 of 3 nodes");
    assertThat(spike.ok("router", "on", "plan.json").stdout())
        .contains("on at 3, off at 0 of 3 nodes");

    AWS.set(Map.of("connectionsPerNode", 4));
    assertThat(spike.ok("teardown", "plan.json").stdout()).contains("not due yet");
    SpikeOnAws.Ran refused = spike.run(with("teardown", WITHOUT_PLAN));
    assertThat(refused.exitCode()).as("%s", refused).isEqualTo(3);
    assertThat(refused.stderr()).contains("12 live connections");

    for (String verb : List.of("status", "teardown")) {
      SpikeOnAws.Ran elsewhere =
          spike.run(verb, "--event", EVENT, "--provider", "aws", "--region", "eu-west-1");
      assertThat(elsewhere.exitCode()).as("%s", elsewhere).isEqualTo(1);
      assertThat(elsewhere.stderr())
          .contains("event cup-final has nothing in eu-west-1", "--region us-east-1");
    }

    SpikeOnAws.Ran removed = spike.ok("teardown", "plan.json", "--force");
    assertThat(removed.stdout()).contains("; nothing is left", "it stood 0.", " planned $");
    assertThat(folder.resolve(EVENT + "-teardown/a-1.log")).content().contains("a-1 serves");
    assertThat(folder.resolve(EVENT + "-teardown/nodes.json"))
        .content()
        .contains("\"warm\" : true");
    assertThat(IndependentCount.of(AWS, EVENT)).isEmpty();
    assertThat(IndependentCount.of(AWS)).as("the given certificate").containsOnlyKeys("secret");
    assertThat(spike.ok(with("teardown", WITHOUT_PLAN)).stdout())
        .contains("nothing was there")
        .contains("nothing is left in us-east-1 of account " + MotoServer.ACCOUNT);
    assertThat(AWS.secretValues()).hasSize(1).allMatch(secret -> !spike.said().contains(secret));
  }

  /** By AWS's own list: an expired thing has to be told by whoever pays for it. */
  private static void assertEverythingSaysWhoseItIs() {
    try (ResourceGroupsTaggingApiClient tags =
        Clients.at(AWS, ResourceGroupsTaggingApiClient.builder())) {
      assertThat(
              tags.getResourcesPaginator(
                      request -> request.tagFilters(filter -> filter.key("spike:event")))
                  .resourceTagMappingList())
          .hasSizeGreaterThan(20)
          .allSatisfy(
              thing ->
                  assertThat(thing.tags())
                      .as(thing.resourceARN())
                      .extracting(Tag::key)
                      .contains("spike:resource", "spike:expires", "spike:plan", "spike:bucket"))
          .extracting(ResourceTagMapping::resourceARN)
          .anyMatch(arn -> arn.contains(":volume/"))
          .anyMatch(arn -> arn.contains(":network-interface/"));
    }
  }

  private static List<JsonNode> checks(SpikeOnAws.Ran ran) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> checks = new ArrayList<>();
    for (String line : ran.stdout().lines().toList()) {
      JsonNode json = mapper.readTree(line);
      if (json.path("type").asText().equals("check")) {
        checks.add(json);
      }
    }
    return checks;
  }

  private static String[] with(String verb, String... words) {
    List<String> line = new ArrayList<>(List.of(verb));
    line.addAll(List.of(words));
    return line.toArray(String[]::new);
  }
}
