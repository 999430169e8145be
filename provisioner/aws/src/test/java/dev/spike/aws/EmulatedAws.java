package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Pace;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.apply.LastWords;
import dev.spike.core.apply.ProvisionOptions;
import dev.spike.core.apply.RunListener;
import dev.spike.core.apply.RunResult;
import dev.spike.core.apply.StepEvent;
import dev.spike.core.apply.Stop;
import dev.spike.core.apply.TeardownOptions;
import dev.spike.core.apply.TierRun;
import dev.spike.core.apply.WarmOptions;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Provider;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Opens the provider as the command line does, against an emulator. */
final class EmulatedAws {
  /** How much faster waiting and the refilling of the API's buckets go by than elsewhere. */
  private static final int HASTE = 10;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private EmulatedAws() {}

  /** The provider for a plan. */
  static Provider open(MotoServer server, Plan plan) throws Exception {
    return open(server, plan.provider().settings());
  }

  /** The provider for settings. */
  static Provider open(MotoServer server, Map<String, String> settings) throws Exception {
    return open(server.endpoint(), settings);
  }

  /** The provider for settings, at an endpoint. */
  static Provider open(URI endpoint, Map<String, String> settings) throws Exception {
    return new AwsProvider(
        AwsSettings.of(settings),
        new AwsClients(
            MotoServer.REGION,
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIAEXAMPLE000000000", "secret")),
            Optional.of(endpoint),
            hurried()));
  }

  /** A pace at which everything is waited for in its order, and a tenth as long. */
  static Pace hurried() {
    Instant from = Instant.now();
    InstantSource fast = () -> from.plus(Duration.between(from, Instant.now()).multipliedBy(HASTE));
    return new Pace(fast.withZone(ZoneOffset.UTC), time -> Thread.sleep(time.dividedBy(HASTE)));
  }

  /** Provisions at once. */
  static RunResult provision(Provider provider, Plan plan) throws InterruptedException {
    return run(provider)
        .provision(
            plan, new ProvisionOptions(true, null, false, false, PATIENCE, Duration.ofSeconds(5)));
  }

  /** Makes the warm stage converge. */
  static RunResult warm(Provider provider, Plan plan) throws InterruptedException {
    return run(provider).warm(plan, new WarmOptions(PATIENCE, Duration.ofSeconds(5)));
  }

  /** Removes everything, due or not. */
  static RunResult teardown(Provider provider, Plan plan) throws InterruptedException {
    return teardown(provider, plan, new Heard());
  }

  /** As the other; the listener hears what the tier says before it goes. */
  static RunResult teardown(Provider provider, Plan plan, Heard heard) throws InterruptedException {
    return run(provider, heard).teardown(plan.event().name(), null, options(false, PATIENCE));
  }

  /** Removes all but the cache and what it stands on. */
  static RunResult teardownButData(Provider provider, Plan plan) throws InterruptedException {
    return run(provider).teardown(plan.event().name(), null, options(true, PATIENCE));
  }

  /** Removes everything, as far as that goes in a time. */
  static RunResult teardownWithin(Provider provider, Plan plan, Duration time)
      throws InterruptedException {
    return run(provider).teardown(plan.event().name(), null, options(false, time));
  }

  private static TeardownOptions options(boolean keepData, Duration time) {
    return new TeardownOptions(true, keepData, null, time, Duration.ofSeconds(5), 0);
  }

  private static TierRun run(Provider provider) {
    return run(provider, new Heard());
  }

  private static TierRun run(Provider provider, RunListener listener) {
    return new TierRun(provider, Clock.systemUTC(), listener, new Stop(), Duration.ofMillis(50));
  }

  /** Keeps a tier's last words; the results say all else that a test asks. */
  static final class Heard implements RunListener {
    private final AtomicReference<LastWords> words = new AtomicReference<>();

    LastWords words() {
      return Objects.requireNonNull(words.get(), "nothing was heard");
    }

    @Override
    public void step(StepEvent event) {}

    @Override
    public void note(String sentence) {}

    @Override
    public void diagnostic(Diagnostic diagnostic) {}

    @Override
    public void lastWords(LastWords heard) {
      words.set(heard);
    }
  }
}
