package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.FirewallApi;
import dev.spike.aws.api.NetworkApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/**
 * Three security groups: the balancer lets clients in; nodes let in the balancer, each other for
 * probes and for the router's tunnel; the cache lets in nodes. Nothing else may connect.
 */
final class FirewallPart implements Part {
  static final ResourceId ID = new ResourceId("firewall-rules");
  static final int ADMIN_PORT = 9443;
  private static final int CACHE_PORT = 6379;
  private static final int TUNNEL_PORT_FIRST = 6080;
  private static final int TUNNEL_PORT_LAST = 6081;

  /** What a group is for. */
  enum Role {
    NODES,
    BALANCER,
    CACHE;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final AwsSettings settings;
  private final Calls calls;
  private final FirewallApi api;
  private final NetworkApi network;
  private final Sites sites;

  FirewallPart(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new FirewallApi(clients);
    this.network = new NetworkApi(clients);
    this.sites = new Sites(settings, clients);
  }

  @Override
  public Kind kind() {
    return Kind.FIREWALL_RULES;
  }

  /** The id of one group. NOT_FOUND when it is not there. */
  String groupId(EventName event, Role role, Deadline deadline)
      throws ProviderException, InterruptedException {
    SecurityGroup group = groups(event, deadline).get(role.text());
    if (group == null) {
      throw new ProviderException(
          ProviderException.Kind.NOT_FOUND,
          "the security group for " + role.text() + " of event " + event + " is not there",
          "Run spike provision with this plan: it makes the groups first.");
    }
    return group.groupId();
  }

  private SortedMap<String, SecurityGroup> groups(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, SecurityGroup> groups = new TreeMap<>();
    for (SecurityGroup group : api.groups(deadline, tag(event))) {
      String role = Ec2Tags.map(group.tags()).get(EventTags.ROLE);
      if (role != null) {
        groups.put(role, group);
      }
    }
    return groups;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<String, SecurityGroup> groups = groups(event, calls.soon());
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    if (groups.isEmpty()) {
      return seen;
    }
    List<String> faults = new ArrayList<>();
    for (Role role : Role.values()) {
      if (!groups.containsKey(role.text())) {
        faults.add("the security group for " + role.text() + " is missing");
      }
    }
    Map<String, String> attributes = new HashMap<>();
    SecurityGroup balancer = groups.get(Role.BALANCER.text());
    SecurityGroup nodes = groups.get(Role.NODES.text());
    SecurityGroup cache = groups.get(Role.CACHE.text());
    if (balancer != null && nodes != null && cache != null) {
      Set<FirewallRule> open = FirewallRule.of(nodes.ipPermissions());
      attributes.put(
          "clientNetworks",
          FirewallRule.of(balancer.ipPermissions()).stream()
              .map(FirewallRule::source)
              .distinct()
              .sorted()
              .collect(Collectors.joining(",")));
      attributes.put(
          "servicePort",
          open.stream()
              .filter(r -> r.source().equals(balancer.groupId()) && r.first() != ADMIN_PORT)
              .map(r -> Integer.toString(r.first()))
              .collect(Collectors.joining(",")));
      if (!open.contains(tunnel(nodes.groupId()))) {
        faults.add("nodes do not let in each other's tunnel");
      }
      if (!open.contains(FirewallRule.tcp(ADMIN_PORT, balancer.groupId()))) {
        faults.add("nodes do not let in the balancer's health checks");
      }
      if (!FirewallRule.of(cache.ipPermissions())
          .contains(FirewallRule.tcp(CACHE_PORT, nodes.groupId()))) {
        faults.add("the cache does not let in nodes");
      }
    }
    seen.put(ID, new Observed(ID, Kind.FIREWALL_RULES, attributes, faults));
    return seen;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    CloudResource.FirewallRules rules = (CloudResource.FirewallRules) resource;
    Desired plan = new Desired(desired);
    Site site = sites.find(tags.event(), plan.zones(), deadline);
    SortedMap<String, SecurityGroup> there = groups(tags.event(), deadline);
    Map<Role, String> ids = new HashMap<>();
    for (Role role : Role.values()) {
      SecurityGroup known = there.get(role.text());
      ids.put(role, known != null ? known.groupId() : make(role, site.vpcId(), tags, deadline));
    }
    String balancer = id(ids, Role.BALANCER);
    String nodes = id(ids, Role.NODES);
    Set<FirewallRule> clients = new TreeSet<>();
    for (Resource.Listener listener : plan.all(Resource.Listener.class)) {
      rules.clientNetworks().forEach(net -> clients.add(FirewallRule.tcp(listener.port(), net)));
    }
    settle(balancer, there.get(Role.BALANCER.text()), clients, deadline);
    settle(
        nodes,
        there.get(Role.NODES.text()),
        Set.of(
            FirewallRule.tcp(rules.servicePort(), balancer),
            FirewallRule.tcp(ADMIN_PORT, balancer),
            FirewallRule.tcp(rules.servicePort(), nodes),
            tunnel(nodes)),
        deadline);
    settle(
        id(ids, Role.CACHE),
        there.get(Role.CACHE.text()),
        Set.of(FirewallRule.tcp(CACHE_PORT, nodes)),
        deadline);
  }

