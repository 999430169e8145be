package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.MachineApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.services.ec2.model.CreateFleetRequest;
import software.amazon.awssdk.services.ec2.model.CreateFleetResponse;
import software.amazon.awssdk.services.ec2.model.DefaultTargetCapacityType;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateConfigRequest;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateOverridesRequest;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.FleetType;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.TargetCapacitySpecificationRequest;

/**
 * Launches machines for missing nodes, pool after pool. One pool a call, so that the client token
 * says exactly what was asked: whoever asks for the same again, in this run or a later one, gets
 * the machines that the first asking gave, whether a list shows them yet or not.
 */
final class FleetLaunch {
  private static final int ATTEMPTS_MAX = 20;

  /**
   * For how long the tokens after the first say the same. The first never changes. Where its answer
   * has no machine that lives, it may be an old one, of a pool that had no room then: the next
   * tokens ask anew in each turn, and within one they cannot launch twice. A launch becomes visible
   * long before a turn is over.
   */
  private static final long TURN_SECONDS = 180;

  /** How long after a launch its machines may be unseen; those that stay so have long ended. */
  private static final Duration SEEN = Duration.ofMinutes(2);

  private final AwsSettings settings;
  private final Calls calls;
  private final MachineApi api;
  private final Pools pools;
  private final LaunchTemplatePart templates;

  /** Held while a template's version is looked for or made: batches of one fleet share it. */
  private final ReentrantLock making = new ReentrantLock();

  /** The turn of what was asked for and not answered. */
  private final Map<List<String>, Long> unanswered = new ConcurrentHashMap<>();

