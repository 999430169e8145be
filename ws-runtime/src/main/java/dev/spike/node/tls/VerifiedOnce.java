package dev.spike.node.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Remembers chains that were fully verified for a host a moment ago, so that a client opening
 * thousands of connections pays for path validation once a minute and chain, not once a connection.
 */
final class VerifiedOnce extends X509ExtendedTrustManager {
  private static final int REMEMBERED_MAX = 64;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  /** One block of RFC 7468; its Base64 holds no hyphen. */
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");

  private final X509ExtendedTrustManager verifier;
  private final Set<String> verified = ConcurrentHashMap.newKeySet();

  VerifiedOnce(X509ExtendedTrustManager verifier) {
    this.verifier = verifier;
  }

  /**
   * Trusts the certificates of a PEM file; a key that stands there too, as in a secret that holds
   * both, is passed over, and so are comments in any encoding.
   */
  static X509ExtendedTrustManager trusting(Path authority) throws SSLException {
    try {
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      int count = 0;
      CertificateFactory certificates = CertificateFactory.getInstance("X.509");
      Matcher block = CERTIFICATE.matcher(Files.readString(authority, ISO_8859_1));
      while (block.find()) {
        InputStream pem = new ByteArrayInputStream(block.group().getBytes(ISO_8859_1));
        anchors.setCertificateEntry("authority-" + count++, certificates.generateCertificate(pem));
      }
      if (count == 0) {
        throw new SSLException(authority + " holds no certificate");
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(anchors);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new SSLException("this JDK has no PKIX trust manager");
    } catch (GeneralSecurityException | IOException unusable) {
      throw new SSLException("the authority " + authority + " cannot be used", unusable);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    String seen = key(chain, engine.getPeerHost());
    if (verified.contains(seen)) {
      return;
    }
    verifier.checkServerTrusted(chain, authType, engine);
    if (verified.size() >= REMEMBERED_MAX) {
      verified.clear();
    }
    verified.add(seen);
  }

  private static String key(X509Certificate[] chain, String host) throws CertificateException {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (X509Certificate certificate : chain) {
        sha256.update(certificate.getEncoded());
      }
      return System.nanoTime() / MINUTE_NANOS
          + " "
          + host
          + " "
          + HexFormat.of().formatHex(sha256.digest());
    } catch (GeneralSecurityException missing) {
      throw new CertificateException("the chain cannot be digested", missing);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    verifier.checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    verifier.checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    verifier.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    verifier.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    verifier.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return verifier.getAcceptedIssuers();
  }
}
