package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.IndependentCount;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.ResourceId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;

/** The cache, its groups, and what nodes are told of it. */
class CacheTest {
  /** What the node's own tests have it read. */
  private static final Path WHAT_NODES_READ =
      Path.of("../../ws-runtime/src/test/resources/dev/spike/node/tier.json");

  private static final ResourceId AUTH = SecretPart.id("cache-auth");

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  private Rig rig;
  private NodeConfigurationPart configuration;

  @BeforeEach
  void prepare() throws Exception {
    rig = new Rig(AWS);
    configuration = new NodeConfigurationPart(rig.clients, rig.bucket, rig.cache);
    rig.converge(rig.firewall, new ResourceId("firewall-rules"));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void cache() throws Exception {
    rig.converge(rig.secrets, AUTH);
    rig.converge(rig.groups, CacheGroupsPart.ID);
    rig.converge(rig.cache, CachePart.ID);
  }

  @Test
  void aCacheIsWaitedForMadeOnceAndGoneWhenItsDeletionReturns() throws Exception {
    AWS.set(Map.of("cacheDescribesUntilAvailable", 3, "cacheDescribesUntilGone", 3));
    cache();
    assertThat(rig.seen(rig.cache, CachePart.ID).faults()).isEmpty();
    assertThat(rig.seen(rig.cache, CachePart.ID).attributes())
        .containsAllEntriesOf(Map.of("shards", "3", "replicasPerShard", "1"));
    rig.converge(rig.cache, CachePart.ID);
    assertThat(AWS.calls()).containsEntry("elasticache:CreateReplicationGroup", 1);
    rig.cache.delete(Rig.EVENT, CachePart.ID, Rig.soon());
    rig.groups.delete(Rig.EVENT, CacheGroupsPart.ID, Rig.soon());
    rig.cache.delete(Rig.EVENT, CachePart.ID, Rig.soon());
    assertThat(rig.cache.observe(Rig.EVENT)).isEmpty();
    assertThat(IndependentCount.of(AWS, Rig.EVENT.value()))
        .doesNotContainKeys("cache", "cache-subnet-group", "cache-parameter-group");
  }

  @Test
  void aCacheIsEncryptedSpreadAndNeverEvictsASession() throws Exception {
    cache();
    ReplicationGroup made =
        Clients.at(AWS, ElastiCacheClient.builder())
            .describeReplicationGroups()
            .replicationGroups()
            .getFirst();
    assertThat(made.replicationGroupId()).hasSizeLessThanOrEqualTo(Names.CACHE_CHARS_MAX);
    assertThat(made.engine()).isEqualTo("valkey");
    assertThat(made.clusterEnabled()).isTrue();
    assertThat(made.multiAZAsString()).isEqualTo("enabled");
    assertThat(made.automaticFailoverAsString()).isEqualTo("enabled");
    assertThat(made.transitEncryptionEnabled()).isTrue();
    assertThat(made.atRestEncryptionEnabled()).isTrue();
    assertThat(made.authTokenEnabled()).isTrue();
    assertThat(
            new dev.spike.aws.api.CacheApi(rig.clients)
                .parameters(Rig.soon(), rig.groups.parameterGroup(Rig.EVENT)))
        .isEqualTo(CacheGroupsPart.PARAMETERS);
  }

  @Test
  void aCreationWhoseAnswerIsLostIsFoundAgain() throws Exception {
    rig.converge(rig.secrets, AUTH);
    for (String action :
        List.of("CreateCacheParameterGroup", "CreateCacheSubnetGroup", "CreateReplicationGroup")) {
      AWS.fault(Map.of("action", action, "effect", "drop-after", "nth", 1));
    }
    rig.converge(rig.groups, CacheGroupsPart.ID);
    rig.converge(rig.cache, CachePart.ID);
    assertThat(rig.seen(rig.groups, CacheGroupsPart.ID).faults()).isEmpty();
    assertThat(rig.seen(rig.cache, CachePart.ID).faults()).isEmpty();
    assertThat(IndependentCount.of(AWS, Rig.EVENT.value()).get("cache")).hasSize(1);
  }

  @Test
  void aCacheThatIsNotReadyByTheDeadlineIsUnavailableAndContinuedLater() throws Exception {
    AWS.set(Map.of("cacheDescribesUntilAvailable", 6));
    rig.converge(rig.secrets, AUTH);
    rig.converge(rig.groups, CacheGroupsPart.ID);
    Deadline near = Deadline.in(Clock.systemUTC(), Duration.ofSeconds(3));
    assertThatThrownBy(
            () -> rig.cache.converge(rig.resource(CachePart.ID), rig.desired, Rig.TAGS, near))
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE));
    assertThat(rig.seen(rig.cache, CachePart.ID).faults()).contains("the cache is creating");
    rig.converge(rig.cache, CachePart.ID);
    assertThat(rig.seen(rig.cache, CachePart.ID).faults()).isEmpty();
  }

  @Test
  void aForeignCacheOfTheNameIsNeitherTakenNorDeleted() throws Exception {
    rig.converge(rig.secrets, AUTH);
    rig.converge(rig.groups, CacheGroupsPart.ID);
    ElastiCacheClient client = Clients.at(AWS, ElastiCacheClient.builder());
    client.createReplicationGroup(
        request ->
            request.replicationGroupId(CachePart.name(Rig.EVENT)).replicationGroupDescription("x"));
    assertThatThrownBy(() -> rig.converge(rig.cache, CachePart.ID))
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> assertThat(failure.kind()).isEqualTo(Kind.ALREADY_EXISTS));
    rig.cache.delete(Rig.EVENT, CachePart.ID, Rig.soon());
    assertThat(client.describeReplicationGroups().replicationGroups()).hasSize(1);
  }

  @Test
  void givenGroupsAreUsedAndNeverMadeOrDeleted() throws Exception {
    try (Rig given =
        new Rig(
            AWS,
            Clock.systemUTC(),
            Map.of(
                "cache.parameterGroup",
                "default.valkey8.cluster.on",
                "cache.subnetGroup",
                "theirs"))) {
      given.groups.converge(
          given.resource(CacheGroupsPart.ID), given.desired, Rig.TAGS, Rig.soon());
      assertThat(given.groups.observe(Rig.EVENT)).isEmpty();
      given.groups.delete(Rig.EVENT, CacheGroupsPart.ID, Rig.soon());
      assertThat(AWS.calls().keySet())
          .noneMatch(
              call ->
                  call.contains("Create")
                      && call.contains("Group")
                      && call.startsWith("elasticache"));
    }
  }

  @Test
  void parametersThatSomebodyChangedAreAFaultAndPutBack() throws Exception {
    rig.converge(rig.groups, CacheGroupsPart.ID);
    new dev.spike.aws.api.CacheApi(rig.clients)
        .setParameters(
            Rig.soon(),
            rig.groups.parameterGroup(Rig.EVENT),
            Map.of("maxmemory-policy", "volatile-lru"));
    assertThat(rig.seen(rig.groups, CacheGroupsPart.ID).faults())
        .containsExactly("the cache's parameters are not those of spike");
    rig.converge(rig.groups, CacheGroupsPart.ID);
    assertThat(rig.seen(rig.groups, CacheGroupsPart.ID).faults()).isEmpty();
  }

  @Test
  void nodesAreToldTheCachesEndpointOnceItHasOneAndAgainWhenItIsAnother() throws Exception {
    assertThatThrownBy(() -> rig.converge(configuration, NodeConfigurationPart.ID))
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND));
    cache();
    rig.converge(configuration, NodeConfigurationPart.ID);
    configuration.tell(
        Rig.TAGS, new TreeMap<>(Map.of("a-1", "10.0.1.5", "b-1", "10.0.2.5")), Rig.soon());
    String written =
        rig.bucket.text(Rig.EVENT, NodeConfigurationPart.NAME, Rig.soon()).orElseThrow();
    String endpoint = rig.cache.endpoint(Rig.EVENT, Rig.soon()).orElseThrow();
    assertThat(new ObjectMapper().readTree(written.replace(endpoint, "cache.example.com:6379")))
        .isEqualTo(new ObjectMapper().readTree(WHAT_NODES_READ.toFile()));
    assertThat(rig.seen(configuration, NodeConfigurationPart.ID).attributes())
        .isEqualTo(
            Map.of(
                "host",
                "live.example.com",
                "connectionsPerNode",
                "60000",
                "heartbeatMillis",
                "20000"));
    rig.cache.delete(Rig.EVENT, CachePart.ID, Rig.soon());
    rig.converge(rig.cache, CachePart.ID);
    assertThat(rig.seen(configuration, NodeConfigurationPart.ID).faults()).hasSize(1);
    rig.converge(configuration, NodeConfigurationPart.ID);
    assertThat(rig.seen(configuration, NodeConfigurationPart.ID).faults()).isEmpty();
    assertThat(rig.bucket.text(Rig.EVENT, NodeConfigurationPart.NAME, Rig.soon()).orElseThrow())
        .contains("10.0.1.5");
    configuration.delete(Rig.EVENT, NodeConfigurationPart.ID, Rig.soon());
    assertThat(configuration.observe(Rig.EVENT)).isEmpty();
  }
}
