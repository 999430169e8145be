package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.IndependentCount;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.RunResult;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Provider;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.testkit.ProviderContractTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

  @Test
  void theWholeTierComesAndGoesByOneCommandEachAndOnlyWhatMotoKeepsForEverStays() throws Exception {
    try (Provider provider = open()) {
      RunResult provisioned = EmulatedAws.provision(provider, plan);
      RunResult removed = EmulatedAws.teardown(provider, plan);

      assertThat(provisioned.ending()).as("%s", provisioned.diagnostics()).isEqualTo(Ending.DONE);
      assertThat(removed.ending()).as("%s", removed.diagnostics()).isEqualTo(Ending.DONE);
    }
    SortedMap<String, List<String>> left = IndependentCount.ofPlain(AWS);
    assertThat(left.remove("cache")).hasSizeLessThanOrEqualTo(EVENTS.get() + 1);
    assertThat(left)
        .isEqualTo(
            Map.of(
                "secret", List.of("given-certificate"),
                "cache-subnet-group", List.of(PlatformTeam.SUBNET_GROUP)));
  }
}
