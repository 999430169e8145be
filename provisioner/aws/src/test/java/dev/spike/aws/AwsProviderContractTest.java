package dev.spike.aws;

import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.provider.Provider;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.testkit.ProviderContractTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole tier with everything that spike makes itself. */
class AwsProviderContractTest extends ProviderContractTest {
  @RegisterExtension static final MotoServer AWS = MotoServer.extended();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  @TempDir Path folder;
  private List<Resource> tier = List.of();

  @Override
  protected Provider open() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    var plan = CloudPlans.plan(folder, "contract", 500, PlatformTeam.gives(AWS));
    tier = plan.resources();
    return EmulatedAws.open(AWS, plan);
  }

  @Override
  protected EventName event() {
    return new EventName("contract");
  }

  @Override
  protected List<Resource> tier() {
    return tier;
  }
}
