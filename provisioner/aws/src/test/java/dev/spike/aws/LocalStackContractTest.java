package dev.spike.aws;

import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Provider;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.testkit.ProviderContractTest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;

/**
 * The same contract on another emulator, where it can run; else the reason stands in the report.
 */
@ExtendWith(LocalStackContractTest.WhereItCanRun.class)
class LocalStackContractTest extends ProviderContractTest {
  private static final String IMAGE = "localstack/localstack-pro:4.5";
  private static final String TOKEN = "LOCALSTACK_AUTH_TOKEN";

  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  @TempDir static Path folder;
  private static final AtomicInteger EVENTS = new AtomicInteger();
  private static LocalStackContainer server;
  private static Plan plan;

  /** Asks for the token first, so that nobody without one waits for a Docker that is not there. */
  static final class WhereItCanRun implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (System.getenv(TOKEN) == null) {
        return ConditionEvaluationResult.disabled(
            TOKEN + " is not set, and LocalStack has balancers and caches only with one");
      }
      return DockerClientFactory.instance().isDockerAvailable()
          ? ConditionEvaluationResult.enabled("Docker answers")
          : ConditionEvaluationResult.disabled("no Docker answers on this machine");
    }
  }

  @BeforeAll
  static void start() throws Exception {
    server = new LocalStackContainer(IMAGE).withEnv(TOKEN, System.getenv(TOKEN));
    server.start();
    plan =
        CloudPlans.plan(
            folder, "stacked", 500, PlatformTeam.givesAllThatMotoLacks(server.getEndpoint()));
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @Override
  protected Provider open() throws Exception {
    return EmulatedAws.open(server.getEndpoint(), plan.provider().settings());
  }

  @Override
  protected EventName event() {
    return new EventName("stacked-" + EVENTS.incrementAndGet());
  }

  @Override
  protected List<Resource> tier() {
    return plan.resources();
  }
}
