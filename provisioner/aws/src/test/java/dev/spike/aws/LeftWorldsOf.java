package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.MotoServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The worlds that deaths of a program leave, continued one by one. */
final class LeftWorldsOf {
  /** Of the emulators' processes and of this one there are two cores' worth. */
  private static final int AT_ONCE = 3;

  private LeftWorldsOf() {}

  /** What is done with a copy of a world. */
  interface Continuation {
    void in(MotoServer copy, MotoServer.LeftWorld world) throws Exception;
  }

  /** Continues each world in a copy of its own; fails with the names of those that go wrong. */
  static void each(MotoServer server, MotoServer.LeftWorlds left, Continuation continuation)
      throws Exception {
    each(server, left, world -> true, continuation);
  }

  /** As the other, of the worlds that fit alone. */
  static void each(
      MotoServer server,
      MotoServer.LeftWorlds left,
      Predicate<MotoServer.LeftWorld> which,
      Continuation continuation)
      throws Exception {
    List<Integer> numbers =
        IntStream.range(0, left.worlds().size())
            .filter(number -> which.test(left.worlds().get(number)))
            .boxed()
            .toList();
    all(
        numbers,
        number -> left.worlds().get(number).toString(),
        number -> {
          try (MotoServer copy = server.open(number)) {
            continuation.in(copy, left.worlds().get(number));
          }
        });
  }

  /** What is done with a copy in one of several cases. */
  interface Case {
    void in(MotoServer copy, String name) throws Exception;
  }

  /** Tries each case in a copy of its own of the present world; fails with the names of those. */
  static void copies(MotoServer server, Collection<String> cases, Case what) throws Exception {
    server.keepWorlds();
    server.keptWorlds();
    all(
        cases,
        name -> name,
        name -> {
          try (MotoServer copy = server.open(0)) {
            what.in(copy, name);
          }
        });
  }

  private interface Work<T> {
    void on(T one) throws Exception;
  }

  private static <T> void all(Collection<T> cases, Function<T, String> name, Work<T> work)
      throws InterruptedException {
    List<String> failures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      Map<T, Future<?>> running = new LinkedHashMap<>();
      for (T one : cases) {
        running.put(
            one,
            threads.submit(
                () -> {
                  work.on(one);
                  return true;
                }));
      }
      for (Map.Entry<T, Future<?>> one : running.entrySet()) {
        try {
          one.getValue().get();
        } catch (ExecutionException failed) {
          failures.add(name.apply(one.getKey()) + ": " + failed.getCause());
        }
      }
    }
    assertThat(failures).isEmpty();
  }
}
