package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.Pace;
import dev.spike.aws.api.StorageApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.EventName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lease as an object of the bucket. Only one run can put it where none is; it says until when
 * it holds and which run holds it. A run that was cancelled or killed stops renewing it, so that
 * the next one takes it over when its time is up: no human has to unlock anything.
 */
final class BucketLeases implements AwsTier.Leases {
  /** How long a run may be silent before another takes over. */
  static final Duration TIME_TO_LIVE = Duration.ofMinutes(3);

  /** How far two machines' clocks may differ. */
  static final Duration SKEW = Duration.ofSeconds(30);

  private static final Duration RENEWAL = Duration.ofSeconds(45);
  private static final Duration CALL = Duration.ofSeconds(20);
  private static final String NAME = "lease.json";
  private static final Logger LOG = System.getLogger(BucketLeases.class.getName());

  private final EventBucket bucket;
  private final AwsSettings settings;
  private final Pace pace;
  private final Map<String, String> environment;
  private final Duration renewal;

  BucketLeases(
      AwsSettings settings,
      AwsClients clients,
      EventBucket bucket,
      Map<String, String> environment) {
    this(settings, clients, bucket, environment, RENEWAL);
  }

  /** With another time between two renewals. */
  BucketLeases(
      AwsSettings settings,
      AwsClients clients,
      EventBucket bucket,
      Map<String, String> environment,
      Duration renewal) {
    this.settings = settings;
    this.bucket = bucket;
    this.pace = clients.calls().pace();
    this.environment = Map.copyOf(environment);
    this.renewal = renewal;
  }

  private String key(EventName event) {
    return EventBucket.prefix(event) + NAME;
  }

  /** Nothing to be shared: without a bucket no run provisions the event. */
  private static final Lease NOTHING = () -> {};

  @Override
  public Optional<Lease> tryTake(EventName event) throws ProviderException {
    Deadline deadline = pace.in(CALL);
    LeaseTerms mine =
        new LeaseTerms(
            UUID.randomUUID().toString(),
            LeaseTerms.run(environment),
            pace.clock().instant().plus(TIME_TO_LIVE));
    try {
      if (bucket.find(event, deadline).isEmpty()) {
        return Optional.of(NOTHING);
      }
      Optional<String> etag = take(event, mine, deadline);
      return etag.map(tag -> new Held(event, mine, tag));
    } catch (ProviderException failure) {
      if (EventBucket.lost(failure)) {
        return Optional.of(NOTHING);
      }
      throw failure;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ProviderException(
          Kind.UNAVAILABLE,
          "taking the lease of event " + event + " was interrupted",
          "Run the same command again.",
          interrupted);
    }
  }

  @Override
  public Optional<String> holder(EventName event) throws ProviderException, InterruptedException {
    return bucket
        .api()
        .get(pace.in(CALL), bucket.name(event, pace.in(CALL)), key(event))
        .map(stored -> LeaseTerms.of(stored.text()))
        .filter(terms -> !terms.over(pace.clock().instant()))
        .map(terms -> terms.run() + ", until " + terms.until().truncatedTo(ChronoUnit.SECONDS));
  }

  private Optional<String> take(EventName event, LeaseTerms mine, Deadline deadline)
      throws ProviderException, InterruptedException {
    byte[] content = mine.json().getBytes(StandardCharsets.UTF_8);
    StorageApi.Place place = place(event, mine, deadline);
    try {
      return Optional.of(bucket.api().putFirst(deadline, place, content));
    } catch (ProviderException taken) {
      refused(taken);
    }
    Optional<StorageApi.Stored> there = bucket.api().get(deadline, place.bucket(), key(event));
    if (there.isEmpty()) {
      return Optional.empty(); // given back in between: the caller asks again
    }
    LeaseTerms other = LeaseTerms.of(there.get().text());
    if (other.id().equals(mine.id())) {
      return Optional.of(there.get().etag()); // ours: only the answer was lost
    }
    if (!other.over(pace.clock().instant())) {
      return Optional.empty();
    }
    try {
      return Optional.of(bucket.api().putOver(deadline, place, there.get().etag(), content));
    } catch (ProviderException taken) {
      refused(taken);
      return Optional.empty();
    }
  }

