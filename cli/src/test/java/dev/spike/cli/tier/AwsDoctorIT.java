package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.ForwardProxy;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.aws.emulator.TlsFront;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceType;

/** What people and pipelines see before anything is rented, by the commands themselves. */
class AwsDoctorIT {
  private static final String CUP_FINAL_AS_OF = "2027-05-01T09:00:00Z";
  private static final String AS_OF = CloudPlans.AS_OF.toString();
  private static final int COLUMNS = 80;
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  @TempDir Path folder;

  @Test
  void whatANewAccountLacksForTenMillionConnectionsIsShownAsInTheOperationsGuide()
      throws Exception {
    String given = PlatformTeam.gives(AWS);
    cupFinal(given);
    try (Ec2Client others = Clients.at(AWS, Ec2Client.builder())) {
      others.runInstances(
          some ->
              some.imageId(anImage(others))
                  .instanceType(InstanceType.M7_G_XLARGE)
                  .minCount(1)
                  .maxCount(1));
    }

    SpikeOnAws.Ran doctor = spike().run("doctor", "event.yaml", "--as-of", CUP_FINAL_AS_OF);

    assertThat(doctor.exitCode()).as("%s", doctor).isEqualTo(77);
    assertThat(doctor.stderr()).isEmpty();
    assertThat(doctor.stdout().lines())
        .filteredOn(line -> line.length() > COLUMNS)
        .allMatch(line -> line.strip().startsWith("aws service-quotas "), "is to be copied");
    String shown = doctor.stdout().replaceAll("(given-certificate)-\\w+", "$1-AbCdEf");
    assertThat(Files.readString(ROOT.resolve("docs/operations.md")))
        .as("docs/operations.md shows what spike doctor prints")
        .contains("$ spike doctor event.yaml --as-of " + CUP_FINAL_AS_OF + "\n" + shown);

    AWS.forgetCalls();
    assertThat(
            spike()
                .run("plan", "event.yaml", "--as-of", CUP_FINAL_AS_OF, "-o", "plan.json")
                .exitCode())
        .isIn(0, 3);
    SpikeOnAws.Ran provision = spike().run("provision", "plan.json", "--now");

    assertThat(provision.exitCode()).as("%s", provision).isEqualTo(77);
    Matcher request = Pattern.compile("aws service-quotas .*").matcher(doctor.stdout());
    assertThat(request.results().map(found -> found.group()).toList())
        .hasSizeGreaterThanOrEqualTo(3)
        .allSatisfy(command -> assertThat(provision.stderr()).contains("\n  " + command + "\n"));
    assertThat(AWS.calls().keySet()).noneMatch(call -> call.matches(".*:(Create|Run|Put).*"));
  }

  @Test
  void whoIsNotLetInLearnsItOnceFromDoctorAndFromProvision() throws Exception {
    String given = PlatformTeam.gives(AWS);
    CloudPlans.file(folder, "shut-out", 500, given);
    plan();
    int denied =
        AWS.fault(
            Map.of("service", "sts", "effect", "error", "code", "AccessDenied", "status", 403));
    both(77, "AWS account", "GetCallerIdentity was refused with AccessDenied");
    AWS.heal(denied);
    int expired = AWS.fault(Map.of("service", "sts", "effect", "expired"));
    both(77, "AWS account", "Renew the credentials and run the same command again");
    AWS.heal(expired);

    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    AWS.fault(Map.of("service", "s3", "effect", "error", "code", "AccessDenied", "status", 403));
    both(77, "bucket " + PlatformTeam.BUCKET, "Allow HeadBucket");

    CloudPlans.file(folder, "shut-out", 500, given.replace(MotoServer.ACCOUNT, "999999999999"));
    plan();
    both(77, "AWS account", "the plan is for 999999999999");
  }

