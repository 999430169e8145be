package dev.spike.aws.preflight;

import dev.spike.aws.AwsSettings;
import dev.spike.aws.EventTags;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.ImageApi;
import dev.spike.aws.api.MachineApi;
import dev.spike.aws.api.NetworkApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.EventName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.InstanceTypeOffering;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** Whether the zones have the machines, the subnets room, and the machines an image. */
final class PlaceLooks {
  private static final String IMAGE_NEXT =
      "Correct provider.aws.imageId, or share the image with this account.";

  private final AwsSettings settings;
  private final Needs needs;
  private final Optional<EventName> event;
  private final MachineApi machines;
  private final NetworkApi networks;
  private final ImageApi images;

  PlaceLooks(AwsSettings settings, AwsClients clients, Needs needs, Optional<EventName> event) {
    this.settings = settings;
    this.needs = needs;
    this.event = event;
    this.machines = new MachineApi(clients);
    this.networks = new NetworkApi(clients);
    this.images = new ImageApi(clients);
  }

  private List<String> types() {
    Set<String> types = new LinkedHashSet<>();
    types.add(needs.profile());
    types.addAll(settings.instanceTypes());
    return List.copyOf(types);
  }

  /** Each type, the planned one first: in how many of the tier's zones it can be rented. */
  List<Finding> offerings(Deadline deadline) throws ProviderException, InterruptedException {
    Set<String> zones = new TreeSet<>();
    if (settings.subnetIds().isEmpty()) {
      for (AvailabilityZone zone : networks.zones(deadline)) {
        zones.add(zone.zoneName());
      }
    } else {
      for (Subnet subnet : networks.subnets(deadline, settings.subnetIds())) {
        zones.add(subnet.availabilityZone());
      }
    }
    List<InstanceTypeOffering> offers = machines.offerings(deadline, types());
    List<Finding> findings = new ArrayList<>();
    for (String type : types()) {
      Set<String> having = new TreeSet<>();
      for (InstanceTypeOffering offer : offers) {
        if (offer.instanceTypeAsString().equals(type) && zones.contains(offer.location())) {
          having.add(offer.location());
        }
      }
      String what = "machines of type " + type;
      String observed =
          having.isEmpty()
              ? "offered in none of " + String.join(", ", zones)
              : "offered in " + String.join(", ", having) + "; " + needs.zones() + " zones needed";
      if (having.size() >= needs.zones()) {
        findings.add(Finding.fine(what, observed));
      } else if (type.equals(needs.profile())) {
        findings.add(
            Finding.missing(
                what,
                observed,
                Kind.INSUFFICIENT_CAPACITY,
                "Name subnets in other zones, or other provider.aws.instanceTypes, and plan"
                    + " again."));
      } else {
        findings.add(
            Finding.warning(
                what,
                observed,
                "It can stand in only where it is offered; name another beside it."));
      }
    }
    return findings;
  }

  /** Each given subnet: addresses for nodes, balancers and cache that are not there yet. */
  List<Finding> addresses(Deadline deadline) throws ProviderException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    for (Subnet subnet : networks.subnets(deadline, settings.subnetIds())) {
      int held = event.isPresent() ? held(subnet, event.get(), deadline) : 0;
      int needed = Math.max(0, needs.addressesPerZone() - held);
      int free = subnet.availableIpAddressCount() == null ? 0 : subnet.availableIpAddressCount();
      String what =
          "subnet "
              + subnet.subnetId()
              + " in "
              + subnet.availabilityZone()
              + (subnet.availabilityZoneId() == null
                  ? ""
                  : " (" + subnet.availabilityZoneId() + ")");
      String observed = needed + " addresses needed, " + free + " free";
      findings.add(
          free >= needed
              ? Finding.fine(what, observed)
              : Finding.missing(
                  what,
                  observed,
                  Kind.INSUFFICIENT_CAPACITY,
                  "Name a larger subnet in provider.aws.network.subnetIds and plan again."));
    }
    return findings;
  }

  private int held(Subnet subnet, EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Filter here = Ec2Tags.filter("subnet-id", subnet.subnetId());
    return networks.interfaces(deadline, here, Ec2Tags.tag(EventTags.EVENT, event.value())).size();
  }

  /** The image, and whether the types can run it. */
  Look image() {
    return Look.at(
        "image " + settings.imageId().orElse("of the nodes"), IMAGE_NEXT, this::imageFound);
  }

  private List<Finding> imageFound(Deadline deadline)
      throws ProviderException, InterruptedException {
    Set<String> architectures = new TreeSet<>();
    for (InstanceTypeInfo type : machines.types(deadline, types())) {
      architectures.addAll(type.processorInfo().supportedArchitecturesAsStrings());
    }
    if (settings.imageId().isEmpty()) {
      return List.of(
          Finding.fine(
              "image of the nodes",
              "the newest of its kernel when the launch template is made; provider.aws.imageId"
                  + " pins one"));
    }
    String id = settings.imageId().get();
    Optional<Image> found = images.images(deadline, id).stream().findFirst();
    if (found.isEmpty()) {
      throw new ProviderException(Kind.NOT_FOUND, "image " + id + " is not there", IMAGE_NEXT);
    }
    String architecture = found.get().architectureAsString();
    return List.of(
        architectures.contains(architecture)
            ? Finding.fine("image " + id, "for " + architecture)
            : Finding.missing(
                "image " + id,
                "for " + architecture + "; " + types() + " need " + architectures,
                Kind.INVALID,
                "Name an image for these types in provider.aws.imageId."));
  }
}