  /** A condition that did not hold is an answer; every other failure is one. */
  private static void refused(ProviderException failure) throws ProviderException {
    if (AwsErrors.reason(failure) != AwsErrors.Reason.CONDITION_FAILED) {
      throw failure;
    }
  }

  private StorageApi.Place place(EventName event, LeaseTerms terms, Deadline deadline)
      throws ProviderException, InterruptedException {
    return new StorageApi.Place(
        bucket.name(event, deadline),
        key(event),
        Names.hash(terms.json()),
        Map.of(),
        Map.of(EventTags.EVENT, event.value(), EventTags.EXPIRES, terms.until().toString()),
        settings.kmsKeyId());
  }

  /** A lease that renews itself until it is given back. */
  private final class Held implements Lease {
    private final EventName event;
    private final LeaseTerms first;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ending = lock.newCondition();
    private String etag;
    private Instant until;
    private boolean closed;
    private boolean lost;
    private Runnable loss = () -> {};

    Held(EventName event, LeaseTerms first, String etag) {
      this.event = event;
      this.first = first;
      this.etag = etag;
      this.until = first.until();
      Thread.ofVirtual().name("spike-lease").start(this::renew);
    }

    private void renew() {
      lock.lock();
      try {
        while (!closed && !lost) {
          if (!ending.await(renewal.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
              && !closed) {
            again();
          }
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } finally {
        lock.unlock();
      }
    }

    private void again() throws InterruptedException {
      LeaseTerms next =
          new LeaseTerms(first.id(), first.run(), pace.clock().instant().plus(TIME_TO_LIVE));
      try {
        etag =
            bucket
                .api()
                .putOver(
                    pace.in(CALL),
                    place(event, next, pace.in(CALL)),
                    etag,
                    next.json().getBytes(StandardCharsets.UTF_8));
        until = next.until();
      } catch (ProviderException failure) {
        LOG.log(
            Level.WARNING,
            "the lease of event {0} could not be renewed: {1}",
            event,
            failure.getMessage());
        boolean ours =
            AwsErrors.reason(failure) == AwsErrors.Reason.CONDITION_FAILED
                ? adopted()
                : failure.kind() != Kind.NOT_FOUND;
        // Without another try before its time is over, another run may have it by then.
        if (!ours || pace.clock().instant().plus(renewal).isAfter(until)) {
          lost = true;
          loss.run();
        }
      }
    }

    /**
     * After a renewal whose answer was lost the object is ours under another ETag. False when it is
     * another run's, or not there; what cannot be read is believed to be ours for now.
     */
    private boolean adopted() throws InterruptedException {
      try {
        Optional<StorageApi.Stored> there =
            bucket.api().get(pace.in(CALL), bucket.name(event, pace.in(CALL)), key(event));
        Optional<StorageApi.Stored> ours =
            there.filter(stored -> LeaseTerms.of(stored.text()).id().equals(first.id()));
        if (ours.isPresent()) {
          etag = ours.get().etag();
          until = LeaseTerms.of(ours.get().text()).until();
        }
        return ours.isPresent();
      } catch (ProviderException failure) {
        LOG.log(
            Level.WARNING,
            "the lease of event {0} cannot be read: {1}",
            event,
            failure.getMessage());
        return true;
      }
    }

    @Override
    public void onLoss(Runnable action) {
      lock.lock();
      try {
        loss = action;
        if (lost) {
          action.run();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      boolean interrupted = Thread.interrupted();
      lock.lock();
      try {
        if (closed) {
          return;
        }
        closed = true;
        ending.signalAll();
        bucket
            .api()
            .deleteExactly(pace.in(CALL), bucket.name(event, pace.in(CALL)), key(event), etag);
      } catch (ProviderException failure) {
        if (failure.kind() == Kind.NOT_FOUND || lost) {
          return; // another run took it over, and may have ended since
        }
        LOG.log(
            Level.WARNING,
            "the lease of event {0} could not be given back and ends by itself within {1} s: {2}",
            event,
            TIME_TO_LIVE.plus(SKEW).toSeconds(),
            failure.getMessage());
      } catch (InterruptedException again) {
        interrupted = true;
      } finally {
        lock.unlock();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
