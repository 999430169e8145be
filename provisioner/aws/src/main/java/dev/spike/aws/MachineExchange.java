package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeExchange;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A machine beside the one that goes, both with the node's name. Which of them goes is a tag of the
 * machine itself, so that a run that finds both knows.
 */
final class MachineExchange implements NodeExchange {
  private final Calls calls;
  private final EventMachines machines;
  private final NodeFleetPart fleets;
  private final Targets targets;
  private final RunningNodes nodes;

  MachineExchange(
      AwsClients clients,
      EventMachines machines,
      NodeFleetPart fleets,
      Targets targets,
      RunningNodes nodes) {
    this.calls = clients.calls();
    this.machines = machines;
    this.fleets = fleets;
    this.targets = targets;
    this.nodes = nodes;
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.LAUNCH, Phase.READY, Phase.REGISTER, Phase.DRAIN, Phase.END);
  }

  @Override
  public SortedSet<String> begun(EventName event) throws ProviderException, InterruptedException {
    SortedSet<String> names = new TreeSet<>(Machine.BY_ORDINAL);
    for (Machine machine : machines.retiring(event, calls.soon())) {
      machine.name().ifPresent(names::add);
    }
    return names;
  }

  @Override
  public void take(
      Phase phase,
      String node,
      Resource.NodeFleet fleet,
      List<Resource> desired,
      Tags tags,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    switch (phase) {
      case LAUNCH -> fleets.launchBeside(fleet, node, desired, tags, deadline);
      case READY -> nodes.awaitBoot(tags.event(), List.of(node), deadline);
      case REGISTER -> targets.register(node, desired, tags.event(), deadline);
      case DRAIN -> targets.drain(node, desired, tags.event(), deadline);
      case END -> fleets.endRetired(tags.event(), node, deadline);
    }
  }
}
