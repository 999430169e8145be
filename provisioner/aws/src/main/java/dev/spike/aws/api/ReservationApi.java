package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.CancelCapacityReservationRequest;
import software.amazon.awssdk.services.ec2.model.CapacityReservation;
import software.amazon.awssdk.services.ec2.model.CapacityReservationDeliveryPreference;
import software.amazon.awssdk.services.ec2.model.CapacityReservationInstancePlatform;
import software.amazon.awssdk.services.ec2.model.CreateCapacityReservationRequest;
import software.amazon.awssdk.services.ec2.model.CreatePlacementGroupRequest;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeletePlacementGroupRequest;
import software.amazon.awssdk.services.ec2.model.DescribeCapacityReservationsRequest;
import software.amazon.awssdk.services.ec2.model.DescribePlacementGroupsRequest;
import software.amazon.awssdk.services.ec2.model.EndDateType;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceMatchCriteria;
import software.amazon.awssdk.services.ec2.model.ModifyCapacityReservationRequest;
import software.amazon.awssdk.services.ec2.model.PlacementGroup;
import software.amazon.awssdk.services.ec2.model.PlacementStrategy;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** EC2's calls for room: capacity reservations and placement groups. */
public final class ReservationApi {
  private final AwsClients clients;
  private final Calls calls;

  public ReservationApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  public List<CapacityReservation> reservations(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeCapacityReservationsRequest.builder().filters(filters).build(),
        request ->
            clients
                .ec2()
                .describeCapacityReservationsPaginator(request)
                .capacityReservations()
                .stream()
                .toList());
  }

  /** Reserves at once and without an end, for launches that name the reservation. */
  public CapacityReservation reserve(
      Deadline deadline,
      String zoneName,
      String type,
      int instances,
      String token,
      Map<String, String> tags)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        request(zoneName, type, instances, token, tags).endDateType(EndDateType.UNLIMITED).build(),
        request -> clients.ec2().createCapacityReservation(request).capacityReservation());
  }

  private static CreateCapacityReservationRequest.Builder request(
      String zoneName, String type, int instances, String token, Map<String, String> tags) {
    return CreateCapacityReservationRequest.builder()
        .availabilityZone(zoneName)
        .instanceType(type)
        .instancePlatform(CapacityReservationInstancePlatform.LINUX_UNIX)
        .instanceCount(instances)
        .instanceMatchCriteria(InstanceMatchCriteria.TARGETED)
        .clientToken(token)
        .tagSpecifications(Ec2Tags.on(ResourceType.CAPACITY_RESERVATION, tags));
  }

  /**
   * Asks for room from a later instant on, which one commits oneself to pay for.
   *
   * @param commitment from the delivery on
   * @param endsAt when it ends by itself; not within the commitment
   */
  public CapacityReservation reserveAhead(
      Deadline deadline,
      String zoneName,
      String type,
      int instances,
      Instant startsAt,
      Duration commitment,
      Instant endsAt,
      String token,
      Map<String, String> tags)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        request(zoneName, type, instances, token, tags)
            .startDate(startsAt)
            .commitmentDuration(commitment.toSeconds())
            .deliveryPreference(CapacityReservationDeliveryPreference.INCREMENTAL)
            .endDateType(EndDateType.LIMITED)
            .endDate(endsAt)
            .build(),
        request -> clients.ec2().createCapacityReservation(request).capacityReservation());
  }

  /** Sets tags of a reservation; their other tags stay. */
  public void tag(Deadline deadline, String id, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        CreateTagsRequest.builder().resources(id).tags(Ec2Tags.list(tags)).build(),
        request -> clients.ec2().createTags(request));
  }

  public void resize(Deadline deadline, String id, int instances)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        ModifyCapacityReservationRequest.builder()
            .capacityReservationId(id)
            .instanceCount(instances)
            .build(),
        request -> clients.ec2().modifyCapacityReservation(request));
  }

  public void cancel(Deadline deadline, String id) throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        CancelCapacityReservationRequest.builder().capacityReservationId(id).build(),
        request -> clients.ec2().cancelCapacityReservation(request));
  }

  public List<PlacementGroup> placementGroups(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribePlacementGroupsRequest.builder().filters(filters).build(),
        request -> clients.ec2().describePlacementGroups(request).placementGroups());
  }

  /**
   * Names are unique in the Region: a second creation is ALREADY_EXISTS.
   *
   * @param partitions of a partition group; 0 for another strategy
   */
  public void createPlacementGroup(
      Deadline deadline, String name, String strategy, int partitions, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    CreatePlacementGroupRequest.Builder group =
        CreatePlacementGroupRequest.builder()
            .groupName(name)
            .strategy(PlacementStrategy.fromValue(strategy))
            .tagSpecifications(Ec2Tags.on(ResourceType.PLACEMENT_GROUP, tags));
    if (partitions > 0) {
      group.partitionCount(partitions);
    }
    calls.of(deadline, group.build(), request -> clients.ec2().createPlacementGroup(request));
  }

  public void deletePlacementGroup(Deadline deadline, String name)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeletePlacementGroupRequest.builder().groupName(name).build(),
        request -> clients.ec2().deletePlacementGroup(request));
  }
}
