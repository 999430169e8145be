package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.NetworkApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/** Where clients connect. */
final class Fronts {
  private final NetworkApi network;
  private final Balancers balancers;

  Fronts(AwsClients clients) {
    this.network = new NetworkApi(clients);
    this.balancers = new Balancers(clients);
  }

  /**
   * The name of every balancer under its number, and its address in each zone under number and
   * zone, such as {@code 1/us-east-1a}; each with the listener's port. A zone's address stays for
   * as long as the balancer does.
   */
  SortedMap<String, String> of(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Balancers.Found<LoadBalancer>> all = balancers.balancers(event, deadline);
    Map<String, Integer> ports = new TreeMap<>();
    for (Balancers.Found<Listener> listener :
        balancers.listeners(event, all.values(), deadline).values()) {
      ports.put(listener.thing().loadBalancerArn(), listener.thing().port());
    }
    SortedMap<String, String> fronts = new TreeMap<>();
    for (Map.Entry<ResourceId, Balancers.Found<LoadBalancer>> entry : all.entrySet()) {
      LoadBalancer balancer = entry.getValue().thing();
      Integer port = ports.get(balancer.loadBalancerArn());
      if (port == null) {
        continue;
      }
      String number = entry.getKey().value().replaceFirst(".*/", "");
      fronts.put(number, balancer.dnsName() + ":" + port);
      for (NetworkInterface at : interfaces(balancer, deadline)) {
        String address =
            at.association() == null ? at.privateIpAddress() : at.association().publicIp();
        fronts.put(number + "/" + at.availabilityZone(), address + ":" + port);
      }
    }
    return fronts;
  }

  /** The interfaces that a balancer has in its subnets. */
  List<NetworkInterface> interfaces(LoadBalancer balancer, Deadline deadline)
      throws ProviderException, InterruptedException {
    String arn = balancer.loadBalancerArn();
    return network.interfaces(
        deadline,
        Ec2Tags.filter("description", "ELB " + arn.substring(arn.indexOf("loadbalancer/") + 13)));
  }
}
