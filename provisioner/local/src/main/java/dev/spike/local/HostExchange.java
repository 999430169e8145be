package dev.spike.local;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeExchange;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.SortedSet;

/**
 * One host after the other: a node's name is its namespace and its address, of which there is one.
 * A file of the event says that a node is being replaced, until its new server answers.
 */
final class HostExchange implements NodeExchange {
  @Override
  public List<Phase> phases() {
    return List.of(Phase.DRAIN, Phase.END, Phase.LAUNCH);
  }

  @Override
  public SortedSet<String> begun(EventName event) throws ProviderException, InterruptedException {
    return Failures.translated(
        "what is being replaced of event " + event + " could not be read",
        () -> EventTier.of(event).folder().replacing());
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
    EventTier tier = EventTier.of(tags.event());
    Failures.translated(
        "node " + node + " could not be replaced",
        () -> {
          take(phase, node, fleet, new Desired(desired), tags, tier, deadline);
          return true;
        });
  }

  private static void take(
      Phase phase,
      String node,
      Resource.NodeFleet fleet,
      Desired desired,
      Tags tags,
      EventTier tier,
      Deadline deadline)
      throws IOException, InterruptedException, ProviderException {
    NodeFleets fleets = new NodeFleets(tier);
    switch (phase) {
      case DRAIN -> {
        EventFolder.write(tier.folder().replacing(node), "", "r--------", 0);
        fleets.drain(node, deadline);
      }
      case END -> fleets.end(node);
      case LAUNCH -> {
        fleets.bring(node, fleet, desired, tier.look(), tags, deadline);
        Files.deleteIfExists(tier.folder().replacing(node));
      }
      case READY, REGISTER -> {
        // launching waits for the server, and the balancer knows the address
      }
    }
  }
}
