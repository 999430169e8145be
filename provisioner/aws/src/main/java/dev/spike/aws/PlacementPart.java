package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.ReservationApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.PlacementGroup;
import software.amazon.awssdk.services.ec2.model.PlacementGroupState;

/** The placement group that keeps nodes off the same racks. */
final class PlacementPart implements Part {
  static final ResourceId ID = new ResourceId("placement");
  private static final int PARTITIONS = 7;

  private final AwsSettings settings;
  private final Calls calls;
  private final ReservationApi api;

  PlacementPart(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new ReservationApi(clients);
  }

  static String name(EventName event) {
    return Names.of(event, ID, Names.GROUP_CHARS_MAX);
  }

  @Override
  public Kind kind() {
    return Kind.PLACEMENT;
  }

  private Optional<PlacementGroup> find(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<PlacementGroup> groups =
        Offered.orElse(
            List.of(),
            () -> api.placementGroups(deadline, Ec2Tags.tag(EventTags.EVENT, event.value())));
    return groups.stream()
        .filter(group -> group.state() != PlacementGroupState.DELETED)
        .findFirst();
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    find(event, calls.soon())
        .ifPresent(
            group ->
                seen.put(
                    ID,
                    new Observed(
                        ID,
                        Kind.PLACEMENT,
                        Map.of("strategy", group.strategyAsString()),
                        group.state() == PlacementGroupState.AVAILABLE
                            ? List.of()
                            : List.of("the placement group is " + group.stateAsString()))));
    return seen;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    String strategy = ((CloudResource.Placement) resource).strategy();
    if (find(tags.event(), deadline).isEmpty()) {
      try {
        api.createPlacementGroup(
            deadline,
            name(tags.event()),
            strategy,
            strategy.equals("partition") ? PARTITIONS : 0,
            EventTags.of(tags, ID, settings));
      } catch (ProviderException failure) {
        if (failure.kind() != ProviderException.Kind.ALREADY_EXISTS) {
          throw failure;
        }
      }
    }
    calls.until(
        deadline,
        "Run the same command again.",
        () ->
            find(tags.event(), deadline).map(PlacementGroup::state).stream()
                    .anyMatch(PlacementGroupState.AVAILABLE::equals)
                ? Optional.empty()
                : Optional.of("placement group " + name(tags.event()) + " is not available"));
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<PlacementGroup> group = find(event, deadline);
    if (group.isPresent()) {
      calls.freed(
          deadline,
          "placement group " + group.get().groupName(),
          () -> api.deletePlacementGroup(deadline, group.get().groupName()),
          () -> "instances that still end");
      calls.until(
          deadline,
          "Run the same command again.",
          () -> find(event, deadline).map(g -> "placement group " + g.groupName() + " is there"));
    }
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}
