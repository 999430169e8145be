package dev.spike.core.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;

/** Runs {@code spike-node} commands on the event's hosts and returns the JSON they print. */
public interface NodeChannel {

  /**
   * What one host answered.
   *
   * @param exitCode of the command, or -1 when it could not be run or did not end in time
   * @param json what it printed; an object with {@code error} when it failed
   */
  record Answer(int exitCode, JsonNode json) {
    public boolean ok() {
      return exitCode == 0;
    }
  }

  /**
   * Runs a command on each named node, at the same time. A node that cannot be reached is in the
   * result with exit code -1: no name is ever left out.
   */
  SortedMap<String, Answer> run(Collection<String> nodes, NodeCommand command, Deadline deadline)
      throws ProviderException, InterruptedException;

  /** Runs a command where clients are: outside the tier, in front of the balancer. */
  Answer runAsClient(NodeCommand command, Deadline deadline)
      throws ProviderException, InterruptedException;

  /** The addresses clients and DNS records use: host:port of every balancer, by zone. */
  Map<String, String> fronts() throws ProviderException;
}
