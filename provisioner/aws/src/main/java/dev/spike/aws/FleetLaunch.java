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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.CreateFleetError;
import software.amazon.awssdk.services.ec2.model.CreateFleetRequest;
import software.amazon.awssdk.services.ec2.model.CreateFleetResponse;
import software.amazon.awssdk.services.ec2.model.DefaultTargetCapacityType;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateConfigRequest;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateOverridesRequest;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.FleetType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.TargetCapacitySpecificationRequest;

/**
 * Launches machines for missing nodes, pool after pool: first the reserved room, then each type in
 * its order in the fleet's own zone, then the same in the other zones. One pool a call, so that the
 * client token says exactly what was asked.
 */
final class FleetLaunch {
  private static final int ATTEMPTS_MAX = 20;

  /**
   * How long a token answers the same. Within it a repeated request cannot launch twice, and a
   * launch becomes visible long before it is over; after it a pool that had no room is asked anew,
   * where the old token would only tell the old answer.
   */
  private static final long TURN_SECONDS = 180;

  /** How many refusals are told: those of the own zone come first. */
  private static final int ANSWERS_MAX = 12;

  private final AwsSettings settings;
  private final Calls calls;
  private final MachineApi api;
  private final Sites sites;
  private final LaunchTemplatePart templates;
  private final CapacityReservationPart reservations;
  private final NodeTemplate form;