  @Test
  void credentialsOfAnotherAccountSeeAndChangeNothingByAnyCommand() throws Exception {
    String given = PlatformTeam.gives(AWS);
    CloudPlans.file(folder, "elsewhere", 500, given.replace(MotoServer.ACCOUNT, "999999999999"));
    plan();
    AWS.forgetCalls();

    List<SpikeOnAws.Ran> ran =
        together(
            () -> spike().run("provision", "plan.json", "--now", "--dry-run"),
            () -> spike().run("provision", "plan.json", "--now", "--replace", "a-1", "--dry-run"),
            () -> spike().run("status", "plan.json"),
            () -> spike().run("router", "off", "plan.json"),
            () -> spike().run("router", "status", "plan.json"),
            () -> spike().run("warm", "plan.json"),
            () -> spike().run("warm", "plan.json", "--verify"),
            () -> spike().run("reserve", "plan.json", "--dry-run"),
            () -> spike().run("teardown", "plan.json", "--force"));

    assertThat(ran)
        .allSatisfy(
            one -> {
              assertThat(one.exitCode()).as("%s", one).isEqualTo(77);
              assertThat(one.stderr())
                  .containsOnlyOnce("error: AWS account")
                  .contains("the plan is for 999999999999", "next: Take credentials of account");
            });
    assertThat(AWS.calls()).containsOnlyKeys("sts:GetCallerIdentity");
  }

  @Test
  void whatCannotBeReachedIsNamedWithTheWayThatWasTaken() throws Exception {
    CloudPlans.file(folder, "far", 500, PlatformTeam.gives(AWS));
    plan();
    String nobody = "http://127.0.0.1:" + freePort();

    String[] look = {"doctor", "--provider", "aws", "--region", MotoServer.REGION};
    String behind = "https://" + ForwardProxy.HOST;
    List<SpikeOnAws.Ran> ran =
        together(
            () ->
                spike()
                    .with("AWS_ENDPOINT_URL", nobody)
                    .run("doctor", "event.yaml", "--as-of", AS_OF),
            () -> spike().with("AWS_ENDPOINT_URL", nobody).run("provision", "plan.json", "--now"),
            () ->
                spike()
                    .with("AWS_ENDPOINT_URL", behind)
                    .with("HTTPS_PROXY", nobody.replace("//", "//ci:p%40ssword@"))
                    .run(look),
            () -> spike().with("HTTPS_PROXY", "socks5://ci:p%40ssword@proxy:1080").run(look),
            () -> spike().with("AWS_ENDPOINT_URL", behind).run(look));
    SpikeOnAws.Ran doctor = ran.get(0);
    SpikeOnAws.Ran provision = ran.get(1);
    SpikeOnAws.Ran proxied = ran.get(2);
    SpikeOnAws.Ran malformed = ran.get(3);
    SpikeOnAws.Ran nowhere = ran.get(4);

    assertThat(doctor.exitCode()).as("%s", doctor).isEqualTo(69);
    assertThat(doctor.stdout()).contains("1 of 2 things missing", "Connection refused");
    assertThat(provision.exitCode()).as("%s", provision).isEqualTo(69);
    assertThat(provision.stderr()).containsOnlyOnce("error:").contains("HTTPS_PROXY");
    assertThat(proxied.exitCode()).as("%s", proxied).isEqualTo(69);
    assertThat(flat(proxied.stdout()))
        .contains("which HTTPS_PROXY names, does not answer: Connection refused");
    assertThat(malformed.exitCode()).as("%s", malformed).isEqualTo(69);
    assertThat(malformed.stderr())
        .contains("HTTPS_PROXY names a proxy that is spoken to by socks5");
    assertThat(nowhere.exitCode()).as("%s", nowhere).isEqualTo(69);
    assertThat(flat(nowhere.stdout())).contains("there is no host " + ForwardProxy.HOST);
    assertThat("" + proxied + malformed).doesNotContain("p%40ss", "p@ss");
  }

