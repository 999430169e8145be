package dev.spike.core.provider;

import java.time.Clock;
import java.util.Map;

/** What a provider's module registers for {@link java.util.ServiceLoader}. */
public interface ProviderFactory {
  /** {@code local} or {@code aws}. */
  String name();

  /**
   * Opens the provider.
   *
   * @param settings what the plan holds under {@code provider.NAME}, flat, as text
   */
  Provider open(Map<String, String> settings, Clock clock) throws ProviderException;
}
