package dev.spike.testkit;

import dev.spike.core.provider.Provider;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import java.util.List;

class InMemoryProviderContractTest extends ProviderContractTest {
  @Override
  protected Provider open() {
    return new InMemoryProvider(new InMemoryWorld(), new FaultPlan());
  }

  @Override
  protected EventName event() {
    return new EventName("contract");
  }

  @Override
  protected List<Resource> tier() {
    return Tiers.tier(1, "a");
  }
}
