package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.MachineApi;
import dev.spike.aws.api.NetworkApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.Volume;

/** How machines go: in batches, with their interfaces, and with what they can leave behind. */
final class MachineRemoval {
  /** How many values a filter of EC2's may have. */
  private static final int FILTER_VALUES_MAX = 200;

  private final Calls calls;
  private final MachineApi api;
  private final NetworkApi network;
  private final EventMachines machines;

  MachineRemoval(AwsClients clients, EventMachines machines) {
    this.calls = clients.calls();
    this.api = new MachineApi(clients);
    this.network = new NetworkApi(clients);
    this.machines = machines;
  }

  /** Ends machines in batches; it does not wait. */
  void end(List<String> ids, Deadline deadline) throws ProviderException, InterruptedException {
    for (int from = 0; from < ids.size(); from += MachineApi.BATCH_MAX) {
      List<String> batch = ids.subList(from, Math.min(ids.size(), from + MachineApi.BATCH_MAX));
      try {
        api.terminate(deadline, batch);
      } catch (ProviderException failure) {
        if (failure.kind() != ProviderException.Kind.NOT_FOUND) {
          throw failure;
        }
        for (String id : batch) { // one of them is gone: that must not keep the others
          Calls.gone(() -> api.terminate(deadline, List.of(id)));
        }
      }
    }
  }

  /** Waits until none of the event's machines is such a one. */
  void awaitGone(EventName event, Predicate<Machine> which, Deadline deadline)
      throws ProviderException, InterruptedException {
    calls.until(
        deadline,
        "Run the same command again.",
        () ->
            machines.thereOrEnding(event, deadline).stream()
                .filter(which)
                .findFirst()
                .map(machine -> "machine " + machine.id() + " is " + machine.state()));
  }

  /** Those that did not go with their machines; one that is still held goes with its network. */
  void removeInterfaces(List<Machine> gone, Deadline deadline)
      throws ProviderException, InterruptedException {
    String[] ids =
        gone.stream()
            .flatMap(machine -> machine.instance().networkInterfaces().stream())
            .map(InstanceNetworkInterface::networkInterfaceId)
            .toArray(String[]::new);
    for (int from = 0; from < ids.length; from += FILTER_VALUES_MAX) {
      String[] some = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + FILTER_VALUES_MAX));
      for (NetworkInterface left :
          network.interfaces(deadline, Ec2Tags.filter("network-interface-id", some))) {
        try {
          Calls.gone(() -> api.deleteInterface(deadline, left.networkInterfaceId()));
        } catch (ProviderException failure) {
          if (AwsErrors.reason(failure) != AwsErrors.Reason.IN_USE) {
            throw failure;
          }
        }
      }
    }
  }

  /** Machines of no fleet, and what a machine can leave behind, one line each. */
  List<String> strays(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> strays = new ArrayList<>();
    for (Machine machine : machines.there(event, deadline)) {
      if (machine.fleet().isEmpty()) {
        strays.add("machine " + machine.id());
      }
    }
    for (Volume volume : api.looseVolumes(deadline, tag(event))) {
      strays.add("volume " + volume.volumeId());
    }
    for (NetworkInterface left : looseInterfaces(event, deadline)) {
      strays.add("interface " + left.networkInterfaceId());
    }
    return strays;
  }

  /** Removes what {@link #strays} names. */
  void removeStrays(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> ids =
        machines.there(event, deadline).stream()
            .filter(machine -> machine.fleet().isEmpty())
            .map(Machine::id)
            .toList();
    end(ids, deadline);
    awaitGone(event, machine -> ids.contains(machine.id()), deadline);
    for (Volume volume : api.looseVolumes(deadline, tag(event))) {
      Calls.gone(() -> api.deleteVolume(deadline, volume.volumeId()));
    }
    for (NetworkInterface left : looseInterfaces(event, deadline)) {
      Calls.gone(() -> api.deleteInterface(deadline, left.networkInterfaceId()));
    }
  }

  private List<NetworkInterface> looseInterfaces(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return network.interfaces(deadline, tag(event), Ec2Tags.filter("status", "available"));
  }

  private static Filter tag(EventName event) {
    return Ec2Tags.tag(EventTags.EVENT, event.value());
  }
}
