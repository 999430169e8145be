package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.CreateFleetRequest;
import software.amazon.awssdk.services.ec2.model.CreateFleetResponse;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DeleteVolumeRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypeOfferingsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVolumesRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.InstanceTypeOffering;
import software.amazon.awssdk.services.ec2.model.LocationType;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Volume;

/** EC2's calls for machines: what there is to rent, launching, naming, ending. */
public final class MachineApi {
  /** More than these in one call and a single bad id fails many. */
  public static final int BATCH_MAX = 100;

  private final AwsClients clients;
  private final Calls calls;

  public MachineApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  public List<Instance> instances(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeInstancesRequest.builder().filters(filters).build(),
        request ->
            clients.ec2().describeInstancesPaginator(request).reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .toList());
  }

  /** An instant fleet: what it launched and what it could not, in one answer. */
  public CreateFleetResponse launch(Deadline deadline, CreateFleetRequest fleet)
      throws ProviderException, InterruptedException {
    return calls.of(deadline, fleet, request -> clients.ec2().createFleet(request));
  }

  public void tag(Deadline deadline, String id, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        CreateTagsRequest.builder().resources(id).tags(Ec2Tags.list(tags)).build(),
        request -> clients.ec2().createTags(request));
  }

  /** Ends at most {@link #BATCH_MAX} instances; one unknown id fails the call. */
  public void terminate(Deadline deadline, Collection<String> ids)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        TerminateInstancesRequest.builder().instanceIds(ids).build(),
        request -> clients.ec2().terminateInstances(request));
  }

  /** Volumes that carry the tags and are attached to nothing. */
  public List<Volume> looseVolumes(Deadline deadline, Filter tag)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeVolumesRequest.builder()
            .filters(tag, Ec2Tags.filter("status", "available"))
            .build(),
        request -> clients.ec2().describeVolumesPaginator(request).volumes().stream().toList());
  }

  public void deleteVolume(Deadline deadline, String id)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteVolumeRequest.builder().volumeId(id).build(),
        request -> clients.ec2().deleteVolume(request));
  }

  public void deleteInterface(Deadline deadline, String id)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteNetworkInterfaceRequest.builder().networkInterfaceId(id).build(),
        request -> clients.ec2().deleteNetworkInterface(request));
  }

  /** The types of machine, by name. INVALID when one does not exist. */
  public List<InstanceTypeInfo> types(Deadline deadline, Collection<String> names)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeInstanceTypesRequest.builder().instanceTypesWithStrings(names).build(),
        request ->
            clients.ec2().describeInstanceTypesPaginator(request).instanceTypes().stream()
                .toList());
  }

  /** Which zone has which of these types. */
  public List<InstanceTypeOffering> offerings(Deadline deadline, Collection<String> types)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeInstanceTypeOfferingsRequest.builder()
            .locationType(LocationType.AVAILABILITY_ZONE)
            .filters(Filter.builder().name("instance-type").values(types).build())
            .build(),
        request ->
            clients
                .ec2()
                .describeInstanceTypeOfferingsPaginator(request)
                .instanceTypeOfferings()
                .stream()
                .toList());
  }
}
