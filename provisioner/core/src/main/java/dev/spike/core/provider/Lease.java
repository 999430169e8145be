package dev.spike.core.provider;

/** The right to change an event's resources, held by one run at a time. */
public interface Lease extends AutoCloseable {
  /**
   * Runs the action, once and on any thread, when the right is lost before it was given back:
   * another run has it, or may have it soon because it could not be renewed. Nothing may be begun
   * then. What cannot be lost never runs it.
   */
  default void onLoss(Runnable action) {}

  /** Gives the right back. Never throws. */
  @Override
  void close();
}
