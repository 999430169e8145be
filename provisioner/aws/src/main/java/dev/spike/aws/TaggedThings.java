package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.BalancerApi;
import dev.spike.aws.api.CacheApi;
import dev.spike.aws.api.Ec2Presence;
import dev.spike.aws.api.SecretApi;
import dev.spike.aws.api.StorageApi;
import dev.spike.aws.api.TagApi;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/**
 * The second opinion on what an event has: AWS's list of everything with its tag, over all
 * services. The list also has what was deleted a while ago, so that each entry is confirmed by its
 * own service.
 */
final class TaggedThings {
  private static final int BUCKETS_MAX = 200;
  private static final System.Logger LOG = System.getLogger(TaggedThings.class.getName());

  private final TagApi api;
  private final Ec2Presence ec2;
  private final BalancerApi balancers;
  private final CacheApi caches;
  private final SecretApi secrets;
  private final StorageApi storage;
  private final String region;
  private final Map<EventName, Optional<String>> buckets = new ConcurrentHashMap<>();

  TaggedThings(AwsClients clients) {
    this.api = new TagApi(clients);
    this.ec2 = new Ec2Presence(clients);
    this.balancers = new BalancerApi(clients);
    this.caches = new CacheApi(clients);
    this.secrets = new SecretApi(clients);
    this.storage = new StorageApi(clients);
    this.region = clients.region();
  }

  /**
   * One thing by its ARN, {@code arn:PARTITION:SERVICE:REGION:ACCOUNT:TYPE/ID} or {@code TYPE:ID}.
   */
  private record Thing(String arn, String service, String type, String id) {
    static Thing of(String arn) {
      String[] parts = arn.split(":", 6);
      String rest = parts.length == 6 ? parts[5] : "";
      String[] words = rest.split("[/:]", 2);
      return new Thing(
          arn, parts.length > 2 ? parts[2] : "", words[0], words.length > 1 ? words[1] : "");
    }
  }

  /** What of the event is still there, one line each. Empty proves that nothing is. */
  List<String> left(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, SortedMap<String, String>> listed;
    try {
      listed = api.resources(deadline, EventTags.EVENT, event.value());
    } catch (ProviderException failure) {
      if (failure.kind() != ProviderException.Kind.UNAUTHORIZED
          && failure.kind() != ProviderException.Kind.INVALID) {
        throw failure;
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "the list of everything with the tag of event {0} cannot be read, so that only the"
              + " services themselves were asked what is left: {1}",
          event,
          failure.getMessage());
      return List.of();
    }
    SortedMap<String, List<Thing>> ofNodes = new TreeMap<>();
    List<String> others = new ArrayList<>();
    for (String arn : listed.keySet()) {
      Thing thing = Thing.of(arn);
      if (thing.service().equals("ec2") && Ec2Presence.isOfNodes(thing.type())) {
        ofNodes.computeIfAbsent(thing.type(), type -> new ArrayList<>()).add(thing);
      } else {
        others.add(arn);
      }
    }
    List<String> left = new ArrayList<>();
    for (Map.Entry<String, List<Thing>> many : ofNodes.entrySet()) {
      Set<String> there =
          ec2.of(deadline, many.getKey(), many.getValue().stream().map(Thing::id).toList());
      many.getValue().stream()
          .filter(thing -> there.contains(thing.id()))
          .forEach(thing -> left.add(thing.arn()));
    }
    for (Optional<String> thing : AtOnce.each(others, arn -> confirmed(arn, deadline))) {
      thing.ifPresent(left::add);
    }
    return left;
  }

