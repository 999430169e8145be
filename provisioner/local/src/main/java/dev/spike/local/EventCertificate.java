package dev.spike.local;

import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.local.linux.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An authority made for the event (EC P-256), and the certificate it gave the servers. */
final class EventCertificate {
  static final ResourceId ID = new ResourceId("certificate");
  private static final String HOST_SHAPE =
      "(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
          + "(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*";
  private static final Duration RENEW_BEFORE_END = Duration.ofHours(12);
  private static final Duration BEYOND_EXPIRY = Duration.ofDays(2);
  private static final int DNS_NAME = 2;

  private final EventTier tier;
  private final Clock clock;

  EventCertificate(EventTier tier, Clock clock) {
    this.tier = tier;
    this.clock = clock;
  }

  Optional<Observed> observe() throws IOException {
    EventFolder folder = tier.folder();
    List<Path> files =
        List.of(folder.authority(), authorityKey(), folder.certificate(), folder.key());
    List<Path> missing = files.stream().filter(f -> !Files.exists(f)).toList();
    if (missing.size() == files.size()) {
      return Optional.empty();
    }
    List<String> faults = new ArrayList<>();
    missing.forEach(file -> faults.add("file " + file + " is missing"));
    for (Path secret : List.of(folder.cacheSecret(), folder.fleetSecret())) {
      if (!Files.exists(secret)) {
        faults.add("secret file " + secret + " is missing");
      }
    }
    Map<String, String> attributes = new TreeMap<>();
    if (missing.isEmpty()) {
      try {
        X509Certificate authority = read(folder.authority());
        X509Certificate certificate = read(folder.certificate());
        attributes.put("host", host(certificate));
        certificate.verify(authority.getPublicKey());
        if (certificate
            .getNotAfter()
            .toInstant()
            .isBefore(clock.instant().plus(RENEW_BEFORE_END))) {
          faults.add("the certificate ends at " + certificate.getNotAfter().toInstant());
        }
      } catch (GeneralSecurityException e) {
        faults.add("the certificate cannot be used: " + e.getMessage());
      }
    }
    return Optional.of(
        new Observed(ID, dev.spike.core.resource.Kind.CERTIFICATE, attributes, faults));
  }

  private Path authorityKey() {
    return tier.folder().tls().resolve("ca.key");
  }

  private static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static String host(X509Certificate certificate) throws GeneralSecurityException {
    if (certificate.getSubjectAlternativeNames() != null) {
      for (List<?> name : certificate.getSubjectAlternativeNames()) {
        if (name.getFirst() instanceof Integer type && type == DNS_NAME) {
          return String.valueOf(name.get(1));
        }
      }
    }
    return "";
  }

  void converge(Resource.Certificate certificate, Tags tags)
      throws IOException, InterruptedException, ProviderException {
    String host = certificate.host();
    if (!host.matches(HOST_SHAPE)) {
      throw new ProviderException(
          Kind.INVALID,
          "'" + host + "' is not a host name that a certificate can be made for",
          "Set service.host in event.yaml to the DNS name that clients connect to.");
    }
    tier.folder().ensure();
    Optional<Observed> found = observe();
    if (found.isPresent()
        && found.get().faults().isEmpty()
        && host.equals(found.get().attributes().get("host"))) {
      return;
    }
    issue(host, tags);
  }

  private void issue(String host, Tags tags) throws IOException, InterruptedException {
    EventFolder folder = tier.folder();
    Path work = folder.tls().resolve("work");
    EventFolder.remove(work);
    EventFolder.directory(work, "rwx------");
    Duration life = Duration.between(clock.instant(), later(tags.expires())).plus(BEYOND_EXPIRY);
    String days = Long.toString(Math.max(2, life.toDays()));
    if (!authorityUsable()) {
      Tool.of(
              "openssl",
              "req",
              "-x509",
              "-newkey",
              "ec",
              "-pkeyopt",
              "ec_paramgen_curve:P-256",
              "-nodes",
              "-days",
              days,
              "-subj",
              "/CN=spike authority of " + tags.event(),
              "-addext",
              "basicConstraints=critical,CA:TRUE,pathlen:0",
              "-addext",
              "keyUsage=critical,keyCertSign,cRLSign",
              "-keyout",
              work + "/ca.key",
              "-out",
              work + "/ca.crt")
          .run();
      publish(work.resolve("ca.key"), authorityKey(), "rw-------", 0);
      publish(work.resolve("ca.crt"), folder.authority(), "r--r--r--", 0);
    }
    Tool.of(
            "openssl",
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=spike server of " + tags.event(),
            "-addext",
            "subjectAltName=DNS:" + host,
            "-addext",
            "keyUsage=critical,digitalSignature",
            "-addext",
            "extendedKeyUsage=serverAuth",
            "-keyout",
            work + "/server.key",
            "-out",
            work + "/server.csr")
        .run();
    Tool.of(
            "openssl",
            "x509",
            "-req",
            "-in",
            work + "/server.csr",
            "-days",
            days,
            "-copy_extensions",
            "copy",
            "-CA",
            folder.authority().toString(),
            "-CAkey",
            authorityKey().toString(),
            "-CAcreateserial",
            "-CAserial",
            work + "/serial",
            "-out",
            work + "/server.crt")
        .run();
    publish(work.resolve("server.key"), folder.key(), "r--------", EventFolder.SERVER_USER);
    publish(work.resolve("server.crt"), folder.certificate(), "r--r--r--", 0);
    EventFolder.remove(work);
  }

  private Instant later(Instant expires) {
    return expires.isAfter(clock.instant()) ? expires : clock.instant();
  }

  private boolean authorityUsable() throws IOException {
    if (!Files.exists(authorityKey()) || !Files.exists(tier.folder().authority())) {
      return false;
    }
    try {
      return read(tier.folder().authority())
          .getNotAfter()
          .toInstant()
          .isAfter(clock.instant().plus(RENEW_BEFORE_END));
    } catch (GeneralSecurityException e) {
      return false; // not a certificate: a new authority takes its place
    }
  }

  private static void publish(Path from, Path to, String mode, int user) throws IOException {
    EventFolder.give(from, user);
    Files.setPosixFilePermissions(from, PosixFilePermissions.fromString(mode));
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void delete() throws IOException {
    EventFolder.remove(tier.folder().tls());
  }
}