  private static String id(Map<Role, String> ids, Role role) {
    return String.valueOf(ids.get(role));
  }

  private static FirewallRule tunnel(String nodes) {
    return new FirewallRule("udp", TUNNEL_PORT_FIRST, TUNNEL_PORT_LAST, nodes);
  }

  private String make(Role role, String vpcId, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    String name =
        Names.of(tags.event(), new ResourceId(ID + "/" + role.text()), Names.GROUP_CHARS_MAX);
    return Calls.adopting(
        () ->
            calls.settling(
                deadline,
                () ->
                    api.create(
                        deadline,
                        vpcId,
                        name,
                        "spike event " + tags.event() + ": " + role.text(),
                        EventTags.with(
                            EventTags.of(tags, ID, settings), EventTags.ROLE, role.text()))),
        () ->
            Optional.ofNullable(groups(tags.event(), deadline).get(role.text()))
                .map(SecurityGroup::groupId));
  }

  private void settle(
      String groupId,
      @org.jspecify.annotations.Nullable SecurityGroup seen,
      Set<FirewallRule> wanted,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    Set<FirewallRule> there =
        seen == null ? new TreeSet<>() : FirewallRule.of(seen.ipPermissions());
    Set<FirewallRule> missing = new TreeSet<>(wanted);
    missing.removeAll(there);
    there.removeAll(wanted);
    for (FirewallRule rule : missing) {
      calls.settled(
          deadline,
          () -> Calls.present(() -> api.allow(deadline, groupId, List.of(rule.permission()))));
    }
    if (!there.isEmpty()) {
      api.forbid(deadline, groupId, there.stream().map(FirewallRule::permission).toList());
    }
  }

  /** Groups that name each other in a rule keep each other: the rules go first. */
  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<SecurityGroup> groups = api.groups(deadline, tag(event));
    for (SecurityGroup group : groups) {
      if (!group.ipPermissions().isEmpty()) {
        Calls.gone(() -> api.forbid(deadline, group.groupId(), group.ipPermissions()));
      }
    }
    for (SecurityGroup group : groups) {
      calls.freed(
          deadline,
          "security group " + group.groupId() + " (" + group.groupName() + ")",
          () -> api.delete(deadline, group.groupId()),
          () -> blockers(group.groupId()));
    }
  }

  private String blockers(String groupId) throws ProviderException, InterruptedException {
    return network.interfaces(calls.soon(), Ec2Tags.filter("group-id", groupId)).stream()
        .map(i -> "interface " + i.networkInterfaceId() + " (" + i.description() + ")")
        .limit(10)
        .collect(Collectors.joining(", "));
  }

  @Override
  public List<String> strays(EventName event) throws ProviderException, InterruptedException {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}

  private static Filter tag(EventName event) {
    return Ec2Tags.tag(EventTags.EVENT, event.value());
  }
}
