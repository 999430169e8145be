package dev.spike.local;

import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderFactory;
import java.time.Clock;
import java.util.Map;

/** Registers the provider {@code local}. */
public final class LocalProviderFactory implements ProviderFactory {
  @Override
  public String name() {
    return LocalProvider.NAME;
  }

  @Override
  public Provider open(Map<String, String> settings, Clock clock) {
    return new LocalProvider(clock); // its settings shape the plan, and the plan says all
  }
}