  FleetLaunch(
      AwsSettings settings,
      AwsClients clients,
      LaunchTemplatePart templates,
      CapacityReservationPart reservations,
      NodeTemplate form) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new MachineApi(clients);
    this.pools = new Pools(settings, clients, reservations, form);
    this.templates = templates;
  }

  /** Which machines are asked for. */
  private record Wanted(Resource.NodeFleet fleet, List<String> names, List<String> instead) {}

  /** What is done with machines as soon as they are there. */
  interface Naming {
    void name(List<String> ids, List<String> names) throws ProviderException, InterruptedException;
  }

  /**
   * Launches a machine for each name.
   *
   * @param instead the ids of machines that these take the names of: what was asked for those must
   *     not be the answer for these
   * @throws ProviderException INSUFFICIENT_CAPACITY or QUOTA_EXCEEDED when no pool has the rest
   */
  void launch(
      Resource.NodeFleet fleet,
      List<String> names,
      List<String> instead,
      Desired plan,
      Tags tags,
      Deadline deadline,
      Naming naming)
      throws ProviderException, InterruptedException {
    List<String> missing = new ArrayList<>(names);
    Refusals refusals = new Refusals();
    for (Pools.Pool pool : pools.of(fleet, plan, tags, deadline)) {
      if (missing.isEmpty()) {
        return;
      }
      Wanted wanted = new Wanted(fleet, List.copyOf(missing), instead);
      List<String> ids = from(pool, wanted, plan, tags, deadline, refusals);
      List<String> named = List.copyOf(missing.subList(0, Math.min(ids.size(), missing.size())));
      naming.name(ids.subList(0, named.size()), named);
      missing.subList(0, named.size()).clear();
    }
    if (!missing.isEmpty()) {
      throw refusals.lacking(fleet, missing.size());
    }
  }

  /** The ids that one pool gave, all alive; fewer than asked for when it has no more. */
  private List<String> from(
      Pools.Pool pool, Wanted wanted, Desired plan, Tags tags, Deadline deadline, Refusals refusals)
      throws ProviderException, InterruptedException {
    Resource.NodeFleet fleet = wanted.fleet();
    SortedMap<String, String> onMachines =
        EventTags.with(
            EventTags.of(tags, fleet.id(), settings, Map.of("profile", fleet.profile())),
            EventTags.ZONE,
            fleet.zone());
    LaunchTemplatePart.Version version;
    making.lockInterruptibly();
    try {
      version =
          templates.version(
              fleet.id().value(), plan, tags, onMachines, pool.reservation(), deadline);
    } finally {
      making.unlock();
    }
    List<String> words =
        List.of(
            tags.event().value(),
            fleet.id().value(),
            String.join(",", wanted.names()),
            String.join(",", wanted.instead()),
            pool.type(),
            pool.zoneName(),
            pool.reservation().orElse(""));
    long now = calls.pace().clock().instant().getEpochSecond() / TURN_SECONDS;
    long turn = unanswered.computeIfAbsent(words, key -> now);
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      String token = token(words, turn, attempt);
      CreateFleetResponse answer;
      try {
        answer =
            calls.settling(
                deadline,
                request(pool, wanted.names().size(), version, onMachines, token, deadline));
      } catch (ProviderException failure) {
        switch (AwsErrors.reason(failure)) {
          case POOL_EMPTY -> {
            refusals.add(pool, failure);
            unanswered.remove(words);
            return List.of();
          }
          case TOKEN_SPENT, TOKEN_MISMATCH -> {
            continue;
          }
          case IN_USE, CONDITION_FAILED, NO_BUCKET, NOT_OFFERED, PLAIN -> throw failure;
        }
        continue;
      }
      List<String> ids =
          answer.instances().stream().flatMap(set -> set.instanceIds().stream()).toList();
      List<String> alive = alive(ids, deadline);
      boolean throttled = ids.isEmpty() && refusals.mayPass(answer.errors(), pool);
      boolean old = attempt == 1 && ids.isEmpty();
      if (!alive.isEmpty() || (ids.isEmpty() && !throttled && !old)) {
        unanswered.remove(words);
        return alive;
      }
      if (throttled) {
        calls.pace().sleeper().sleep(Duration.ofSeconds(2));
      }
    }
    throw new ProviderException(
        Kind.UNAVAILABLE,
        "the machines of " + fleet.id() + " ended as often as they were launched",
        "Look at the state reasons of the ended instances, then run the same command again.");
  }

  private static String token(List<String> words, long turn, int attempt) {
    List<String> all = new ArrayList<>(words);
    if (attempt > 1) {
      all.add(Long.toString(turn));
    }
    all.add(Integer.toString(attempt));
    return Names.token(all.toArray(String[]::new));
  }

  private Calls.Attempt<CreateFleetResponse> request(
      Pools.Pool pool,
      int machines,
      LaunchTemplatePart.Version version,
      SortedMap<String, String> tags,
      String token,
      Deadline deadline) {
    CreateFleetRequest request =
        CreateFleetRequest.builder()
            .type(FleetType.INSTANT)
            .clientToken(token)
            .targetCapacitySpecification(
                TargetCapacitySpecificationRequest.builder()
                    .totalTargetCapacity(machines)
                    .onDemandTargetCapacity(machines)
                    .defaultTargetCapacityType(DefaultTargetCapacityType.ON_DEMAND)
                    .build())
            .launchTemplateConfigs(
                FleetLaunchTemplateConfigRequest.builder()
                    .launchTemplateSpecification(
                        FleetLaunchTemplateSpecificationRequest.builder()
                            .launchTemplateId(version.templateId())
                            .version(Long.toString(version.number()))
                            .build())
                    .overrides(
                        FleetLaunchTemplateOverridesRequest.builder()
                            .instanceType(pool.type())
                            .subnetId(pool.subnetId())
                            .build())
                    .build())
            .tagSpecifications(Ec2Tags.on(ResourceType.INSTANCE, tags))
            .build();
    return () -> api.launch(deadline, request);
  }

  /** A repeated token may answer with machines that have ended since, or that no list has left. */
  private List<String> alive(List<String> ids, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, InstanceStateName> seen = new TreeMap<>();
    Deadline settled = deadline.atMost(SEEN);
    try {
      calls.until(
          settled,
          "Run the same command again: it finds the machines by their tags.",
          () -> {
            if (!seen.keySet().containsAll(ids)) {
              api.instances(deadline, Ec2Tags.filter("instance-id", ids.toArray(new String[0])))
                  .forEach(instance -> seen.put(instance.instanceId(), instance.state().name()));
            }
            return ids.stream()
                .filter(id -> !seen.containsKey(id))
                .findFirst()
                .map(id -> "machine " + id + " is not seen yet");
          });
    } catch (ProviderException unseen) {
      if (unseen.getCause() != null || !settled.passed() || deadline.passed()) {
        throw unseen;
      }
    }
    return seen.entrySet().stream()
        .filter(entry -> lives(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean lives(InstanceStateName state) {
    return switch (state) {
      case PENDING, RUNNING -> true;
      case STOPPING, STOPPED, SHUTTING_DOWN, TERMINATED, UNKNOWN_TO_SDK_VERSION -> false;
    };
  }
}
