package dev.spike.cli.tier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

/**
 * What {@code spike provision} leaves in an account boots: its launch template's first-boot script,
 * bundle, configuration and secrets, on a real systemd, with a real network device and Redis.
 */
class NodeOnSystemdIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration BOOT = Duration.ofSeconds(90);

  /** CAP_NET_ADMIN (12), CAP_PERFMON (38) and CAP_BPF (39). */
  private static final String THREE_CAPABILITIES = "000000c000001000";

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  @TempDir Path folder;

  @BeforeEach
  void canBeHadHere() {
    Optional<String> lacking = NodeMachine.lacking();
    assumeTrue(lacking.isEmpty(), () -> "skipped: " + lacking.orElse(""));
  }

  @Test
  void whatAProvisionLeavesInTheAccountBootsServesRoutesAndComesBack() throws Exception {
    provision();
    try (NodeMachine node = new NodeMachine(Files.createDirectory(folder.resolve("machine")))) {
      Path fleet = account(node);
      Path late = Files.move(fleet, folder.resolve("late-secret"));
      node.program("aws", "/usr/local/bin/aws");
      Files.createSymbolicLink(
          node.file("/usr/bin/java"), Path.of(System.getProperty("java.home"), "bin", "java"));
      // A network namespace lacks some of the kernel's settings.
      Files.writeString(
          node.file("/usr/local/sbin/sysctl"), "#!/bin/sh\nexec /sbin/sysctl -e \"$@\"\n");
      assertThat(node.file("/usr/local/sbin/sysctl").toFile().setExecutable(true)).isTrue();
      boolean up = node.start();
      assumeTrue(up, () -> "skipped: systemd does not come up in namespaces here: " + said(node));
      wire(node);

      NodeMachine.Ran first = node.run("sh", "/root/user-data");
      assertThat(first.exitCode()).as("a secret is missing: %s", first).isNotZero();
      assertThat(node.run("journalctl", "-u", "spike-boot", "-o", "cat").output())
          .contains("the secret for fleet cannot be read");
      Files.copy(late, node.inside("/srv/account/secrets").resolve(fleet.getFileName()));
      assertThat(node.active("spike-serve", BOOT)).as("%s", journal(node)).isTrue();

      assertThat(answer(node, "feed", "install").path("mode").asText()).isEqualTo("native");
      answers(node);
      JsonNode warm = answer(node, "warm", "--fleet-secret", "/run/spike/secrets/fleet");
      assertThat(warm.path("warm").asBoolean()).as("%s", warm).isTrue();
      serves(node);
      assertThat(node.status("spike-serve", "CapEff")).isEqualTo("0".repeat(16));
      assertThat(node.status("spike-router", "CapEff")).isEqualTo(THREE_CAPABILITIES);
      assertThat(node.status("spike-router", "Uid")).doesNotContain("0\t");

      String before = node.process("spike-serve");
      node.run("kill", "-9", before);
      assertThat(
              NodeMachine.until(
                  BOOT, () -> !List.of("0", before).contains(node.process("spike-serve"))))
          .as("the server comes back")
          .isTrue();

      node.run("systemctl", "stop", "spike-router", "spike-serve", "spike-network", "spike-boot");
      node.run("umount", "/run/spike/bpf");
      node.run("rm", "-rf", "/run/spike");
      node.run("systemctl", "start", "multi-user.target");
      assertThat(node.active("spike-serve", BOOT)).as("%s", journal(node)).isTrue();
      assertThat(node.active("spike-router", BOOT)).as("%s", journal(node)).isTrue();
      answers(node);
      assertThat(answer(node, "warm", "--fleet-secret", "/run/spike/secrets/fleet").path("warm"))
          .hasToString("true");
      serves(node);
    }
  }

  /** The server says its state, which the warm stage waits for before it asks for more. */
  private void answers(NodeMachine node) throws Exception {
    String[] asked = {"status", "--fleet-secret", "/run/spike/secrets/fleet"};
    assertThat(NodeMachine.until(BOOT, () -> !answer(node, asked).has("error")))
        .as("%s %s", answer(node, asked), journal(node))
        .isTrue();
  }

  /** The server is ready and tells the router its load; the router's agent is at work. */
  private void serves(NodeMachine node) throws Exception {
    String[] asked = {"status", "--fleet-secret", "/run/spike/secrets/fleet"};
    boolean ready =
        NodeMachine.until(
            Duration.ofSeconds(30),
            () -> {
              JsonNode status = answer(node, asked);
              JsonNode router = answer(node, "feed");
              return status.path("ready").asBoolean()
                  && status.path("router").path("loadMapped").asBoolean()
                  && router.path("runtimeFresh").asBoolean()
                  && router.path("agentFresh").asBoolean();
            });
    assertThat(ready)
        .as("%s %s %s", answer(node, asked), answer(node, "feed"), journal(node))
        .isTrue();
  }

  private void provision() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    CloudPlans.file(folder, "boots", 500, PlatformTeam.gives(AWS));
    TestTier.run(
        "cp",
        "-r",
        Files.createDirectories(Path.of(System.getProperty("spike.home")))
            .resolve("bundle")
            .toString(),
        Files.createDirectories(folder.resolve("home")).toString());
    SpikeOnAws spike = new SpikeOnAws(folder, AWS);
    spike.ok("plan", "event.yaml", "-o", "plan.json", "--as-of", CloudPlans.AS_OF.toString());
    spike.ok("provision", "plan.json", "--now");
  }

  /**
   * Lays what the account holds where the machine's AWS CLI finds it. Its own are the certificate,
   * which a platform team gives, and in the configuration a cache without TLS and the list of
   * nodes.
   *
   * @return the file of the fleet's secret
   */
  private Path account(NodeMachine node) throws Exception {
    try (S3Client buckets = Clients.at(AWS, S3Client.builder().forcePathStyle(true));
        SecretsManagerClient secrets = Clients.at(AWS, SecretsManagerClient.builder());
        Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder())) {
      Instance machine =
          ec2.describeInstances().reservations().stream()
              .flatMap(one -> one.instances().stream())
              .filter(one -> one.tags().stream().anyMatch(tag -> tag.key().equals("spike:node")))
              .findFirst()
              .orElseThrow();
      for (Tag tag : machine.tags()) {
        metadata("tags/instance/" + tag.key(), tag.value());
      }
      metadata("local-ipv4", machine.privateIpAddress());
      Files.write(
          node.file("/root/user-data"),
          Base64.getDecoder()
              .decode(
                  ec2.describeLaunchTemplateVersions(all -> all.versions("$Latest"))
                      .launchTemplateVersions()
                      .getFirst()
                      .launchTemplateData()
                      .userData()));
      for (S3Object object :
          buckets.listObjectsV2(all -> all.bucket(PlatformTeam.BUCKET)).contents()) {
        Path file = node.file("/srv/account/s3/" + PlatformTeam.BUCKET + "/" + object.key());
        Files.write(
            file,
            buckets
                .getObjectAsBytes(one -> one.bucket(PlatformTeam.BUCKET).key(object.key()))
                .asByteArray());
        if (object.key().endsWith("tier.json")) {
          withItsOwnCache(file, machine);
        }
      }
      Optional<Path> fleet = Optional.empty();
      for (SecretListEntry entry : secrets.listSecrets().secretList()) {
        Path file =
            node.file("/srv/account/secrets/" + entry.arn().replaceAll("[^A-Za-z0-9]", "_"));
        Files.writeString(
            file,
            entry.name().equals("given-certificate")
                ? certificate()
                : secrets.getSecretValue(one -> one.secretId(entry.arn())).secretString() + "\n");
        if (entry.name().contains("fleet")) {
          fleet = Optional.of(file);
        } else if (!entry.name().equals("given-certificate")) {
          Files.copy(file, folder.resolve("cache-password"));
        }
      }
      String settings =
          "[Service]\nEnvironment=SPIKE_METADATA=http://127.0.0.1:8111 SPIKE_PAUSE=0\nRestartSec=2s\n";
      Files.writeString(node.file("/etc/systemd/system/spike-boot.service.d/here.conf"), settings);
      return fleet.orElseThrow();
    }
  }

  private void withItsOwnCache(Path file, Instance machine) throws Exception {
    ObjectNode tier = (ObjectNode) JSON.readTree(file.toFile());
    tier.putObject("cache")
        .put("tls", false)
        .putArray("nodes")
        .add(machine.privateIpAddress() + ":6379");
    // The nodes stand in it once spike warm has seen them run.
    assertThat(tier.path("nodes")).isEmpty();
    tier.putArray("nodes")
        .addObject()
        .put("id", 1)
        .put("name", tag(machine, "spike:node"))
        .put("address", machine.privateIpAddress());
    tier.put("lastNodeNumber", 1);
    JSON.writeValue(file.toFile(), tier);
  }

  private static String tag(Instance machine, String key) {
    return machine.tags().stream()
        .filter(tag -> tag.key().equals(key))
        .map(Tag::value)
        .findFirst()
        .orElseThrow();
  }

  private void metadata(String path, String value) throws Exception {
    Path file = folder.resolve("metadata").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value);
  }

  /** Certificate and key in one PEM, as the guide asks for. */
  private String certificate() throws Exception {
    Path key = folder.resolve("key.pem");
    Path chain = folder.resolve("chain.pem");
    TestTier.run(
        ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                + " -subj /CN=live.example.com -addext subjectAltName=DNS:live.example.com -keyout "
                + key
                + " -out "
                + chain)
            .split(" "));
    return Files.readString(chain) + Files.readString(key);
  }

  /** Its network, its metadata service, and a cluster of one Redis. */
  private void wire(NodeMachine node) throws Exception {
    String address = Files.readString(folder.resolve("metadata/local-ipv4"));
    node.network(address + "/24", address.replaceAll("\\d+$", "1"));
    node.metadata(folder.resolve("metadata"));
    String password = Files.readString(folder.resolve("cache-password")).strip();
    Path settings = folder.resolve("redis.conf");
    Files.writeString(
        settings,
        "bind "
            + address
            + "\nport 6379\ncluster-enabled yes\nsave \"\"\ndir "
            + folder
            + "\nrequirepass "
            + password
            + "\n");
    node.beside(List.of("redis-server", settings.toString()));
    List<String> client = List.of("redis-cli", "-h", address, "--no-auth-warning", "-a", password);
    assertThat(
            NodeMachine.until(
                Duration.ofSeconds(20),
                () -> said(node, client, "cluster addslotsrange 0 16383").contains("OK")))
        .isTrue();
  }

  private static String said(NodeMachine node, List<String> client, String words) {
    try {
      List<String> line = new java.util.ArrayList<>(client);
      line.addAll(List.of(words.split(" ")));
      return node.onItsNetwork(line).output();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** What a command that is sent through Systems Manager answers. */
  private static JsonNode answer(NodeMachine node, String... words) {
    String sent =
        Base64.getEncoder().encodeToString((String.join("\0", words) + "\0").getBytes(UTF_8));
    NodeMachine.Ran ran = node.run("/opt/spike/node/run", sent);
    String line =
        ran.output().lines().filter(one -> one.startsWith("spike/1 ")).findFirst().orElseThrow();
    try (GZIPInputStream content =
        new GZIPInputStream(
            new ByteArrayInputStream(Base64.getDecoder().decode(line.split(" ")[4])))) {
      return JSON.readTree(content);
    } catch (java.io.IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }

  private static String said(NodeMachine node) {
    try {
      return node.console();
    } catch (java.io.IOException unreadable) {
      return unreadable.toString();
    }
  }

  private static String journal(NodeMachine node) {
    return node.run("journalctl", "-u", "spike-*", "-o", "cat", "-n", "40").output();
  }
}
