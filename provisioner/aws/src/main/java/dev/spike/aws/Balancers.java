package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.BalancerApi;
import dev.spike.aws.api.SharedRead;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/**
 * Finds an event's balancers, target groups and listeners. The service cannot filter by tag: what
 * has one of our names is asked for its tags, and they decide. Who asks at the same time shares an
 * answer: a tier of many balancers would else read all of them for each.
 */
final class Balancers {
  private static final String OURS = "spike-";

  private final BalancerApi api;
  private final SharedRead<EventName, SortedMap<ResourceId, Found<LoadBalancer>>> balancers;
  private final SharedRead<EventName, SortedMap<ResourceId, Found<TargetGroup>>> groups;

  Balancers(AwsClients clients) {
    this.api = new BalancerApi(clients);
    this.balancers = new SharedRead<>(this::readBalancers);
    this.groups = new SharedRead<>(this::readTargetGroups);
  }

  /**
   * Something found.
   *
   * @param tags all of them
   */
  record Found<T>(T thing, SortedMap<String, String> tags) {}

  /** By logical id. */
  SortedMap<ResourceId, Found<LoadBalancer>> balancers(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return balancers.of(event, deadline);
  }

  /** By logical id. */
  SortedMap<ResourceId, Found<TargetGroup>> targetGroups(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return groups.of(event, deadline);
  }

  private SortedMap<ResourceId, Found<LoadBalancer>> readBalancers(
      EventName event, Deadline deadline) throws ProviderException, InterruptedException {
    Map<String, LoadBalancer> byArn = new HashMap<>();
    for (LoadBalancer balancer : api.balancers(deadline)) {
      if (balancer.loadBalancerName().startsWith(OURS)) {
        byArn.put(balancer.loadBalancerArn(), balancer);
      }
    }
    return Collections.unmodifiableSortedMap(tagged(event, byArn, deadline));
  }

  private SortedMap<ResourceId, Found<TargetGroup>> readTargetGroups(
      EventName event, Deadline deadline) throws ProviderException, InterruptedException {
    Map<String, TargetGroup> byArn = new HashMap<>();
    for (TargetGroup group : api.targetGroups(deadline)) {
      if (group.targetGroupName().startsWith(OURS)) {
        byArn.put(group.targetGroupArn(), group);
      }
    }
    return Collections.unmodifiableSortedMap(tagged(event, byArn, deadline));
  }

  /** By logical id, those of every balancer of the event. */
  SortedMap<ResourceId, Found<Listener>> listeners(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return listeners(event, balancers(event, deadline).values(), deadline);
  }

  /** By logical id, those of some balancers. */
  SortedMap<ResourceId, Found<Listener>> listeners(
      EventName event, Collection<Found<LoadBalancer>> some, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, Listener> byArn = new HashMap<>();
    for (Found<LoadBalancer> balancer : some) {
      List<Listener> listeners = listeners(balancer.thing(), deadline);
      listeners.forEach(listener -> byArn.put(listener.listenerArn(), listener));
    }
    return Collections.unmodifiableSortedMap(tagged(event, byArn, deadline));
  }

  /** By logical id, those of one balancer. */
  SortedMap<ResourceId, Found<Listener>> listeners(
      EventName event, LoadBalancer balancer, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, Listener> byArn = new HashMap<>();
    listeners(balancer, deadline).forEach(listener -> byArn.put(listener.listenerArn(), listener));
    return Collections.unmodifiableSortedMap(tagged(event, byArn, deadline));
  }

  private List<Listener> listeners(LoadBalancer balancer, Deadline deadline)
      throws ProviderException, InterruptedException {
    try {
      return api.listeners(deadline, balancer.loadBalancerArn());
    } catch (ProviderException failure) {
      if (failure.kind() == ProviderException.Kind.NOT_FOUND) {
        return List.of(); // the balancer went meanwhile, and its listeners with it
      }
      throw failure;
    }
  }

  private <T> SortedMap<ResourceId, Found<T>> tagged(
      EventName event, Map<String, T> byArn, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Found<T>> found = new TreeMap<>();
    Map<String, SortedMap<String, String>> tags = api.tags(deadline, byArn.keySet());
    byArn.forEach(
        (arn, thing) -> {
          SortedMap<String, String> its = tags.getOrDefault(arn, new TreeMap<>());
          String id = its.get(EventTags.RESOURCE);
          if (event.value().equals(its.get(EventTags.EVENT)) && id != null) {
            found.put(new ResourceId(id), new Found<>(thing, its));
          }
        });
    return found;
  }
}
