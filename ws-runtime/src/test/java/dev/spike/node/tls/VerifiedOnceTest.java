package dev.spike.node.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifiedOnceTest {
  @TempDir Path folder;

  @Test
  void ofAFileWithCertificatesKeyAndCommentsTheCertificatesAreTrusted() throws Exception {
    String first = certificate("first.example");
    String second = certificate("second.example");
    Path all = folder.resolve("all.pem");
    Files.writeString(all, "# Főtanúsítvány\n" + key("first.example") + first + "text\n" + second);

    assertThat(VerifiedOnce.trusting(all).getAcceptedIssuers())
        .extracting(issuer -> issuer.getSubjectX500Principal().getName())
        .containsExactlyInAnyOrder("CN=first.example", "CN=second.example");
  }

  @Test
  void aFileWithoutACertificateIsRefused() throws Exception {
    certificate("first.example");
    Path only = folder.resolve("only.pem");
    Files.writeString(only, key("first.example"));

    assertThatThrownBy(() -> VerifiedOnce.trusting(only))
        .isInstanceOf(SSLException.class)
        .hasStackTraceContaining("holds no certificate");
  }

  private String certificate(String name) throws Exception {
    Process process =
        new ProcessBuilder(
                ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                        + " -subj /CN="
                        + name
                        + " -keyout "
                        + folder.resolve(name + ".key")
                        + " -out "
                        + folder.resolve(name + ".crt"))
                    .split(" "))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return Files.readString(folder.resolve(name + ".crt"));
  }

  private String key(String name) throws Exception {
    return Files.readString(folder.resolve(name + ".key"));
  }
}
