package dev.spike.core.apply;

import java.util.ArrayList;
import java.util.List;

/** A request from outside to stop: no new step starts, running ones get a short while to end. */
public final class Stop {
  private final List<Runnable> actions = new ArrayList<>();
  private int signal;

  /**
   * Asks the run to stop; later requests change nothing.
   *
   * @param number the signal that asked, such as 2 for SIGINT and 15 for SIGTERM
   */
  public void request(int number) {
    List<Runnable> run;
    synchronized (this) {
      if (signal != 0) {
        return;
      }
      signal = number;
      run = List.copyOf(actions);
    }
    run.forEach(Runnable::run);
  }

  public synchronized boolean requested() {
    return signal != 0;
  }

  /** The signal that asked, or 0. */
  public synchronized int signal() {
    return signal;
  }

  /** Runs {@code action} at the request, or at once when it was made already. */
  public void onRequest(Runnable action) {
    synchronized (this) {
      if (signal == 0) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }
}
