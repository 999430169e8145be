package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.BalancerApi;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.IpAddressType;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerSchemeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;

/**
 * The network load balancers. It faces the internet where its subnets have a way there. Its
 * security group has to be given when it is made: none can be added later.
 */
final class BalancerPart implements Part {
  /** A flow that is silent for so long is forgotten, in seconds; heartbeats are far shorter. */
  static final int IDLE_SECONDS = 350;

  private static final String PROTECTION = "deletion_protection.enabled";
  private static final Map<String, String> ATTRIBUTES =
      Map.of(
          "load_balancing.cross_zone.enabled",
          "false",
          "zonal_shift.config.enabled",
          "true",
          PROTECTION,
          "false");

  private final AwsSettings settings;
  private final Calls calls;
  private final BalancerApi api;
  private final Fronts fronts;
  private final Balancers balancers;
  private final Sites sites;
  private final FirewallPart firewall;

  BalancerPart(
      AwsSettings settings, AwsClients clients, Balancers balancers, FirewallPart firewall) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new BalancerApi(clients);
    this.fronts = new Fronts(clients);
    this.balancers = balancers;
    this.sites = new Sites(settings, clients);
    this.firewall = firewall;
  }

  @Override
  public Kind kind() {
    return Kind.BALANCER;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    for (Map.Entry<ResourceId, Balancers.Found<LoadBalancer>> entry :
        balancers.balancers(event, deadline).entrySet()) {
      Balancers.Found<LoadBalancer> found = entry.getValue();
      SortedMap<String, String> attributes = EventTags.attributes(found.tags());
      List<String> faults = new ArrayList<>();
      if (found.thing().state().code() != LoadBalancerStateEnum.ACTIVE) {
        faults.add("the balancer is " + found.thing().state().codeAsString());
      }
      int zones = attributes.getOrDefault("zones", "").split(",", -1).length;
      if (found.thing().availabilityZones().size() != zones) {
        faults.add("the balancer is in " + found.thing().availabilityZones().size() + " zones");
      }
      missing(found.thing(), deadline)
          .forEach((name, value) -> faults.add(name + " is not " + value));
      seen.put(entry.getKey(), new Observed(entry.getKey(), Kind.BALANCER, attributes, faults));
    }
    return seen;
  }

  /** The attributes that are not as they have to be. */
  private SortedMap<String, String> missing(LoadBalancer balancer, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> there = api.balancerAttributes(deadline, balancer.loadBalancerArn());
    SortedMap<String, String> missing = new TreeMap<>(ATTRIBUTES);
    missing.entrySet().removeIf(wanted -> wanted.getValue().equals(there.get(wanted.getKey())));
    return missing;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Site site = sites.find(tags.event(), new Desired(desired).zones(), deadline);
    SortedMap<String, String> all =
        EventTags.of(tags, resource.id(), settings, resource.attributes());
    Balancers.Found<LoadBalancer> there =
        balancers.balancers(tags.event(), deadline).get(resource.id());
    LoadBalancer balancer =
        there == null ? make(resource.id(), site, tags, all, deadline) : there.thing();
    if (there != null && !subnets(balancer).equals(new HashSet<>(site.subnetIds()))) {
      api.setSubnets(deadline, balancer.loadBalancerArn(), site.subnetIds());
      api.tag(deadline, balancer.loadBalancerArn(), all);
    }
    SortedMap<String, String> missing =
        there == null
            ? new TreeMap<>(ATTRIBUTES)
            : calls.settling(deadline, () -> missing(balancer, deadline));
    if (!missing.isEmpty()) {
      calls.settled(
          deadline, () -> api.setBalancerAttributes(deadline, balancer.loadBalancerArn(), missing));
    }
    awaitActive(tags.event(), resource.id(), deadline);
  }

  private static Set<String> subnets(LoadBalancer balancer) {
    Set<String> subnets = new HashSet<>();
    balancer.availabilityZones().stream().map(AvailabilityZone::subnetId).forEach(subnets::add);
    return subnets;
  }

  private LoadBalancer make(
      ResourceId id, Site site, Tags tags, SortedMap<String, String> all, Deadline deadline)
      throws ProviderException, InterruptedException {
    String group = firewall.groupId(tags.event(), FirewallPart.Role.BALANCER, deadline);
    return calls.settling(
        deadline,
        () ->
            Calls.adopting(
                () ->
                    api.createBalancer(
                        deadline,
                        CreateLoadBalancerRequest.builder()
                            .name(Names.of(tags.event(), id, Names.BALANCER_CHARS_MAX))
                            .type(LoadBalancerTypeEnum.NETWORK)
                            .scheme(
                                site.open()
                                    ? LoadBalancerSchemeEnum.INTERNET_FACING
                                    : LoadBalancerSchemeEnum.INTERNAL)
                            .ipAddressType(IpAddressType.IPV4)
                            .subnets(site.subnetIds())
                            .securityGroups(group)
                            .tags(BalancerApi.tagList(all))
                            .build()),
                () ->
                    Optional.ofNullable(balancers.balancers(tags.event(), deadline).get(id))
                        .map(Balancers.Found::thing)));
  }

  private void awaitActive(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    calls.until(
        deadline,
        "Run the same command again.",
        () -> {
          Balancers.Found<LoadBalancer> found = balancers.balancers(event, deadline).get(id);
          if (found == null) {
            return Optional.of(id + " is not seen yet");
          }
          return switch (found.thing().state().code()) {
            case ACTIVE, ACTIVE_IMPAIRED -> Optional.empty();
            case PROVISIONING, UNKNOWN_TO_SDK_VERSION ->
                Optional.of(id + " is " + found.thing().state().codeAsString());
            case FAILED ->
                throw new ProviderException(
                    ProviderException.Kind.UNAVAILABLE,
                    id + " could not be set up: " + found.thing().state().reason(),
                    "Run spike teardown, then provision again.");
          };
        });
  }

  /** Its interfaces go minutes after it; what stands below it can only go after them. */
  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    Balancers.Found<LoadBalancer> found = balancers.balancers(event, deadline).get(id);
    if (found == null) {
      return;
    }
    LoadBalancer balancer = found.thing();
    Calls.gone(
        () ->
            api.setBalancerAttributes(
                deadline, balancer.loadBalancerArn(), Map.of(PROTECTION, "false")));
    calls.freed(
        deadline,
        "balancer " + balancer.loadBalancerName(),
        () -> api.deleteBalancer(deadline, balancer.loadBalancerArn()),
        () -> "");
    calls.until(
        deadline,
        "Run the same command again.",
        () ->
            balancers.balancers(event, deadline).containsKey(id)
                ? Optional.of(id + " is still there")
                : fronts.interfaces(balancer, deadline).stream()
                    .findFirst()
                    .map(i -> "interface " + i.networkInterfaceId() + " of " + id + " is there"));
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}
