package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.MotoServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The worlds that deaths of a program leave, continued one by one. */
final class LeftWorldsOf {
  /** Of the emulators' processes and of this one there are two cores' worth. */
  private static final int AT_ONCE = 3;

  private LeftWorldsOf() {}

  /** What is done with a copy of a world. */
  interface Continuation {
    void in(MotoServer copy) throws Exception;
  }

  /** Continues each world in a copy of its own; fails with the names of those that go wrong. */
  static void each(MotoServer server, MotoServer.LeftWorlds left, Continuation continuation)
      throws Exception {
    List<String> failures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> cases = new ArrayList<>();
      for (int world = 0; world < left.worlds().size(); world++) {
        int number = world;
        cases.add(
            threads.submit(
                () -> {
                  try (MotoServer copy = server.open(number)) {
                    continuation.in(copy);
                    return true;
                  }
                }));
      }
      for (int world = 0; world < cases.size(); world++) {
        try {
          cases.get(world).get();
        } catch (java.util.concurrent.ExecutionException failed) {
          failures.add(left.worlds().get(world) + ": " + failed.getCause());
        }
      }
    }
    assertThat(failures).isEmpty();
  }
}
