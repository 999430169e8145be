package dev.spike.aws;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.elasticache.model.AutomaticFailoverStatus;
import software.amazon.awssdk.services.elasticache.model.Endpoint;
import software.amazon.awssdk.services.elasticache.model.MultiAZStatus;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;

/**
 * A cache as ElastiCache shows it, beside what spike makes and a plan asks for.
 *
 * @param group its replication group
 */
record SeenCache(ReplicationGroup group) {
  private static final String AVAILABLE = "available";
  private static final String DELETING = "deleting";
  private static final String FAILED = "create-failed";

  String status() {
    return group.status();
  }

  /** Whether it serves. */
  boolean available() {
    return AVAILABLE.equals(group.status()) && endpoint().isPresent();
  }

  /** Whether it is on its way out. */
  boolean deleting() {
    return DELETING.equals(group.status());
  }

  /** Whether it never came to be. */
  boolean failed() {
    return FAILED.equals(group.status());
  }

  /** Its ARN and the time it was made: another of the same name has another. */
  String identity() {
    return group.arn() + " " + group.replicationGroupCreateTime();
  }

  /** HOST:PORT; empty while it has none. */
  Optional<String> endpoint() {
    Endpoint endpoint = group.configurationEndpoint();
    return endpoint == null || endpoint.address() == null
        ? Optional.empty()
        : Optional.of(endpoint.address() + ":" + endpoint.port());
  }

  /** What a plan says of it too. */
  Map<String, String> attributes() {
    Map<String, String> attributes = new HashMap<>();
    int shards = group.nodeGroups().size();
    if (shards > 0) {
      attributes.put("shards", Integer.toString(shards));
      int members = group.nodeGroups().getFirst().nodeGroupMembers().size();
      if (members > 0) {
        attributes.put("replicasPerShard", Integer.toString(members - 1));
      }
    }
    return attributes;
  }

  /** What keeps it from serving, and what is not as spike makes it. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (!AVAILABLE.equals(group.status())) {
      faults.add("the cache is " + group.status());
    } else if (endpoint().isEmpty()) {
      faults.add("the cache has no endpoint");
    }
    faults.addAll(differences());
    return faults;
  }

  /** What of it is not as spike makes it, of what cannot be told by attributes. */
  private List<String> differences() {
    List<String> differences = new ArrayList<>();
    if (!Boolean.TRUE.equals(group.clusterEnabled())) {
      differences.add("it is not in cluster mode");
    }
    if (!Boolean.TRUE.equals(group.transitEncryptionEnabled())) {
      differences.add("it does not encrypt connections");
    }
    if (!Boolean.TRUE.equals(group.atRestEncryptionEnabled())) {
      differences.add("it does not encrypt what it stores");
    }
    if (!Boolean.TRUE.equals(group.authTokenEnabled())) {
      differences.add("it asks for no password");
    }
    if (group.automaticFailover() == AutomaticFailoverStatus.DISABLED) {
      differences.add("it does not fail over by itself");
    }
    return differences;
  }

  /**
   * Compares it with the plan's.
   *
   * @throws ProviderException ALREADY_EXISTS when it is another
   */
  void compare(Resource.Cache wanted) throws ProviderException {
    List<String> differences = new ArrayList<>(differences());
    Map<String, String> attributes = attributes();
    wanted
        .attributes()
        .forEach(
            (name, value) -> {
              String seen = attributes.get(name);
              if (seen != null && !seen.equals(value)) {
                differences.add(name + " is " + seen + " where the plan has " + value);
              }
            });
    if (wanted.replicasPerShard() > 0
        && wanted.zones().size() > 1
        && group.multiAZ() == MultiAZStatus.DISABLED) {
      differences.add("it stands in one zone");
    }
    if (!differences.isEmpty()) {
      throw new ProviderException(
          ProviderException.Kind.ALREADY_EXISTS,
          "the cache "
              + group.replicationGroupId()
              + " is another: "
              + String.join("; ", differences),
          "Run spike teardown and then provision, which loses the sessions in it, or correct it by"
              + " hand.");
    }
  }
}
