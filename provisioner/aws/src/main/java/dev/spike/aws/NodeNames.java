package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.MachineApi;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which node a machine is: tags that it is given once it is there. */
final class NodeNames {
  private final Calls calls;
  private final MachineApi api;

  NodeNames(AwsClients clients) {
    this.calls = clients.calls();
    this.api = new MachineApi(clients);
  }

  /** Gives machines names of nodes, in the same order, which takes a call for each. */
  void give(EventName event, List<String> ids, List<String> names, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, String> naming = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      naming.put(ids.get(i), names.get(i));
    }
    AtOnce.each(
        naming.entrySet(),
        entry ->
            calls.settling(
                deadline,
                () -> {
                  api.tag(
                      deadline,
                      entry.getKey(),
                      Map.of(
                          EventTags.NODE,
                          entry.getValue(),
                          EventTags.NAME,
                          EventTags.name(event, entry.getValue())));
                  return entry;
                }));
  }

  /**
   * Takes a node's name from a machine that gives way to a new one. Its name for Systems Manager
   * goes too: the commands of the node are not for it.
   */
  void takeAway(EventName event, Machine machine, String node, Deadline deadline)
      throws ProviderException, InterruptedException {
    api.tag(
        deadline,
        machine.id(),
        Map.of(
            EventTags.RETIRING,
            calls.pace().clock().instant().toString(),
            EventTags.NAME,
            EventTags.name(event, node) + " replaced"));
  }
}
