package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies of {@code templates/iam} permit what the adapter does, and nothing else. */
class PolicyTest {
  @RegisterExtension static final MotoServer AWS = MotoServer.extended();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  private static final Path POLICIES = Path.of("../../templates/iam");

  /** What a managed policy may have, white space not counted (IAM's quotas). */
  private static final int CHARACTERS_MAX = 6_144;

  /**
   * What AWS asks for on behalf of another call and no client calls: launching from a fleet, what a
   * balancer's creation looks at (Elastic Load Balancing API permissions), tags that a creation
   * carries, the roles of services, and keys behind storage, secrets, volumes (Amazon EBS
   * encryption, required permissions) and the cache.
   */
  private static final Set<String> IMPLIED =
      Set.of(
          "ec2:DescribeAccountAttributes",
          "ec2:DescribeAddresses",
          "ec2:RunInstances",
          "elasticache:AddTagsToResource",
          "iam:CreateServiceLinkedRole",
          "iam:PassRole",
          "kms:CreateGrant",
          "kms:Decrypt",
          "kms:GenerateDataKey",
          "kms:GenerateDataKeyWithoutPlaintext",
          "kms:ReEncryptFrom",
          "kms:ReEncryptTo",
          "s3:PutObjectTagging",
          "secretsmanager:TagResource");

  @TempDir Path folder;

  @Test
  void allPoliciesTogetherPermitEveryCallOfTheAdapterAndNoOther() throws Exception {
    SortedSet<String> permitted =
        actions("plan", "status", "reserve", "provision", "key", "warm", "teardown");
    permitted.removeAll(IMPLIED);

    assertThat(permitted).isEqualTo(SdkCalls.below(Path.of("target/classes/dev/spike/aws")));
  }

  @Test
  void eachCommandsPoliciesPermitTheCallsItWasSeenToMake() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    Plan plan = CloudPlans.plan(folder, "rights", 500, PlatformTeam.gives(AWS));
    try (Provider provider = EmulatedAws.open(AWS, plan)) {
      AWS.forgetCalls();
      provider.preflight(plan.resources(), Optional.of(plan.event().name()));
      assertThat(actions("plan")).containsAll(seen());

      EmulatedAws.provision(provider, plan);
      assertThat(actions("plan", "status", "provision")).containsAll(seen());

      EmulatedAws.warm(provider, plan);
      assertThat(actions("status", "warm")).containsAll(seen());

      provider.observe(plan.event().name());
      provider.standingSince(plan.event().name());
      provider.nodes(plan.event().name()).fronts();
      assertThat(actions("status")).containsAll(seen());

      EmulatedAws.teardown(provider, plan);
      assertThat(actions("status", "teardown")).containsAll(seen());
    }
  }

  @Test
  void whoReservesNeedsNoRightBeyondThoseOfItsPolicyAndHasNoneThatIsNotUsed() throws Exception {
    String given = PlatformTeam.gives(AWS).replace("c7gn.4xlarge", "c7gn.8xlarge");
    Plan plan = CloudPlans.plan(folder, "rights", 500, given);
    Instant weeksBefore = plan.schedule().provisionAt().minus(Duration.ofDays(14));
    AWS.set(Map.of("now", weeksBefore.toString()));
    AWS.forgetCalls();
    try (Program program = Program.startedAt(AWS, plan, weeksBefore)) {
      assertThat(program.reserve().asked()).isEqualTo(3);
    }

    SortedSet<String> seen = new TreeSet<>(seen());
    assertThat(actions("reserve")).containsAll(seen);
    seen.addAll(IMPLIED);
    assertThat(seen)
        .containsAll(
            actionsBut("reserve", Set.of("ec2:CreateTags", "ec2:DescribeSubnets", "s3:GetObject")));
  }

  /** The actions of a policy but those of a tag at creation, a lost lease, a given network. */
  private static SortedSet<String> actionsBut(String name, Set<String> others) throws IOException {
    SortedSet<String> actions = actions(name);
    actions.removeAll(others);
    return actions;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plan", "status", "reserve", "provision", "key", "warm", "teardown", "node"})
  void whatChangesAnythingIsLimitedToEventsAndTheFileFitsAManagedPolicy(String name)
      throws Exception {
    String text = Files.readString(POLICIES.resolve(name + ".json"));

    assertThat(text.replaceAll("\\s", "")).hasSizeLessThanOrEqualTo(CHARACTERS_MAX);
    for (JsonNode statement : policy(name).path("Statement")) {
      assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
      boolean everywhere = statement.path("Resource").asText().equals("*");
      for (JsonNode action : statement.path("Action")) {
        assertThat(action.asText()).doesNotContain("*");
        if (everywhere && !name.equals("node")) {
          assertThat(action.asText())
              .as("on any resource")
              .matches("[a-z0-9]+:(Describe|Get|List|CancelCommand).*");
        }
      }
    }
  }

  /** The actions of the calls since the last look. */
  private static List<String> seen() {
    List<String> seen =
        AWS.calls().keySet().stream()
            .map(SdkCalls::recorded)
            .filter(action -> !action.isEmpty())
            .toList();
    AWS.forgetCalls();
    assertThat(seen).isNotEmpty();
    return seen;
  }

  private static SortedSet<String> actions(String... names) throws IOException {
    SortedSet<String> actions = new TreeSet<>();
    for (String name : names) {
      for (JsonNode statement : policy(name).path("Statement")) {
        statement.path("Action").forEach(action -> actions.add(action.asText()));
      }
    }
    return actions;
  }

  private static JsonNode policy(String name) throws IOException {
    return new ObjectMapper().readTree(POLICIES.resolve(name + ".json").toFile());
  }
}
