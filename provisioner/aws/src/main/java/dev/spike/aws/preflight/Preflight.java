package dev.spike.aws.preflight;

import dev.spike.aws.AwsSettings;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * All that can be known before anything is rented, looked at together, so that one run names all
 * that is missing. Without desired resources of the first stage only the rights are looked at: a
 * tier that stands has to be warmed, and removed, whatever became of quotas.
 */
public final class Preflight {
  private static final Duration TIME = Duration.ofMinutes(2);
  private static final int AT_ONCE_MAX = 16;

  private final AwsSettings settings;
  private final AwsClients clients;

  public Preflight(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.clients = clients;
  }

  /** A look and what it is about, for the finding when it fails as a whole. */
  private record Named(String what, Look look) {}

  /** Findings in a fixed order; a question that could not be asked is a finding too. */
  public List<Finding> findings(List<Resource> desired, Optional<EventName> event) {
    Needs needs = Needs.of(desired);
    Deadline deadline = clients.calls().pace().in(TIME);
    List<Finding> findings = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE_MAX)) {
      List<Callable<List<Finding>>> asked = new ArrayList<>();
      for (Named named : looks(needs, event)) {
        asked.add(() -> answered(named, deadline));
      }
      for (Future<List<Finding>> answer : threads.invokeAll(asked)) {
        findings.addAll(answer.get());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      findings.add(
          Finding.missing(
              "preflight", "cut off before it ended", Kind.UNAVAILABLE, "Run the command again."));
    } catch (ExecutionException bug) {
      throw new IllegalStateException("a preflight question failed", bug);
    }
    return findings;
  }

  private List<Named> looks(Needs needs, Optional<EventName> event) {
    List<Named> looks = new ArrayList<>();
    AccountLooks account = new AccountLooks(settings, clients);
    looks.add(new Named("AWS credentials", account::term));
    looks.add(new Named("AWS account", account::account));
    if (needs.isEmpty()) {
      return looks;
    }
    new GivenLooks(settings, clients)
        .looks()
        .forEach(look -> looks.add(new Named("what was given", look)));
    event.ifPresent(
        name ->
            looks.add(
                new Named(
                    "leftovers",
                    Look.permitted(
                        "resources of event " + name,
                        "tag:GetResources",
                        new LeftoverLook(clients, name)::leftovers))));
    PlaceLooks places = new PlaceLooks(settings, clients, needs, event);
    looks.add(new Named("machine types", places::offerings));
    looks.add(new Named("image of the nodes", places.image()));
    if (!settings.subnetIds().isEmpty()) {
      looks.add(new Named("addresses", places::addresses));
    }
    new QuotaLooks(settings, clients, needs, event)
        .looks()
        .forEach(look -> looks.add(new Named("quotas", look)));
    return looks;
  }

  private static List<Finding> answered(Named named, Deadline deadline)
      throws InterruptedException {
    try {
      return named.look().findings(deadline);
    } catch (ProviderException failure) {
      if (AwsErrors.reason(failure) == AwsErrors.Reason.NOT_OFFERED) {
        return List.of(
            Finding.warning(
                named.what(),
                "this endpoint cannot tell: " + failure.getMessage(),
                "Make sure of it by hand."));
      }
      return List.of(
          Finding.missing(
              named.what(), String.valueOf(failure.getMessage()), failure.kind(), failure.next()));
    }
  }
}
