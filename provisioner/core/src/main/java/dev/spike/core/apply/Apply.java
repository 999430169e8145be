package dev.spike.core.apply;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Carries out steps in their order, independent ones at the same time. It starts no step after a
 * stop or the deadline; a step that runs then has {@link #GRACE} to end, is interrupted after it,
 * and counts as unknown.
 */
final class Apply {
  /** How long a running step may go on after a stop. With the provider's 2 s it stays below 10. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** How long after an interrupt a step's thread is waited for. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(3);

  /**
   * How many steps run at once at most. Most of them wait for their provider, some for an hour, and
   * the others must not wait for those.
   */
  private static final int PARALLEL_MAX = 64;

  /** How often one step is tried at most when the provider is throttled or away. */
  private static final int TRIES_MAX = 3;

  private final Deed deed;
  private final RunListener listener;
  private final Stop stop;
  private final Duration firstPause;

  /** What carries out a step. */
  interface Deed {
    void carryOut(Step step, List<Resource> desired, Tags tags, Deadline deadline)
        throws ProviderException, InterruptedException;
  }

  /** Carries out changes with a provider. */
  Apply(Provider provider, RunListener listener, Stop stop, Duration firstPause) {
    this(
        (step, desired, tags, deadline) -> call(provider, step, desired, tags, deadline),
        listener,
        stop,
        firstPause);
  }

  Apply(Deed deed, RunListener listener, Stop stop, Duration firstPause) {
    this.deed = deed;
    this.listener = listener;
    this.stop = stop;
    this.firstPause = firstPause;
  }

  private record Done(Step step, Outcome outcome) {}

  /** A wake-up without an outcome: somebody asked to stop. */
  private static final class Wake {}

  List<Outcome> run(List<Step> steps, List<Resource> desired, Tags tags, Deadline deadline)
      throws InterruptedException {
    BlockingQueue<Object> reports = new LinkedBlockingQueue<>();
    stop.onRequest(() -> reports.add(new Wake()));
    Map<String, Step> waiting = new LinkedHashMap<>();
    steps.forEach(step -> waiting.put(step.key(), step));
    Map<String, Thread> running = new HashMap<>();
    Set<String> unmet = new HashSet<>();
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    while (!waiting.isEmpty() || !running.isEmpty()) {
      boolean halted = stop.requested() || deadline.passed();
      if (halted) {
        break;
      }
      skipUnmet(waiting, unmet, outcomes);
      start(waiting, running, desired, tags, deadline, reports);
      if (running.isEmpty()) {
        continue;
      }
      Object report = reports.poll(deadline.left().toMillis() + 1, TimeUnit.MILLISECONDS);
      if (report instanceof Done done) {
        settle(done, running, unmet, outcomes);
      }
    }
    drain(reports, running, unmet, outcomes);
    String why = stop.requested() ? "the run was stopped" : "the deadline passed";
    for (Step step : waiting.values()) {
      Outcome skipped = new Outcome.Skipped(step.change().id(), why);
      outcomes.put(step.key(), skipped);
      tell(step, StepEvent.State.SKIPPED, Duration.ZERO, why);
    }
    return new ArrayList<>(outcomes.values());
  }

  private void skipUnmet(Map<String, Step> waiting, Set<String> unmet, Map<String, Outcome> out) {
    boolean more = true;
    while (more) {
      more = false;
      for (Step step : List.copyOf(waiting.values())) {
        if (step.waitsForAny(unmet)) {
          waiting.remove(step.key());
          unmet.add(step.key());
          String why =
              "it waits for "
                  + String.join(", ", step.after().stream().filter(unmet::contains).toList());
          out.put(step.key(), new Outcome.Skipped(step.change().id(), why));
          tell(step, StepEvent.State.SKIPPED, Duration.ZERO, why);
          more = true;
        }
      }
    }
  }

  private void start(
      Map<String, Step> waiting,
      Map<String, Thread> running,
      List<Resource> desired,
      Tags tags,
      Deadline deadline,
      BlockingQueue<Object> reports) {
    for (Step step : List.copyOf(waiting.values())) {
      boolean free =
          step.after().stream()
              .noneMatch(key -> waiting.containsKey(key) || running.containsKey(key));
      if (free && running.size() < PARALLEL_MAX) {
        waiting.remove(step.key());
        tell(step, StepEvent.State.STARTED, Duration.ZERO, detail(step.change()));
        Thread thread =
            Thread.ofPlatform()
                .daemon()
                .name("step " + step.key())
                .unstarted(
                    () -> reports.add(new Done(step, attempt(step, desired, tags, deadline))));
        running.put(step.key(), thread);
        thread.start();
      }
    }
  }

  private void settle(
      Done done, Map<String, Thread> running, Set<String> unmet, Map<String, Outcome> outcomes) {
    running.remove(done.step().key());
    outcomes.put(done.step().key(), done.outcome());
    switch (done.outcome()) {
      case Outcome.Applied applied ->
          tell(done.step(), StepEvent.State.DONE, applied.elapsed(), "");
      case Outcome.Failed failed -> {
        unmet.add(done.step().key());
        tell(
            done.step(),
            StepEvent.State.FAILED,
            failed.elapsed(),
            String.valueOf(failed.failure().getMessage()));
      }
      case Outcome.Unknown unknown -> {
        unmet.add(done.step().key());
        tell(done.step(), StepEvent.State.UNKNOWN, unknown.elapsed(), unknown.why());
      }
      case Outcome.Skipped skipped -> unmet.add(done.step().key());
    }
  }

  private void drain(
      BlockingQueue<Object> reports,
      Map<String, Thread> running,
      Set<String> unmet,
      Map<String, Outcome> outcomes)
      throws InterruptedException {
    awaitRunning(reports, running, unmet, outcomes, GRACE);
    running.values().forEach(Thread::interrupt);
    awaitRunning(reports, running, unmet, outcomes, LAST_WAIT);
    for (Map.Entry<String, Thread> left : running.entrySet()) {
      outcomes.put(
          left.getKey(),
          new Outcome.Unknown(
              new ResourceId(left.getKey().substring(left.getKey().indexOf(' ') + 1)),
              "it did not end when it was interrupted",
              GRACE.plus(LAST_WAIT)));
    }
  }

  private void awaitRunning(
      BlockingQueue<Object> reports,
      Map<String, Thread> running,
      Set<String> unmet,
      Map<String, Outcome> outcomes,
      Duration patience)
      throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (!running.isEmpty()) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return;
      }
      if (reports.poll(left, TimeUnit.NANOSECONDS) instanceof Done done) {
        settle(done, running, unmet, outcomes);
      }
    }
  }

  private Outcome attempt(Step step, List<Resource> desired, Tags tags, Deadline deadline) {
    long from = System.nanoTime();
    Duration pause = firstPause;
    for (int attempt = 1; ; attempt++) {
      try {
        deed.carryOut(step, desired, tags, deadline);
        return new Outcome.Applied(step.change().id(), step.word(), since(from));
      } catch (InterruptedException interrupted) {
        return new Outcome.Unknown(step.change().id(), "it was cut off midway", since(from));
      } catch (ProviderException failure) {
        boolean again =
            attempt < TRIES_MAX
                && mayPass(failure.kind())
                && deadline.left().compareTo(pause) > 0
                && !stop.requested();
        if (!again) {
          return new Outcome.Failed(step.change().id(), failure, since(from));
        }
        tell(step, StepEvent.State.RETRYING, since(from), String.valueOf(failure.getMessage()));
        try {
          Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
          return new Outcome.Unknown(step.change().id(), "it was cut off midway", since(from));
        }
        pause = pause.multipliedBy(2);
      } catch (RuntimeException bug) {
        return new Outcome.Failed(
            step.change().id(),
            new ProviderException(
                ProviderException.Kind.INVALID,
                step.key() + " failed inside spike: " + bug,
                "Report this with the output of the same command under -v.",
                bug),
            since(from));
      }
    }
  }

  private static void call(
      Provider provider, Step step, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    switch (step.action()) {
      case DELETE -> provider.delete(tags.event(), step.change().id(), deadline);
      case CREATE -> provider.create(resource(step.change()), desired, tags, deadline);
      case UPDATE -> {
        if (step.change() instanceof Change.Update update) {
          provider.update(update.resource(), update.observed(), desired, tags, deadline);
        }
      }
    }
  }

  private static Resource resource(Change change) {
    return switch (change) {
      case Change.Create create -> create.resource();
      case Change.Update update -> update.resource();
      case Change.Replace replace -> replace.resource();
      case Change.Keep keep -> keep.resource();
      case Change.Delete delete ->
          throw new IllegalStateException("a deletion has no desired resource: " + delete.id());
    };
  }

  private static boolean mayPass(ProviderException.Kind kind) {
    return switch (kind) {
      case THROTTLED, UNAVAILABLE -> true;
      case NOT_FOUND,
          ALREADY_EXISTS,
          INSUFFICIENT_CAPACITY,
          QUOTA_EXCEEDED,
          UNAUTHORIZED,
          INVALID ->
          false;
    };
  }

  private static String detail(Change change) {
    return switch (change) {
      case Change.Update update -> String.join("; ", update.differences());
      case Change.Replace replace -> String.join("; ", replace.differences());
      case Change.Create create -> "";
      case Change.Delete delete -> "";
      case Change.Keep keep -> "";
    };
  }

  private void tell(Step step, StepEvent.State state, Duration elapsed, String detail) {
    synchronized (listener) {
      listener.step(new StepEvent(step.change().id(), step.word(), state, elapsed, detail));
    }
  }

  private static Duration since(long from) {
    return Duration.ofNanos(System.nanoTime() - from);
  }
}
