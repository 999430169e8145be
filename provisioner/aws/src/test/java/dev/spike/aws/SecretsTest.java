package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.IndependentCount;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.ResourceId;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Secrets that the event owns, and the certificate that it is given. */
class SecretsTest {
  private static final ResourceId FLEET = SecretPart.id("fleet");

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  private SecretsManagerClient client() {
    return Clients.at(AWS, SecretsManagerClient.builder());
  }

  @Test
  void aSecretIsRandomMadeOnceAndItsNameIsFreeAgainAfterItsDeletion() throws Exception {
    try (Rig rig = new Rig(AWS)) {
      rig.converge(rig.secrets, FLEET);
      rig.converge(rig.secrets, SecretPart.id("cache-auth"));
      rig.converge(rig.secrets, FLEET);
      List<String> values = AWS.secretValues();
      assertThat(values).hasSize(2).doesNotHaveDuplicates();
      assertThat(values).allSatisfy(value -> assertThat(value).matches("[0-9a-f]{64}"));
      assertThat(rig.seen(rig.secrets, FLEET).attributes()).containsEntry("purpose", "fleet");
      rig.secrets.delete(Rig.EVENT, FLEET, Rig.soon());
      assertThat(rig.secrets.observe(Rig.EVENT)).containsOnlyKeys(SecretPart.id("cache-auth"));
      rig.converge(rig.secrets, FLEET);
      assertThat(AWS.secretValues()).doesNotContain(values.getFirst());
      rig.secrets.sweep(Rig.EVENT, Rig.soon());
      assertThat(IndependentCount.of(AWS, Rig.EVENT.value())).doesNotContainKey("secret");
    }
  }

  @Test
  void aSecretWhoseCreationsAnswerIsLostIsNotMadeTwice() throws Exception {
    try (Rig rig = new Rig(AWS)) {
      AWS.fault(Map.of("action", "CreateSecret", "effect", "drop-after", "nth", 1));
      rig.converge(rig.secrets, FLEET);
      assertThat(AWS.secretValues()).hasSize(1);
      assertThat(rig.seen(rig.secrets, FLEET).faults()).isEmpty();
    }
  }

  @Test
  void aSecretThatSomebodyDeletedWithAWayBackIsTakenBack() throws Exception {
    try (Rig rig = new Rig(AWS)) {
      rig.converge(rig.secrets, FLEET);
      String arn = rig.secrets.arn(Rig.EVENT, "fleet", Rig.soon());
      client().deleteSecret(request -> request.secretId(arn).recoveryWindowInDays(7L));
      assertThat(rig.seen(rig.secrets, FLEET).faults()).hasSize(1);
      rig.converge(rig.secrets, FLEET);
      assertThat(rig.seen(rig.secrets, FLEET).faults()).isEmpty();
    }
  }

  @Test
  void aForeignSecretOfTheNameIsRefusedAndItsValueNeverTold() throws Exception {
    try (Rig rig = new Rig(AWS)) {
      String name = Names.of(Rig.EVENT, FLEET, 200);
      client().createSecret(request -> request.name(name).secretString("theirs-and-only-theirs"));
      assertThatThrownBy(() -> rig.converge(rig.secrets, FLEET))
          .isInstanceOfSatisfying(
              ProviderException.class,
              failure -> {
                assertThat(failure.kind()).isEqualTo(Kind.ALREADY_EXISTS);
                assertThat(failure).hasMessageNotContaining("theirs-and-only-theirs");
              });
    }
  }

  @Test
  void aGivenSecretIsUsedAsItIs() throws Exception {
    String arn = client().createSecret(r -> r.name("given").secretString("0123456789abcdef")).arn();
    try (Rig rig = new Rig(AWS, Clock.systemUTC(), Map.of("secrets.cacheAuth", arn))) {
      assertThat(rig.secrets.arn(Rig.EVENT, "cache-auth", Rig.soon())).isEqualTo(arn);
      assertThat(rig.secrets.value(Rig.EVENT, "cache-auth", Rig.soon()))
          .isEqualTo("0123456789abcdef");
    }
  }

  @Test
  void aCertificateIsNotedLookedAtAndNeverChanged() throws Exception {
    String arn = client().createSecret(r -> r.name("certificate").secretString("PEM")).arn();
    try (Rig rig = new Rig(AWS, Clock.systemUTC(), Map.of("secrets.certificate", arn))) {
      CertificatePart certificate = new CertificatePart(rig.settings, rig.clients, rig.bucket);
      rig.converge(certificate, CertificatePart.ID);
      assertThat(rig.seen(certificate, CertificatePart.ID).attributes())
          .isEqualTo(Map.of("host", "live.example.com"));
      certificate.delete(Rig.EVENT, CertificatePart.ID, Rig.soon());
      assertThat(certificate.observe(Rig.EVENT)).isEmpty();
      assertThat(client().describeSecret(r -> r.secretId(arn)).deletedDate()).isNull();
      assertThat(AWS.calls()).doesNotContainKey("secretsmanager:GetSecretValue");
    }
  }

  @Test
  void aCertificateThatIsNotThereIsAMistakeInTheEventFile() throws Exception {
    String arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:none-AbCdEf";
    try (Rig rig = new Rig(AWS, Clock.systemUTC(), Map.of("secrets.certificate", arn))) {
      CertificatePart certificate = new CertificatePart(rig.settings, rig.clients, rig.bucket);
      assertThatThrownBy(() -> rig.converge(certificate, CertificatePart.ID))
          .isInstanceOfSatisfying(
              ProviderException.class,
              failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));
    }
  }
}
