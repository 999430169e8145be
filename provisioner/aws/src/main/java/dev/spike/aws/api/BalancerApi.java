package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeCapacityReservationRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeCapacityReservationResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.MinimumLoadBalancerCapacity;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyCapacityReservationRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyLoadBalancerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSubnetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;

/** The calls of Elastic Load Balancing. Creations with the same settings give the same thing. */
public final class BalancerApi {
  private static final int TAGGED_MAX = 20;
  private static final int TARGETS_MAX = 100;

  private final AwsClients clients;
  private final Calls calls;

  public BalancerApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  public List<LoadBalancer> balancers(Deadline deadline)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeLoadBalancersRequest.builder().build(),
        request ->
            clients.balancing().describeLoadBalancersPaginator(request).loadBalancers().stream()
                .toList());
  }

  public List<TargetGroup> targetGroups(Deadline deadline)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeTargetGroupsRequest.builder().build(),
        request ->
            clients.balancing().describeTargetGroupsPaginator(request).targetGroups().stream()
                .toList());
  }

  public List<Listener> listeners(Deadline deadline, String balancerArn)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeListenersRequest.builder().loadBalancerArn(balancerArn).build(),
        request ->
            clients.balancing().describeListenersPaginator(request).listeners().stream().toList());
  }

  /** The tags of each thing, by its ARN; what has gone meanwhile is left out. */
  public Map<String, SortedMap<String, String>> tags(Deadline deadline, Collection<String> arns)
      throws ProviderException, InterruptedException {
    Map<String, SortedMap<String, String>> tags = new HashMap<>();
    List<String> all = List.copyOf(arns);
    for (int from = 0; from < all.size(); from += TAGGED_MAX) {
      List<String> some = all.subList(from, Math.min(all.size(), from + TAGGED_MAX));
      try {
        tags.putAll(someTags(deadline, some));
      } catch (ProviderException failure) {
        if (failure.kind() != ProviderException.Kind.NOT_FOUND) {
          throw failure;
        }
        for (String arn : some) { // one of them is gone: that must not hide the others
          Calls.gone(() -> tags.putAll(someTags(deadline, List.of(arn))));
        }
      }
    }
    return tags;
  }

  private Map<String, SortedMap<String, String>> someTags(Deadline deadline, List<String> arns)
      throws ProviderException, InterruptedException {
    Map<String, SortedMap<String, String>> tags = new HashMap<>();
    for (TagDescription thing :
        calls.of(
            deadline,
            DescribeTagsRequest.builder().resourceArns(arns).build(),
            request -> clients.balancing().describeTags(request).tagDescriptions())) {
      SortedMap<String, String> map = new TreeMap<>();
      thing.tags().forEach(tag -> map.put(tag.key(), tag.value()));
      tags.put(thing.resourceArn(), map);
    }
    return tags;
  }

  /** Writes tags as this service has them. */
  public static List<Tag> tagList(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  public void tag(Deadline deadline, String arn, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        AddTagsRequest.builder().resourceArns(arn).tags(tagList(tags)).build(),
        request -> clients.balancing().addTags(request));
  }

  public LoadBalancer createBalancer(Deadline deadline, CreateLoadBalancerRequest balancer)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        balancer,
        request -> clients.balancing().createLoadBalancer(request).loadBalancers().getFirst());
  }

  public void setSubnets(Deadline deadline, String arn, Collection<String> subnetIds)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        SetSubnetsRequest.builder().loadBalancerArn(arn).subnets(subnetIds).build(),
        request -> clients.balancing().setSubnets(request));
  }

  public SortedMap<String, String> balancerAttributes(Deadline deadline, String arn)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> attributes = new TreeMap<>();
    calls
        .of(
            deadline,
            DescribeLoadBalancerAttributesRequest.builder().loadBalancerArn(arn).build(),
            request -> clients.balancing().describeLoadBalancerAttributes(request).attributes())
        .forEach(attribute -> attributes.put(attribute.key(), attribute.value()));
    return attributes;
  }

  public void setBalancerAttributes(Deadline deadline, String arn, Map<String, String> attributes)
      throws ProviderException, InterruptedException {
    List<LoadBalancerAttribute> list = new ArrayList<>();
    attributes.forEach(
        (key, value) -> list.add(LoadBalancerAttribute.builder().key(key).value(value).build()));
    calls.of(
        deadline,
        ModifyLoadBalancerAttributesRequest.builder().loadBalancerArn(arn).attributes(list).build(),
        request -> clients.balancing().modifyLoadBalancerAttributes(request));
  }

  public void deleteBalancer(Deadline deadline, String arn)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteLoadBalancerRequest.builder().loadBalancerArn(arn).build(),
        request -> clients.balancing().deleteLoadBalancer(request));
  }

  public DescribeCapacityReservationResponse capacity(Deadline deadline, String balancerArn)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeCapacityReservationRequest.builder().loadBalancerArn(balancerArn).build(),
        request -> clients.balancing().describeCapacityReservation(request));
  }

  /** One unit is 2.2 Mbit/s; decreases are rationed to two a day. */
  public void reserve(Deadline deadline, String balancerArn, int units)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        ModifyCapacityReservationRequest.builder()
            .loadBalancerArn(balancerArn)
            .minimumLoadBalancerCapacity(
                MinimumLoadBalancerCapacity.builder().capacityUnits(units).build())
            .build(),
        request -> clients.balancing().modifyCapacityReservation(request));
  }

  public void resetReservation(Deadline deadline, String balancerArn)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        ModifyCapacityReservationRequest.builder()
            .loadBalancerArn(balancerArn)
            .resetCapacityReservation(true)
            .build(),
        request -> clients.balancing().modifyCapacityReservation(request));
  }

  public TargetGroup createTargetGroup(Deadline deadline, CreateTargetGroupRequest group)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        group,
        request -> clients.balancing().createTargetGroup(request).targetGroups().getFirst());
  }

  public SortedMap<String, String> targetGroupAttributes(Deadline deadline, String arn)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> attributes = new TreeMap<>();
    calls
        .of(
            deadline,
            DescribeTargetGroupAttributesRequest.builder().targetGroupArn(arn).build(),
            request -> clients.balancing().describeTargetGroupAttributes(request).attributes())
        .forEach(attribute -> attributes.put(attribute.key(), attribute.value()));
    return attributes;
  }

  public void setTargetGroupAttributes(
      Deadline deadline, String arn, Map<String, String> attributes)
      throws ProviderException, InterruptedException {
    List<TargetGroupAttribute> list = new ArrayList<>();
    attributes.forEach(
        (key, value) -> list.add(TargetGroupAttribute.builder().key(key).value(value).build()));
    calls.of(
        deadline,
        ModifyTargetGroupAttributesRequest.builder().targetGroupArn(arn).attributes(list).build(),
        request -> clients.balancing().modifyTargetGroupAttributes(request));
  }

  public List<TargetHealthDescription> targets(Deadline deadline, String groupArn)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeTargetHealthRequest.builder().targetGroupArn(groupArn).build(),
        request -> clients.balancing().describeTargetHealth(request).targetHealthDescriptions());
  }

  /** Registers machines, a hundred a call. */
  public void register(Deadline deadline, String groupArn, Collection<String> machineIds)
      throws ProviderException, InterruptedException {
    for (List<TargetDescription> some : batches(machineIds)) {
      calls.of(
          deadline,
          RegisterTargetsRequest.builder().targetGroupArn(groupArn).targets(some).build(),
          request -> clients.balancing().registerTargets(request));
    }
  }

  public void deregister(Deadline deadline, String groupArn, Collection<String> machineIds)
      throws ProviderException, InterruptedException {
    for (List<TargetDescription> some : batches(machineIds)) {
      calls.of(
          deadline,
          DeregisterTargetsRequest.builder().targetGroupArn(groupArn).targets(some).build(),
          request -> clients.balancing().deregisterTargets(request));
    }
  }

  private static List<List<TargetDescription>> batches(Collection<String> machineIds) {
    List<TargetDescription> all =
        machineIds.stream().map(id -> TargetDescription.builder().id(id).build()).toList();
    List<List<TargetDescription>> batches = new ArrayList<>();
    for (int from = 0; from < all.size(); from += TARGETS_MAX) {
      batches.add(all.subList(from, Math.min(all.size(), from + TARGETS_MAX)));
    }
    return batches;
  }

  public void deleteTargetGroup(Deadline deadline, String arn)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteTargetGroupRequest.builder().targetGroupArn(arn).build(),
        request -> clients.balancing().deleteTargetGroup(request));
  }

  public Listener createListener(Deadline deadline, CreateListenerRequest listener)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        listener,
        request -> clients.balancing().createListener(request).listeners().getFirst());
  }

  public void changeListener(Deadline deadline, ModifyListenerRequest listener)
      throws ProviderException, InterruptedException {
    calls.of(deadline, listener, request -> clients.balancing().modifyListener(request));
  }

  public SortedMap<String, String> listenerAttributes(Deadline deadline, String arn)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> attributes = new TreeMap<>();
    calls
        .of(
            deadline,
            DescribeListenerAttributesRequest.builder().listenerArn(arn).build(),
            request -> clients.balancing().describeListenerAttributes(request).attributes())
        .forEach(attribute -> attributes.put(attribute.key(), attribute.value()));
    return attributes;
  }

  public void setListenerAttribute(Deadline deadline, String arn, String key, String value)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        ModifyListenerAttributesRequest.builder()
            .listenerArn(arn)
            .attributes(ListenerAttribute.builder().key(key).value(value).build())
            .build(),
        request -> clients.balancing().modifyListenerAttributes(request));
  }

  public void deleteListener(Deadline deadline, String arn)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteListenerRequest.builder().listenerArn(arn).build(),
        request -> clients.balancing().deleteListener(request));
  }
}
