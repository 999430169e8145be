package dev.spike.testkit;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** Which calls go wrong, and how: a queue of faults for each call, named {@code verb id}. */
public final class FaultPlan {
  private final Map<String, Queue<Fault>> faults = new HashMap<>();

  /**
   * Adds a fault for the next call of that name that has none yet.
   *
   * @param call such as {@code create cache} or {@code observe}
   */
  public synchronized FaultPlan on(String call, Fault fault) {
    faults.computeIfAbsent(call, name -> new ArrayDeque<>()).add(fault);
    return this;
  }

  /** Takes back every fault that has not come yet. */
  public synchronized void forget() {
    faults.clear();
  }

  synchronized Optional<Fault> next(String call) {
    Queue<Fault> queue = faults.get(call);
    return queue == null ? Optional.empty() : Optional.ofNullable(queue.poll());
  }
}
