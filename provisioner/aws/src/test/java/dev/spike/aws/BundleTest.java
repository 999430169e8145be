package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.provider.ProviderException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** The bundle: packed the same each time, told apart by its checksum, unpacked by tar. */
class BundleTest {
  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  @TempDir Path home;
  private String before;

  @BeforeEach
  void install() throws Exception {
    before = System.setProperty(BundleFile.HOME, home.toString());
    Files.createDirectories(home.resolve("bundle"));
    write("0.1.0");
  }

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(BundleFile.HOME);
    } else {
      System.setProperty(BundleFile.HOME, before);
    }
  }

  private void write(String version) throws Exception {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    try (JarOutputStream jar =
        new JarOutputStream(
            Files.newOutputStream(home.resolve("bundle/spike-node.jar")), manifest)) {
      jar.setComment("a jar of its own");
    }
  }

  @Test
  void theBundleCarriesEveryFileOfANodeAndTarUnpacksItWithTheRightModes() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("../../templates/node"))) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .isEqualTo(BundleFile.NODE_FILES);
    }
    BundleFile.Packed one = BundleFile.pack(home.resolve("bundle"));
    BundleFile.Packed two = BundleFile.pack(home.resolve("bundle"));
    assertThat(one.sha256()).isEqualTo(two.sha256());
    Process tar =
        new ProcessBuilder("tar", "-xzf", one.file().toString(), "-C", home.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tar.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(tar.exitValue()).as(said).isZero();
    assertThat(home.resolve("node/boot")).isExecutable();
    assertThat(home.resolve("node/spike-serve.service"))
        .hasSameTextualContentAs(Path.of("../../templates/node/spike-serve.service"));
    assertThat(home.resolve("spike-node.jar"))
        .hasSameBinaryContentAs(home.resolve("bundle/spike-node.jar"));
    Files.delete(one.file());
    Files.delete(two.file());
  }

  @Test
  void aBundleIsPutOnceUnderItsChecksumWithItsTags() throws Exception {
    try (Rig rig = new Rig(AWS)) {
      BundlePart part = new BundlePart(rig.clients, rig.bucket);
      rig.converge(part, BundlePart.ID);
      rig.converge(part, BundlePart.ID);
      assertThat(AWS.calls()).containsEntry("s3:PutObject", 1);
      BundlePart.Found found = part.find(Rig.EVENT, "0.1.0", Rig.soon()).orElseThrow();
      S3Client s3 = Clients.at(AWS, S3Client.builder());
      byte[] content =
          s3.getObjectAsBytes(r -> r.bucket(Rig.BUCKET).key(found.key())).asByteArray();
      Path copy = Files.write(home.resolve("copy"), content);
      assertThat(digest(copy)).isEqualTo(found.sha256());
      assertThat(s3.getObjectTagging(r -> r.bucket(Rig.BUCKET).key(found.key())).tagSet())
          .extracting(tag -> tag.key() + "=" + tag.value())
          .contains(
              "spike:event=cup-final",
              "spike:resource=bundle",
              "spike:expires=2027-05-31T00:00:00Z",
              "cost-center=live");
      assertThat(rig.seen(part, BundlePart.ID).attributes()).containsEntry("version", "0.1.0");
      part.delete(Rig.EVENT, BundlePart.ID, Rig.soon());
      assertThat(part.observe(Rig.EVENT)).isEmpty();
    }
  }

  private static String digest(Path file) throws Exception {
    return java.util.HexFormat.of()
        .formatHex(
            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void aBundleOfAnotherVersionThanThePlansIsRefused() throws Exception {
    write("0.2.0");
    try (Rig rig = new Rig(AWS)) {
      BundlePart part = new BundlePart(rig.clients, rig.bucket);
      assertThatThrownBy(() -> rig.converge(part, BundlePart.ID))
          .isInstanceOf(ProviderException.class)
          .hasMessage("the plan wants bundle 0.1.0 and this spike carries 0.2.0");
      assertThat(AWS.calls()).doesNotContainKey("s3:PutObject");
    }
  }

  @Test
  void aMachineIsToldAddressesAndAChecksumAndNoSecret() throws Exception {
    try (Rig rig =
        new Rig(
            AWS,
            java.time.Clock.systemUTC(),
            java.util.Map.of("secrets.certificate", "arn:aws:x:certificate"))) {
      BundlePart bundle = new BundlePart(rig.clients, rig.bucket);
      EventBoot boot =
          new EventBoot(
              rig.bucket,
              bundle,
              new CertificatePart(rig.settings, rig.clients, rig.bucket),
              rig.secrets);
      assertThatThrownBy(() -> boot.boot(Rig.EVENT, "0.1.0", Rig.soon()))
          .isInstanceOf(ProviderException.class)
          .hasMessageContaining("is not there");
      rig.converge(bundle, BundlePart.ID);
      rig.converge(rig.secrets, SecretPart.id("cache-auth"));
      rig.converge(rig.secrets, SecretPart.id("fleet"));
      Bundles.Boot told = boot.boot(Rig.EVENT, "0.1.0", Rig.soon());
      assertThat(told.bundleKey()).contains(told.bundleSha256());
      assertThat(told.configurationKey()).isEqualTo("spike/cup-final/tier.json");
      List<String> values = AWS.secretValues();
      assertThat(values).hasSize(2);
      assertThat(values).allSatisfy(value -> assertThat(told.toString()).doesNotContain(value));
    }
  }
}
