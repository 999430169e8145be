package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Pace;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.apply.ProvisionOptions;
import dev.spike.core.apply.ReservationOptions;
import dev.spike.core.apply.ReservationResult;
import dev.spike.core.apply.ReservationRun;
import dev.spike.core.apply.RunListener;
import dev.spike.core.apply.RunResult;
import dev.spike.core.apply.StepEvent;
import dev.spike.core.apply.Stop;
import dev.spike.core.apply.TeardownOptions;
import dev.spike.core.apply.TierRun;
import dev.spike.core.apply.WarmOptions;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.ProviderException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The engine with the provider against an emulator, as one start of the program has them: with
 * credentials, an API pace and a clock of its own. Its time goes by faster than elsewhere.
 */
final class Program implements AutoCloseable {
  /** A lease of a run that died before is over by then. */
  static final Duration AFTER_ITS_LEASE = Duration.ofMinutes(10);

  private static final int HASTE = 20;
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final AtomicInteger STARTS = new AtomicInteger();

  private final Plan plan;
  private final Clock clock;
  private final AwsProvider provider;

  private Program(URI endpoint, Plan plan, Duration later, int haste) throws ProviderException {
    this.plan = plan;
    Instant from = Instant.now();
    InstantSource fast =
        () -> from.plus(later).plus(Duration.between(from, Instant.now()).multipliedBy(haste));
    this.clock = fast.withZone(ZoneOffset.UTC);
    this.provider =
        new AwsProvider(
            AwsSettings.of(plan.provider().settings()),
            new AwsClients(
                MotoServer.REGION,
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        "AKIAPROGRAM%09d".formatted(NUMBER.incrementAndGet()), "secret")),
                Optional.of(endpoint),
                Pace.hurried(clock, haste)));
  }

  /** Started now. */
  static Program started(MotoServer server, Plan plan) throws ProviderException {
    return new Program(server.endpoint(), plan, Duration.ZERO, HASTE);
  }

  /** Started that much later. */
  static Program started(MotoServer server, Plan plan, Duration later) throws ProviderException {
    return new Program(server.endpoint(), plan, later, HASTE);
  }

  /** Started at an instant. */
  static Program startedAt(MotoServer server, Plan plan, Instant instant) throws ProviderException {
    return started(server, plan, Duration.between(Instant.now(), instant));
  }

  /** Started when the lease of every program before it is over. */
  static Program startedNext(MotoServer server, Plan plan) throws ProviderException {
    return new Program(
        server.endpoint(), plan, AFTER_ITS_LEASE.multipliedBy(STARTS.incrementAndGet()), HASTE);
  }

  /** How many seconds a program's time lasts on the wall. */
  static double wall(Duration time) {
    return time.toMillis() / 1000.0 / HASTE;
  }

  /** Started now, at the pace of the world. */
  static Program startedInRealTime(MotoServer server, Plan plan) throws ProviderException {
    return new Program(server.endpoint(), plan, Duration.ZERO, 1);
  }

  AwsProvider provider() {
    return provider;
  }

  RunResult provision(Duration deadline) throws InterruptedException {
    return run().provision(plan, provisionOptions(deadline));
  }

  RunResult provision() throws InterruptedException {
    return provision(Duration.ofMinutes(60));
  }

  /** Swaps one node for a new one. */
  RunResult replace(String node) throws InterruptedException {
    return run().replace(plan, node, provisionOptions(Duration.ofMinutes(60)));
  }

  /** Makes the warm stage converge. */
  RunResult warm() throws InterruptedException {
    return run().warm(plan, new WarmOptions(Duration.ofMinutes(60), LOCK_TIMEOUT));
  }

  /** Removes everything, due or not. */
  RunResult teardown(Duration deadline) throws InterruptedException {
    return run()
        .teardown(
            plan.event().name(),
            null,
            new TeardownOptions(true, false, null, deadline, LOCK_TIMEOUT, 0));
  }

  RunResult teardown() throws InterruptedException {
    return teardown(Duration.ofMinutes(60));
  }

  /** Asks ahead for the nodes' room, whatever it costs. */
  ReservationResult reserve() throws InterruptedException {
    return reserve(
        new ReservationOptions(
            null,
            false,
            OptionalDouble.of(Double.MAX_VALUE),
            false,
            Duration.ofMinutes(10),
            LOCK_TIMEOUT));
  }

  ReservationResult reserve(ReservationOptions options) throws InterruptedException {
    return new ReservationRun(
            provider, provider.futureCapacity().orElseThrow(), clock, new Silent(), new Stop())
        .reserve(plan, options);
  }

  private static ProvisionOptions provisionOptions(Duration deadline) {
    return new ProvisionOptions(true, null, false, false, deadline, LOCK_TIMEOUT);
  }

  private TierRun run() {
    return new TierRun(provider, clock, new Silent(), new Stop(), Duration.ofMillis(25));
  }

  /** How many there are of each kind. */
  static SortedMap<String, Integer> sizes(SortedMap<String, ? extends java.util.List<?>> left) {
    return left.entrySet().stream()
        .collect(
            Collectors.toMap(
                java.util.Map.Entry::getKey,
                entry -> entry.getValue().size(),
                Integer::sum,
                TreeMap::new));
  }

  /**
   * The program as a process of its own, to be killed: the emulator's address, the event file, and
   * {@code provision} or {@code teardown}.
   */
  public static void main(String[] words) throws Exception {
    try (Program program =
        new Program(
            URI.create(words[0]), CloudPlans.plan(Path.of(words[1])), AFTER_ITS_LEASE, HASTE)) {
      RunResult result = words[2].equals("provision") ? program.provision() : program.teardown();
      System.out.println(result.ending() + " " + result.diagnostics());
    }
  }

  @Override
  public void close() {
    provider.close();
  }

  /** Results say all that a test asks. */
  private record Silent() implements RunListener {
    @Override
    public void step(StepEvent event) {}

    @Override
    public void note(String sentence) {}

    @Override
    public void diagnostic(Diagnostic diagnostic) {}
  }
}
