package dev.spike.aws.preflight;

import dev.spike.aws.AwsSettings;
import dev.spike.aws.EventTags;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.BalancerApi;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.MachineApi;
import dev.spike.aws.api.NetworkApi;
import dev.spike.aws.api.QuotaApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.EventName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;

/** Every quota that a tier can run into, with what is needed and what is there. */
final class QuotaLooks {
  private static final String EC2 = "ec2";
  private static final String BALANCING = "elasticloadbalancing";
  private static final String CACHE = "elasticache";
  private static final String NETWORK = "vpc";
  private static final String MACHINES = "L-1216C47A";
  private static final String BALANCERS = "L-69A177A2";
  private static final String NETWORKS = "L-F678F1CE";
  private static final String GATEWAYS = "L-A4707A72";

  /** Families that the quota of On-Demand Standard instances counts, by their first letter. */
  private static final String STANDARD = "acdhimrtz";

  private final AwsSettings settings;
  private final String region;
  private final Needs needs;
  private final Optional<EventName> event;
  private final QuotaApi api;
  private final MachineApi machines;
  private final NetworkApi networks;
  private final BalancerApi balancers;

  QuotaLooks(AwsSettings settings, AwsClients clients, Needs needs, Optional<EventName> event) {
    this.settings = settings;
    this.region = clients.region();
    this.needs = needs;
    this.event = event;
    this.api = new QuotaApi(clients);
    this.machines = new MachineApi(clients);
    this.networks = new NetworkApi(clients);
    this.balancers = new BalancerApi(clients);
  }

  /** One look a quota, so that they are read at the same time. */
  List<Look.Named> looks() {
    List<Look.Named> looks = new ArrayList<>();
    looks.add(named(MACHINES, deadline -> judged(machines(deadline), deadline)));
    looks.add(named(BALANCERS, deadline -> judged(balancers(deadline), deadline)));
    for (Quota quota : fixed()) {
      looks.add(named(quota.code(), deadline -> judged(quota, deadline)));
    }
    if (settings.vpcId().isEmpty()) {
      looks.add(named(NETWORKS, deadline -> judged(networks(deadline), deadline)));
      looks.add(named(GATEWAYS, deadline -> judged(gateways(deadline), deadline)));
    }
    return looks;
  }

  private static Look.Named named(String code, Look look) {
    return new Look.Named("quota " + code, look);
  }

  private List<Quota> fixed() {
    List<Quota> quotas =
        new ArrayList<>(
            List.of(
                new Quota(BALANCING, "L-57A373D6", "listeners of one balancer", 1),
                new Quota(
                    BALANCING,
                    "L-B211E961",
                    "targets of one balancer in one zone",
                    needs.nodesPerZone()),
                new Quota(
                    BALANCING, "L-EEF1AD04", "targets of one balancer", needs.targetsPerGroup()),
                new Quota(
                    BALANCING,
                    "L-A0D0B863",
                    "targets of one target group",
                    needs.targetsPerGroup()),
                new Quota(CACHE, "L-DFE45DF3", "cache nodes", needs.cacheNodes()),
                new Quota(CACHE, "L-AF354865", "nodes of one cache", needs.cacheNodes())));
    if (needs.units() > 0) {
      quotas.add(
          new Quota(BALANCING, "L-723DCCB6", "reserved balancer capacity units", needs.units()));
      quotas.add(
          new Quota(
              BALANCING,
              "L-7C45F98A",
              "reserved capacity units of one balancer in one zone",
              Math.ceilDiv(needs.unitsPerBalancer(), Math.max(1, needs.zones()))));
    }
    return quotas;
  }

  private Quota machines(Deadline deadline) throws ProviderException, InterruptedException {
    int each =
        machines.types(deadline, List.of(needs.profile())).stream()
            .map(InstanceTypeInfo::vCpuInfo)
            .mapToInt(cpu -> cpu.defaultVCpus())
            .max()
            .orElse(0);
    double others = others(deadline);
    return new Quota(
        EC2,
        MACHINES,
        "vCPUs of running On-Demand Standard machines",
        (double) needs.nodes() * each,
        others);
  }

  /** The event's own things are among those that are needed: only others' count beside them. */
  private boolean ours(Map<String, String> tags) {
    return event
        .map(EventName::value)
        .filter(name -> name.equals(tags.get(EventTags.EVENT)))
        .isPresent();
  }

  /** The vCPUs of others' running machines, by what their types have. */
  private double others(Deadline deadline) throws ProviderException, InterruptedException {
    SortedMap<String, Integer> counts = new TreeMap<>();
    for (Instance instance :
        machines.instances(deadline, Ec2Tags.filter("instance-state-name", "pending", "running"))) {
      String type = instance.instanceTypeAsString();
      if (!ours(Ec2Tags.map(instance.tags())) && STANDARD.indexOf(type.charAt(0)) >= 0) {
        counts.merge(type, 1, Integer::sum);
      }
    }
    double processors = 0;
    if (!counts.isEmpty()) {
      for (InstanceTypeInfo type : machines.types(deadline, counts.keySet())) {
        processors +=
            (double) counts.getOrDefault(type.instanceTypeAsString(), 0)
                * type.vCpuInfo().defaultVCpus();
      }
    }
    return processors;
  }

  private Quota balancers(Deadline deadline) throws ProviderException, InterruptedException {
    List<String> arns =
        balancers.balancers(deadline).stream().map(one -> one.loadBalancerArn()).toList();
    long others =
        balancers.tags(deadline, arns).values().stream().filter(tags -> !ours(tags)).count();
    return new Quota(BALANCING, BALANCERS, "network load balancers", needs.balancers(), others);
  }

  private Quota networks(Deadline deadline) throws ProviderException, InterruptedException {
    return new Quota(
        NETWORK,
        NETWORKS,
        "networks (VPCs)",
        1,
        networks.vpcs(deadline).stream().filter(vpc -> !ours(Ec2Tags.map(vpc.tags()))).count());
  }

  private Quota gateways(Deadline deadline) throws ProviderException, InterruptedException {
    return new Quota(
        NETWORK,
        GATEWAYS,
        "internet gateways",
        1,
        networks.internetGateways(deadline).stream()
            .filter(gateway -> !ours(Ec2Tags.map(gateway.tags())))
            .count());
  }

  private List<Finding> judged(Quota quota, Deadline deadline) throws InterruptedException {
    String what = "quota " + quota.code() + ", " + quota.title();
    double value;
    try {
      value = api.value(deadline, quota.service(), quota.code());
    } catch (ProviderException unreadable) {
      return List.of(
          Finding.warning(
              what,
              String.format(java.util.Locale.ROOT, "%,.0f needed; ", quota.needed())
                  + "what is there cannot be read: "
                  + unreadable.getMessage(),
              "Look at it in the Service Quotas console, or permit servicequotas:Get*."));
    }
    return List.of(
        quota.fits(value)
            ? Finding.fine(what, quota.against(value))
            : Finding.missing(
                what, quota.against(value), Kind.QUOTA_EXCEEDED, quota.request(region)));
  }
}
