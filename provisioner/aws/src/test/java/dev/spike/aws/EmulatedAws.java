package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Pace;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Opens the provider as the command line does, against an emulator. */
final class EmulatedAws {
  /** How much faster waiting and the refilling of the API's buckets go by than elsewhere. */
  private static final int HASTE = 10;

  private EmulatedAws() {}

  /** The provider for a plan. */
  static Provider open(MotoServer server, Plan plan) throws Exception {
    return new AwsProvider(
        AwsSettings.of(plan.provider().settings()),
        new AwsClients(
            MotoServer.REGION,
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIAEXAMPLE000000000", "secret")),
            Optional.of(server.endpoint()),
            hurried()));
  }

  /** A pace at which everything is waited for in its order, and a tenth as long. */
  static Pace hurried() {
    Instant from = Instant.now();
    InstantSource fast = () -> from.plus(Duration.between(from, Instant.now()).multipliedBy(HASTE));
    return new Pace(fast.withZone(ZoneOffset.UTC), time -> Thread.sleep(time.dividedBy(HASTE)));
  }
}