  private Optional<String> confirmed(String arn, Deadline deadline)
      throws ProviderException, InterruptedException {
    Thing thing = Thing.of(arn);
    try {
      return there(thing, deadline) ? Optional.of(arn) : Optional.empty();
    } catch (ProviderException failure) {
      if (failure.kind() == ProviderException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private boolean there(Thing thing, Deadline deadline)
      throws ProviderException, InterruptedException {
    return switch (thing.service()) {
      case "ec2" -> ec2.of(deadline, thing.type(), thing.id());
      case "elasticloadbalancing" -> balancing(thing, deadline);
      case "elasticache" ->
          !thing.type().equals("replicationgroup")
              ? !caches.tags(deadline, thing.arn()).isEmpty()
              : caches
                  .cache(deadline, thing.id())
                  .filter(cache -> !new SeenCache(cache).deleting())
                  .isPresent();
      case "secretsmanager" -> !secrets.describe(deadline, thing.arn()).arn().isEmpty();
      default -> true; // of no service that spike uses: whoever tagged it has to look
    };
  }

  private boolean balancing(Thing thing, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (thing.type().equals("targetgroup")) {
      return balancers.targetGroups(deadline).stream()
          .anyMatch(group -> group.targetGroupArn().equals(thing.arn()));
    }
    for (LoadBalancer balancer : balancers.balancers(deadline)) {
      String arn = balancer.loadBalancerArn();
      if (arn.equals(thing.arn())) {
        return true;
      }
      // A listener's ARN holds its balancer's path.
      if (thing.id().startsWith(Thing.of(arn).id() + "/")) {
        return balancers.listeners(deadline, arn).stream()
            .anyMatch(listener -> listener.listenerArn().equals(thing.arn()));
      }
    }
    return false;
  }

  /**
   * The bucket of an event whose settings nobody has: as its things say, else the one that has
   * objects of the event. It is looked for once.
   *
   * @throws ProviderException INVALID when those are in a bucket of another Region, for then the
   *     event's tier is there too
   */
  Optional<String> bucket(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<String> known = buckets.get(event);
    if (known == null) {
      Optional<String> told = told(event, deadline);
      known = told.isPresent() ? told : holding(event, deadline);
      buckets.put(event, known);
    }
    return known;
  }

  private Optional<String> told(EventName event, Deadline deadline) throws InterruptedException {
    try {
      return api.resources(deadline, EventTags.EVENT, event.value()).values().stream()
          .flatMap(tags -> Optional.ofNullable(tags.get(EventTags.BUCKET)).stream())
          .findFirst();
    } catch (ProviderException failure) {
      unread("the list of everything with the tag", event, failure);
      return Optional.empty();
    }
  }

  private Optional<String> holding(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> all = List.of();
    try {
      all = storage.buckets(deadline);
    } catch (ProviderException failure) {
      unread("the list of buckets", event, failure);
    }
    Optional<ProviderException> elsewhere = Optional.empty();
    for (String bucket : all.stream().limit(BUCKETS_MAX).toList()) {
      if (holds(bucket, event, deadline)) {
        String its = storage.region(deadline, bucket);
        if (region.equals(its)) {
          return Optional.of(bucket);
        }
        elsewhere = Optional.of(elsewhere(event, bucket, its));
      }
    }
    if (elsewhere.isPresent()) {
      throw elsewhere.get();
    }
    return Optional.empty();
  }

  private ProviderException elsewhere(EventName event, String bucket, String its) {
    return new ProviderException(
        ProviderException.Kind.INVALID,
        "event "
            + event
            + " has nothing in "
            + region
            + ", and its objects are in bucket "
            + bucket
            + " of "
            + its,
        "Give --region " + its + ", or the plan. Nothing was changed.");
  }

  private boolean holds(String bucket, EventName event, Deadline deadline)
      throws InterruptedException {
    try {
      return !storage.keys(deadline, bucket, EventBucket.prefix(event)).isEmpty();
    } catch (ProviderException foreign) {
      unread("bucket " + bucket, event, foreign);
      return false;
    }
  }

  private static void unread(String what, EventName event, ProviderException failure) {
    LOG.log(
        System.Logger.Level.DEBUG,
        "looking for the bucket of event {0}: {1} cannot be read: {2}",
        event,
        what,
        failure.getMessage());
  }
}
