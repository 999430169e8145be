package dev.spike.aws;

import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Provider;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.testkit.ProviderContractTest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same contract where placement groups, the cache's groups and reservations cannot be made:
 * moto as it comes, and accounts whose owners keep these to themselves.
 */
class PlainMotoContractTest extends ProviderContractTest {
  @RegisterExtension static final MotoServer AWS = MotoServer.plain();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  @TempDir static Path folder;
  private static final AtomicInteger EVENTS = new AtomicInteger();
  private static Plan plan;

  @BeforeAll
  static void planOnce() throws Exception {
    plan = CloudPlans.plan(folder, "plain", 500, PlatformTeam.givesAllThatMotoLacks(AWS));
  }

  @Override
  protected Provider open() throws Exception {
    return EmulatedAws.open(AWS, plan);
  }

  @Override
  protected EventName event() {
    // Of its own each time: moto keeps the caches of earlier ones for ever.
    return new EventName("plain-" + EVENTS.incrementAndGet());
  }

  @Override
  protected List<Resource> tier() {
    return plan.resources();
  }
}
