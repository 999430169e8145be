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

  /** Findings in a fixed order; a question that could not be asked is a finding too. */
  public List<Finding> findings(List<Resource> desired, Optional<EventName> event) {
    Needs needs = Needs.of(desired);
    Deadline deadline = clients.calls().pace().in(TIME);
    AccountLooks account = new AccountLooks(settings, clients);
    List<Finding> findings = new ArrayList<>();
    try {
      // Who is not let in, or does not reach AWS at all, learns it once and not from every
      // question.
      for (Look.Named look :
          List.of(
              new Look.Named("AWS credentials", account::term),
              new Look.Named("AWS account", account::account))) {
        findings.addAll(answered(look, deadline));
        if (findings.stream().anyMatch(finding -> finding.failure().isPresent())) {
          return findings;
        }
      }
      if (!needs.isEmpty()) {
        findings.addAll(answers(looks(needs, event), deadline));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      findings.add(
          Finding.missing(
              "preflight", "cut off before it ended", Kind.UNAVAILABLE, "Run the command again."));
    }
    return findings;
  }

  /** The account alone, as a failure where it is not the plan's; no call where none is named. */
  public void admit(Deadline deadline) throws ProviderException, InterruptedException {
    if (settings.account().isEmpty()) {
      return;
    }
    for (Finding finding : new AccountLooks(settings, clients).account(deadline)) {
      if (finding.failure().isPresent()) {
        throw new ProviderException(
            finding.failure().get(), finding.what() + " " + finding.observed(), finding.next());
      }
    }
  }

  private List<Look.Named> looks(Needs needs, Optional<EventName> event) {
    List<Look.Named> looks = new ArrayList<>(new GivenLooks(settings, clients).looks());
    event.ifPresent(
        name ->
            looks.add(
                new Look.Named(
                    "resources of event " + name,
                    Look.permitted(
                        "resources of event " + name,
                        "tag:GetResources",
                        new LeftoverLook(clients, name)::leftovers))));
    PlaceLooks places = new PlaceLooks(settings, clients, needs, event);
    looks.add(new Look.Named("machine types", places::offerings));
    looks.add(new Look.Named("image of the nodes", places.image()));
    if (!settings.subnetIds().isEmpty()) {
      looks.add(new Look.Named("addresses of the subnets", places::addresses));
      looks.add(
          new Look.Named("ways out of the subnets", new WayOutLook(settings, clients)::findings));
    }
    looks.addAll(new QuotaLooks(settings, clients, needs, event).looks());
    return looks;
  }

  private static List<Finding> answers(List<Look.Named> looks, Deadline deadline)
      throws InterruptedException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(AT_ONCE_MAX, looks.size()))) {
      List<Callable<List<Finding>>> asked = new ArrayList<>();
      for (Look.Named named : looks) {
        asked.add(() -> answered(named, deadline));
      }
      List<Finding> findings = new ArrayList<>();
      for (Future<List<Finding>> answer : threads.invokeAll(asked)) {
        findings.addAll(answer.get());
      }
      return findings;
    } catch (ExecutionException bug) {
      throw new IllegalStateException("a preflight question failed", bug);
    }
  }

  private static List<Finding> answered(Look.Named named, Deadline deadline)
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