  FleetLaunch(
      AwsSettings settings,
      AwsClients clients,
      LaunchTemplatePart templates,
      CapacityReservationPart reservations,
      NodeTemplate form) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new MachineApi(clients);
    this.sites = new Sites(settings, clients);
    this.templates = templates;
    this.reservations = reservations;
    this.form = form;
  }

  /** Where machines may come from. */
  private record Pool(
      String type, String zoneName, String subnetId, Optional<String> reservation) {}

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
    List<ProviderException> refusals = new ArrayList<>();
    for (Pool pool : pools(fleet, plan, tags, deadline)) {
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
      throw lacking(fleet, missing, refusals);
    }
  }

  private static ProviderException lacking(
      Resource.NodeFleet fleet, List<String> missing, List<ProviderException> refusals) {
    boolean quota = refusals.stream().anyMatch(failure -> failure.kind() == Kind.QUOTA_EXCEEDED);
    String answers =
        refusals.stream()
            .map(failure -> String.valueOf(failure.getMessage()))
            .distinct()
            .limit(ANSWERS_MAX)
            .collect(Collectors.joining("; "));
    return new ProviderException(
        quota ? Kind.QUOTA_EXCEEDED : Kind.INSUFFICIENT_CAPACITY,
        missing.size() + " nodes of " + fleet.id() + " found no room in any pool: " + answers,
        quota
            ? "Ask for a higher vCPU quota (L-1216C47A) in Service Quotas, then run the same command"
                + " again."
            : "Add types to provider.aws.instanceTypes, or run the same command again later: it"
                + " launches only what is missing.");
  }

  private List<Pool> pools(Resource.NodeFleet fleet, Desired plan, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Site site = sites.find(tags.event(), plan.zones(), deadline);
    List<String> types = form.types(plan);
    List<Pool> pools = new ArrayList<>();
    Site.Place own = site.zones().get(fleet.zone());
    if (own == null) {
      throw new ProviderException(
          Kind.INVALID,
          "zone " + fleet.zone() + " of " + fleet.id() + " is not in the network",
          "Make the plan again with spike plan.");
    }
    if (settings.reservesNodes()) {
      for (Reservation room : reservations.active(tags.event(), fleet.zone(), deadline)) {
        pools.add(new Pool(room.type(), own.name(), own.subnetId(), Optional.of(room.id())));
      }
    }
    for (String type : types) {
      pools.add(new Pool(type, own.name(), own.subnetId(), Optional.empty()));
    }
    for (Site.Place other : site.zones().values()) {
      if (!other.equals(own)) {
        for (String type : types) {
          pools.add(new Pool(type, other.name(), other.subnetId(), Optional.empty()));
        }
      }
    }
    return pools;
  }

  /** The ids that one pool gave, all alive; fewer than asked for when it has no more. */
  private List<String> from(
      Pool pool,
      Wanted wanted,
      Desired plan,
      Tags tags,
      Deadline deadline,
      List<ProviderException> refusals)
      throws ProviderException, InterruptedException {
    Resource.NodeFleet fleet = wanted.fleet();
    SortedMap<String, String> onMachines =
        EventTags.with(
            EventTags.of(tags, fleet.id(), settings, Map.of("profile", fleet.profile())),
            EventTags.ZONE,
            fleet.zone());
    SortedMap<String, String> lasting = new java.util.TreeMap<>(onMachines);
    lasting.remove(EventTags.PLAN);
    LaunchTemplatePart.Version version =
        templates.version(fleet.id().value(), plan, tags, lasting, pool.reservation(), deadline);
    long turn = calls.pace().clock().instant().getEpochSecond() / TURN_SECONDS;
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      CreateFleetResponse answer;
      try {
        answer =
            calls.settling(
                deadline, request(pool, wanted, version, onMachines, turn, attempt, deadline));
      } catch (ProviderException failure) {
        switch (AwsErrors.reason(failure)) {
          case POOL_EMPTY -> {
            refusals.add(
                new ProviderException(
                    failure.kind(),
                    pool.type() + " in " + pool.zoneName() + ": " + failure.getMessage(),
                    failure.next(),
                    failure));
            return List.of();
          }
          case TOKEN_SPENT, TOKEN_MISMATCH -> {
            continue;
          }
          case IN_USE, CONDITION_FAILED, NOT_OFFERED, PLAIN -> throw failure;
        }
        continue;
      }
      List<String> ids =
          answer.instances().stream().flatMap(set -> set.instanceIds().stream()).toList();
      List<String> alive = alive(ids, deadline);
      if (!alive.isEmpty() || ids.isEmpty()) {
        boolean again = ids.isEmpty() && mayPass(answer.errors(), pool, refusals);
        if (!again) {
          return alive;
        }
        calls.pace().sleeper().sleep(java.time.Duration.ofSeconds(2));
      }
    }
    throw new ProviderException(
        Kind.UNAVAILABLE,
        "the machines of " + fleet.id() + " ended as often as they were launched",
        "Look at the state reasons of the ended instances, then run the same command again.");
  }

  private Calls.Attempt<CreateFleetResponse> request(
      Pool pool,
      Wanted wanted,
      LaunchTemplatePart.Version version,
      SortedMap<String, String> tags,
      long turn,
      int attempt,
      Deadline deadline) {
    CreateFleetRequest request =
        CreateFleetRequest.builder()
            .type(FleetType.INSTANT)
            .clientToken(
                Names.token(
                    String.valueOf(tags.get(EventTags.EVENT)),
                    wanted.fleet().id().value(),
                    String.join(",", wanted.names()),
                    String.join(",", wanted.instead()),
                    pool.type(),
                    pool.zoneName(),
                    pool.reservation().orElse(""),
                    Long.toString(turn),
                    Integer.toString(attempt)))
            .targetCapacitySpecification(
                TargetCapacitySpecificationRequest.builder()
                    .totalTargetCapacity(wanted.names().size())
                    .onDemandTargetCapacity(wanted.names().size())
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

  /** A repeated token may answer with machines that have ended since. */
  private List<String> alive(List<String> ids, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (ids.isEmpty()) {
      return ids;
    }
    Set<String> known = new HashSet<>();
    Set<String> alive = new HashSet<>();
    calls.until(
        deadline.atMost(java.time.Duration.ofMinutes(2)),
        "Run the same command again: it finds the machines by their tags.",
        () -> {
          api.instances(deadline, Ec2Tags.filter("instance-id", ids.toArray(new String[0])))
              .forEach(
                  instance -> {
                    known.add(instance.instanceId());
                    switch (instance.state().name()) {
                      case PENDING, RUNNING -> alive.add(instance.instanceId());
                      case STOPPING, STOPPED, SHUTTING_DOWN, TERMINATED, UNKNOWN_TO_SDK_VERSION ->
                          alive.remove(instance.instanceId());
                    }
                  });
          return ids.stream()
              .filter(id -> !known.contains(id))
              .findFirst()
              .map(id -> "machine " + id + " is not seen yet");
        });
    return ids.stream().filter(alive::contains).sorted().toList();
  }

  /** True when the pool only asked for patience; other errors are the pool's or end the run. */
  private static boolean mayPass(
      List<CreateFleetError> errors, Pool pool, List<ProviderException> refusals)
      throws ProviderException {
    boolean throttled = false;
    for (CreateFleetError error : errors) {
      ProviderException failure =
          AwsErrors.failure(
              "launching " + pool.type() + " in " + pool.zoneName(),
              error.errorCode(),
              error.errorMessage());
      switch (failure.kind()) {
        case THROTTLED -> throttled = true;
        case INSUFFICIENT_CAPACITY, QUOTA_EXCEEDED, UNAVAILABLE -> refusals.add(failure);
        case NOT_FOUND, ALREADY_EXISTS, UNAUTHORIZED, INVALID -> throw failure;
      }
    }
    return throttled;
  }
}
