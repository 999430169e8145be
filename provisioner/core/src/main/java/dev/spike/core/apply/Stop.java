package dev.spike.core.apply;

import java.util.ArrayList;
import java.util.List;

/**
 * A request to stop, from outside or because the lease was lost: no new step starts, running ones
 * get a short while to end.
 */
public final class Stop {
  private final List<Runnable> actions = new ArrayList<>();
  private int signal;
  private boolean leaseLost;

  /**
   * Asks the run to stop; later requests change nothing.
   *
   * @param number the signal that asked, such as 2 for SIGINT and 15 for SIGTERM
   */
  public void request(int number) {
    begin(number, false);
  }

  /** Stops the run because the lease is not its own any more; later requests change nothing. */
  void loseLease() {
    begin(0, true);
  }

  private void begin(int number, boolean lost) {
    List<Runnable> run;
    synchronized (this) {
      if (requested()) {
        return;
      }
      signal = number;
      leaseLost = lost;
      run = List.copyOf(actions);
    }
    run.forEach(Runnable::run);
  }

  public synchronized boolean requested() {
    return signal != 0 || leaseLost;
  }

  /** How a run ends that this stopped. */
  synchronized Ending ending() {
    return leaseLost ? Ending.LEASE_HELD : Ending.STOPPED;
  }

  /** The signal that asked, or 0. */
  public synchronized int signal() {
    return signal;
  }

  /** Runs {@code action} at the request, or at once when it was made already. */
  public void onRequest(Runnable action) {
    synchronized (this) {
      if (!requested()) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }
}
