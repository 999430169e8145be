package dev.spike.local;

import dev.spike.core.provider.Provider;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.testkit.ProviderContractTest;
import dev.spike.testkit.Tiers;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;

/** The provider's contract, kept by a real tier of one zone and one node. Needs root. */
@EnabledIf(
    value = "dev.spike.local.RealTier#possible",
    disabledReason = "needs root, the tools of spike doctor, and a built spike-node.jar")
class LocalProviderContractTest extends ProviderContractTest {
  @Override
  protected Provider open() {
    RealTier.installBundle();
    return new LocalProvider(Clock.systemUTC());
  }

  @Override
  protected EventName event() {
    return RealTier.event();
  }

  @Override
  protected List<Resource> tier() {
    return Tiers.tier(1, "a");
  }
}
