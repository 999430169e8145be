package dev.spike.node;

import dev.spike.node.config.Failure;
import dev.spike.node.config.Log;
import dev.spike.node.tls.BoringSsl;
import dev.spike.node.tls.TlsClient;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Option;

/** Whom a client command trusts. */
final class TargetOptions {
  @Option(
      names = "--host",
      required = true,
      paramLabel = "NAME",
      description = "Host name that the certificate must carry.")
  private String host = "";

  @Option(
      names = "--ca",
      required = true,
      paramLabel = "FILE",
      description = "PEM file of the authority to trust.")
  private Path authority = Path.of("");

  String host() {
    return host;
  }

  TlsClient tls() throws Failure {
    try {
      return BoringSsl.client(authority);
    } catch (SSLException unusable) {
      throw new Failure(
          Failure.USAGE,
          "the authority " + authority + " cannot be used: " + Log.words(unusable),
          "give a readable PEM file with the event's authority");
    }
  }
}
