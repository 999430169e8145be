package dev.spike.core.provider;

/** The right to change an event's resources, held by one run at a time. */
public interface Lease extends AutoCloseable {
  /** Gives the right back. Never throws. */
  @Override
  void close();
}