  @Test
  void behindAProxyTheTokenOfAPipelineAndEveryCallGoThroughItInsideTls() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    CloudPlans.file(folder, "behind", 500, PlatformTeam.gives(AWS));
    Path token = Files.writeString(folder.resolve("token"), "a.pipelines.token");
    try (TlsFront front = new TlsFront(folder, ForwardProxy.HOST, AWS.endpoint().getPort());
        ForwardProxy proxy = new ForwardProxy(front.port(), "ci:p@ssword")) {
      SpikeOnAws behind =
          spike()
              .with(front.trust())
              .without("AWS_ACCESS_KEY_ID")
              .without("AWS_SECRET_ACCESS_KEY")
              .with("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString())
              .with("AWS_REGION", MotoServer.REGION)
              .with("AWS_ROLE_ARN", "arn:aws:iam::" + MotoServer.ACCOUNT + ":role/pipeline")
              .with("AWS_ENDPOINT_URL", "https://" + ForwardProxy.HOST)
              .with("HTTPS_PROXY", "http://ci:p%40ssword@127.0.0.1:" + proxy.port());

      SpikeOnAws.Ran ran = behind.run("doctor", "event.yaml", "--as-of", AS_OF, "-v");
      int refused = proxy.refused().size();
      SpikeOnAws.Ran wrong =
          behind
              .with("HTTPS_PROXY", "http://ci:mistyped@127.0.0.1:" + proxy.port())
              .run("doctor", "--provider", "aws", "--region", MotoServer.REGION);

      assertThat(ran.exitCode()).as("%s", ran).isZero();
      assertThat(proxy.requests())
          .isNotEmpty()
          .allMatch(line -> line.equals("CONNECT " + ForwardProxy.HOST + ":443 HTTP/1.1"));
      assertThat(AWS.calls().keySet())
          .contains("unsigned:AssumeRoleWithWebIdentity", "sts:GetCallerIdentity")
          .anyMatch(call -> call.startsWith("servicequotas:"))
          .anyMatch(call -> call.startsWith("s3:"));
      assertThat(ran.toString()).doesNotContain("p%40ss", "p@ss");
      assertThat(wrong.exitCode()).as("%s", wrong).isEqualTo(69);
      assertThat(flat(wrong.stdout())).contains("does not take its user and password");
      assertThat(proxy.refused()).as("asked, and told once").hasSize(refused + 2);
    }
  }

  private SpikeOnAws spike() {
    return new SpikeOnAws(folder, AWS);
  }

  private void plan() throws Exception {
    SpikeOnAws.Ran plan = spike().run("plan", "event.yaml", "--as-of", AS_OF, "-o", "plan.json");
    assertThat(plan.exitCode()).as("%s", plan).isZero();
  }

  /** Runs commands at the same time, for most of theirs is waiting. */
  @SafeVarargs
  private static List<SpikeOnAws.Ran> together(Callable<SpikeOnAws.Ran>... commands)
      throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<SpikeOnAws.Ran> ran = new ArrayList<>();
      for (Future<SpikeOnAws.Ran> one : threads.invokeAll(List.of(commands))) {
        ran.add(one.get());
      }
      return ran;
    }
  }

  /** Doctor and provision end alike and say the same, once. */
  private void both(int exitCode, String what, String said) throws Exception {
    List<SpikeOnAws.Ran> ran =
        together(
            () -> spike().run("doctor", "event.yaml", "--as-of", AS_OF),
            () -> spike().run("provision", "plan.json", "--now"));
    SpikeOnAws.Ran doctor = ran.getFirst();
    SpikeOnAws.Ran provision = ran.getLast();

    assertThat(doctor.exitCode()).as("%s", doctor).isEqualTo(exitCode);
    assertThat(flat(doctor.stdout())).containsOnlyOnce("MISSING " + what);
    assertThat(flat(doctor.stdout())).contains(said);
    assertThat(provision.exitCode()).as("%s", provision).isEqualTo(exitCode);
    assertThat(provision.stderr()).containsOnlyOnce("error: " + what).contains(said);
  }

  /** The example's event with what the platform team gave. */
  private void cupFinal(String given) throws IOException {
    Path example = ROOT.resolve("templates/examples/cup-final");
    Files.copy(example.resolve("tickets.csv"), folder.resolve("tickets.csv"));
    String event = Files.readString(example.resolve("event.yaml"));
    String provider = event.substring(event.indexOf("\nprovider:"));
    String reserving = ", placement: partition, reserve: {nodes: true, balancer: true}";
    Files.writeString(
        folder.resolve("event.yaml"),
        event.replace(
            provider,
            "\nprovider:\n  aws: {zones: 3, "
                + given.replace("[c7gn.4xlarge]", "[c8gn.4xlarge, c7gn.4xlarge]")
                + reserving
                + "}\n"));
  }

  /** Without the breaks between lines. */
  private static String flat(String text) {
    return text.replaceAll("\\s+", " ");
  }

  private static String anImage(Ec2Client ec2) {
    return ec2.describeImages().images().getFirst().imageId();
  }

  private static int freePort() throws IOException {
    try (ServerSocket server = new ServerSocket(0)) {
      return server.getLocalPort();
    }
  }
}
