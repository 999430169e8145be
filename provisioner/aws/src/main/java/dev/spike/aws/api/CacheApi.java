package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticache.model.CacheParameterGroup;
import software.amazon.awssdk.services.elasticache.model.CacheSubnetGroup;
import software.amazon.awssdk.services.elasticache.model.CreateCacheParameterGroupRequest;
import software.amazon.awssdk.services.elasticache.model.CreateCacheSubnetGroupRequest;
import software.amazon.awssdk.services.elasticache.model.CreateReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.DeleteCacheParameterGroupRequest;
import software.amazon.awssdk.services.elasticache.model.DeleteCacheSubnetGroupRequest;
import software.amazon.awssdk.services.elasticache.model.DeleteReplicationGroupRequest;
import software.amazon.awssdk.services.elasticache.model.DescribeCacheParameterGroupsRequest;
import software.amazon.awssdk.services.elasticache.model.DescribeCacheParametersRequest;
import software.amazon.awssdk.services.elasticache.model.DescribeCacheSubnetGroupsRequest;
import software.amazon.awssdk.services.elasticache.model.DescribeReplicationGroupsRequest;
import software.amazon.awssdk.services.elasticache.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.elasticache.model.ModifyCacheParameterGroupRequest;
import software.amazon.awssdk.services.elasticache.model.ParameterNameValue;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.Tag;

/** ElastiCache's calls. Its creations have no client token: a name is taken once. */
public final class CacheApi {
  private final AwsClients clients;
  private final Calls calls;

  public CacheApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /** Tags in the form of this service. */
  public static List<Tag> list(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  /** Creates a cache; ALREADY_EXISTS when the name is taken. */
  public void create(Deadline deadline, CreateReplicationGroupRequest cache)
      throws ProviderException, InterruptedException {
    calls.of(deadline, cache, request -> clients.elastiCache().createReplicationGroup(request));
  }

  /** The cache of that name; empty when there is none. */
  public Optional<ReplicationGroup> cache(Deadline deadline, String name)
      throws ProviderException, InterruptedException {
    return first(
        () ->
            calls.of(
                deadline,
                DescribeReplicationGroupsRequest.builder().replicationGroupId(name).build(),
                request ->
                    clients.elastiCache().describeReplicationGroups(request).replicationGroups()));
  }

  public void delete(Deadline deadline, String name)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteReplicationGroupRequest.builder()
            .replicationGroupId(name)
            .retainPrimaryCluster(false)
            .build(),
        request -> clients.elastiCache().deleteReplicationGroup(request));
  }

  public Optional<CacheSubnetGroup> subnetGroup(Deadline deadline, String name)
      throws ProviderException, InterruptedException {
    return first(
        () ->
            calls.of(
                deadline,
                DescribeCacheSubnetGroupsRequest.builder().cacheSubnetGroupName(name).build(),
                request ->
                    clients.elastiCache().describeCacheSubnetGroups(request).cacheSubnetGroups()));
  }

  public void createSubnetGroup(
      Deadline deadline,
      String name,
      String description,
      List<String> subnetIds,
      Map<String, String> tags)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        CreateCacheSubnetGroupRequest.builder()
            .cacheSubnetGroupName(name)
            .cacheSubnetGroupDescription(description)
            .subnetIds(subnetIds)
            .tags(list(tags))
            .build(),
        request -> clients.elastiCache().createCacheSubnetGroup(request));
  }

  public void deleteSubnetGroup(Deadline deadline, String name)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteCacheSubnetGroupRequest.builder().cacheSubnetGroupName(name).build(),
        request -> clients.elastiCache().deleteCacheSubnetGroup(request));
  }

  public Optional<CacheParameterGroup> parameterGroup(Deadline deadline, String name)
      throws ProviderException, InterruptedException {
    return first(
        () ->
            calls.of(
                deadline,
                DescribeCacheParameterGroupsRequest.builder().cacheParameterGroupName(name).build(),
                request ->
                    clients
                        .elastiCache()
                        .describeCacheParameterGroups(request)
                        .cacheParameterGroups()));
  }

  public void createParameterGroup(
      Deadline deadline, String name, String family, String description, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        CreateCacheParameterGroupRequest.builder()
            .cacheParameterGroupName(name)
            .cacheParameterGroupFamily(family)
            .description(description)
            .tags(list(tags))
            .build(),
        request -> clients.elastiCache().createCacheParameterGroup(request));
  }

  /** The parameters of a group that differ from its family's. */
  public SortedMap<String, String> parameters(Deadline deadline, String name)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> values = new TreeMap<>();
    calls
        .of(
            deadline,
            DescribeCacheParametersRequest.builder()
                .cacheParameterGroupName(name)
                .source("user")
                .build(),
            request ->
                clients
                    .elastiCache()
                    .describeCacheParametersPaginator(request)
                    .parameters()
                    .stream()
                    .toList())
        .forEach(parameter -> values.put(parameter.parameterName(), parameter.parameterValue()));
    return values;
  }

  public void setParameters(Deadline deadline, String name, Map<String, String> values)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        ModifyCacheParameterGroupRequest.builder()
            .cacheParameterGroupName(name)
            .parameterNameValues(
                values.entrySet().stream()
                    .map(
                        value ->
                            ParameterNameValue.builder()
                                .parameterName(value.getKey())
                                .parameterValue(value.getValue())
                                .build())
                    .toList())
            .build(),
        request -> clients.elastiCache().modifyCacheParameterGroup(request));
  }

  public void deleteParameterGroup(Deadline deadline, String name)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteCacheParameterGroupRequest.builder().cacheParameterGroupName(name).build(),
        request -> clients.elastiCache().deleteCacheParameterGroup(request));
  }

  /** The tags of a thing of this service. */
  public SortedMap<String, String> tags(Deadline deadline, String arn)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> tags = new TreeMap<>();
    calls
        .of(
            deadline,
            ListTagsForResourceRequest.builder().resourceName(arn).build(),
            request -> clients.elastiCache().listTagsForResource(request).tagList())
        .forEach(tag -> tags.put(tag.key(), tag.value()));
    return tags;
  }

  private static <T> Optional<T> first(Calls.Attempt<List<T>> look)
      throws ProviderException, InterruptedException {
    try {
      return look.run().stream().findFirst();
    } catch (ProviderException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw failure;
    }
  }
}
