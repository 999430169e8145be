package dev.spike.aws.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.AwsSettings;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Pace;
import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** What is missing is named before anything is rented, all of it in one run. */
class PreflightTest {
  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  private static final AwsCredentials LASTING = AwsBasicCredentials.create("AKIAEXAMPLE", "none");
  private static final int TICKETS = 900_000;

  @TempDir Path folder;

  @Test
  void anAccountThatWasMadeReadyIsFoundFit() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));

    List<Finding> findings = findings(PlatformTeam.gives(AWS), LASTING);

    assertThat(findings).noneMatch(finding -> finding.failure().isPresent());
    assertThat(of(findings, "AWS account").observed()).contains(MotoServer.ACCOUNT);
    assertThat(of(findings, "quota L-1216C47A").observed()).endsWith("2,000 there");
    assertThat(of(findings, "bucket").observed()).contains("us-east-1");
    assertThat(of(findings, "instance profile").observed()).isEqualTo("there, with a role");
    assertThat(findings).noneMatch(Finding::warning);
  }

  @Test
  void everyQuotaOfANewAccountThatIsTooSmallIsNamedWithTheRequestForIt() throws Exception {
    List<Finding> findings = findings(PlatformTeam.gives(AWS), LASTING);

    List<Finding> small =
        findings.stream()
            .filter(it -> it.failure().equals(Optional.of(Kind.QUOTA_EXCEEDED)))
            .toList();
    assertThat(small)
        .extracting(finding -> finding.what().substring(6, 16))
        .containsExactly("L-1216C47A", "L-723DCCB6", "L-7C45F98A");
    assertThat(small)
        .allSatisfy(
            finding -> assertThat(finding.next()).contains("request-service-quota-increase"));
    assertThat(findings).noneMatch(it -> it.failure().equals(Optional.of(Kind.UNAUTHORIZED)));
  }

  @Test
  void aQuotaThatCannotBeReadIsAWarning() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    AWS.fault(
        Map.of("service", "servicequotas", "effect", "error", "code", "AccessDeniedException"));

    List<Finding> findings = findings(PlatformTeam.gives(AWS), LASTING);

    assertThat(findings).noneMatch(finding -> finding.failure().isPresent());
    assertThat(of(findings, "quota L-1216C47A").warning()).isTrue();
    assertThat(of(findings, "quota L-1216C47A").observed()).contains("cannot be read");
  }

  @Test
  void theAccountOfAnotherIsRefused() throws Exception {
    String given = PlatformTeam.gives(AWS).replace(MotoServer.ACCOUNT, "999999999999");

    Finding account = of(findings(given, LASTING), "AWS account");

    assertThat(account.failure()).contains(Kind.UNAUTHORIZED);
    assertThat(account.observed()).contains(MotoServer.ACCOUNT).contains("999999999999");
  }

  @Test
  void whoDoesNotReachAwsLearnsItOnce() throws Exception {
    String given = PlatformTeam.gives(AWS);
    Plan plan = plan(given);
    try (AwsClients clients =
        new AwsClients(
            MotoServer.REGION,
            StaticCredentialsProvider.create(LASTING),
            Optional.of(URI.create("http://127.0.0.1:1")),
            Pace.real(Clock.systemUTC()))) {
      List<Finding> findings =
          new Preflight(settings(given), clients)
              .findings(plan.resources(), Optional.of(plan.event().name()));

      assertThat(findings).hasSize(2);
      assertThat(of(findings, "AWS account").failure()).contains(Kind.UNAVAILABLE);
      assertThat(of(findings, "AWS account").next()).contains("HTTPS_PROXY");
    }
  }

  @Test
  void credentialsThatEndSoonAreAWarningAndThoseThatEndNowAreRefused() throws Exception {
    String given = PlatformTeam.gives(AWS);

    assertThat(of(findings(given, session(Duration.ofHours(3))), "AWS credentials").warning())
        .isFalse();
    assertThat(of(findings(given, session(Duration.ofMinutes(30))), "AWS credentials").warning())
        .isTrue();
    assertThat(of(findings(given, session(Duration.ofMinutes(2))), "AWS credentials").failure())
        .contains(Kind.UNAUTHORIZED);
    assertThat(
            of(findings(given, AwsSessionCredentials.create("A", "B", "C")), "AWS cred").warning())
        .isTrue();
  }

  @Test
  void whatTheEventFileNamesAndIsNotThereIsNamedAllAtOnce() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    String given =
        PlatformTeam.gives(AWS)
                .replace(PlatformTeam.BUCKET, "no-such-bucket")
                .replace("instanceProfile: " + PlatformTeam.PROFILE, "instanceProfile: nobody")
            + ", imageId: ami-00000000000000000, cache: {subnetGroup: none-such}";

    List<Finding> missing =
        findings(given, LASTING).stream().filter(it -> it.failure().isPresent()).toList();

    assertThat(missing).hasSize(4).allSatisfy(finding -> assertThat(finding.next()).isNotEmpty());
    assertThat(missing.toString())
        .contains("no-such-bucket")
        .contains("nobody")
        .contains("ami-00000000000000000")
        .contains("none-such");
  }

  @Test
  void whatAnEventOfTheSameNameLeftIsNamed() throws Exception {
    String given = PlatformTeam.gives(AWS);
    assertThat(of(findings(given, LASTING), "resources of event").observed()).isEqualTo("none yet");
    try (Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder())) {
      ec2.createVpc(
          vpc ->
              vpc.cidrBlock("10.9.0.0/16")
                  .tagSpecifications(
                      tags ->
                          tags.resourceType(ResourceType.VPC)
                              .tags(
                                  tag -> tag.key("spike:event").value("looked-at"),
                                  tag -> tag.key("spike:expires").value("2020-01-01T00:00:00Z"))));
    }

    Finding left = of(findings(given, LASTING), "resources of event");

    assertThat(left.warning()).isTrue();
    assertThat(left.observed()).startsWith("1 should have gone by now, as arn:aws:ec2:");
    assertThat(left.next()).contains("spike teardown --event looked-at");
  }

  @Test
  void subnetsWithoutAWayOutNeedAnEndpointOfEveryServiceThatNodesCall() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    String given = PlatformTeam.gives(AWS);
    try (Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder())) {
      PrivateNetwork closed = PrivateNetwork.made(ec2);
      String within = given + closed.network();

      Finding none = of(findings(within, LASTING), "way out of subnet " + closed.subnet());
      closed.give("s3", "ssm", "ssmmessages");
      Finding some = of(findings(within, LASTING), "way out of subnet " + closed.subnet());
      closed.give("secretsmanager");
      Finding all = of(findings(within, LASTING), "way out of subnet " + closed.subnet());
      closed.open();
      Finding open = of(findings(within, LASTING), "way out of subnet " + closed.subnet());

      assertThat(none.failure()).contains(Kind.INVALID);
      assertThat(none.observed())
          .isEqualTo(
              "no route to the internet, and no endpoint of s3, ssm, ssmmessages, secretsmanager");
      assertThat(none.next()).contains("NAT gateway").contains("docs/operations.md");
      assertThat(some.observed())
          .isEqualTo("no route to the internet, and no endpoint of secretsmanager");
      assertThat(all)
          .isEqualTo(Finding.fine(all.what(), "endpoints of the services that nodes call"));
      assertThat(open.observed()).startsWith("everywhere, by igw-");
    }
  }

  @Test
  void aTierThatIsToBeRemovedNeedsRightsAlone() throws Exception {
    List<Finding> findings =
        new Preflight(settings(PlatformTeam.gives(AWS)), clients(LASTING))
            .findings(List.of(), Optional.empty());

    assertThat(findings)
        .extracting(Finding::what)
        .containsExactly("AWS credentials", "AWS account");
  }

  private AwsSettings settings(String given) throws Exception {
    return new AwsSettings(new TreeMap<>(plan(given).provider().settings()));
  }

  private Plan plan(String given) throws Exception {
    return CloudPlans.plan(folder, "looked-at", TICKETS, given);
  }

  private List<Finding> findings(String given, AwsCredentials credentials) throws Exception {
    Plan plan = plan(given);
    try (AwsClients clients = clients(credentials)) {
      return new Preflight(settings(given), clients)
          .findings(plan.resources(), Optional.of(plan.event().name()));
    }
  }

  private static AwsClients clients(AwsCredentials credentials) {
    return new AwsClients(
        MotoServer.REGION,
        StaticCredentialsProvider.create(credentials),
        Optional.of(AWS.endpoint()),
        Pace.real(Clock.systemUTC()));
  }

  private static AwsCredentials session(Duration left) {
    return AwsSessionCredentials.builder()
        .accessKeyId("ASIAEXAMPLE")
        .secretAccessKey("none")
        .sessionToken("none")
        .expirationTime(Instant.now().plus(left))
        .build();
  }

  private static Finding of(List<Finding> findings, String what) {
    return findings.stream()
        .filter(finding -> finding.what().startsWith(what))
        .findFirst()
        .orElseThrow(() -> new AssertionError(what + " is not among " + findings));
  }
}
