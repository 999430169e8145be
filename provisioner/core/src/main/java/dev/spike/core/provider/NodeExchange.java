package dev.spike.core.provider;

import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import java.util.List;
import java.util.SortedSet;

/**
 * How one node gives way to a new one of its name. The phases are taken one after the other by
 * whoever holds the lease. Each is idempotent, and what was begun is seen in the world itself: a
 * run that died is continued by taking all phases again.
 */
public interface NodeExchange {

  /** What is done on the way. */
  enum Phase {
    /** The node that goes is marked; one of the same name comes up beside it, or in its place. */
    LAUNCH("the new node is launched"),
    /** The new node's server answers. */
    READY("the new node is waited for"),
    /** New connections reach the new node. */
    REGISTER("the new node is registered"),
    /** No new connection reaches the node that goes, and those that it has may end. */
    DRAIN("the old node is drained"),
    /** The node that goes is gone. */
    END("the old node is ended");

    private final String sentence;

    Phase(String sentence) {
      this.sentence = sentence;
    }

    /** What happens in it, for people. */
    public String sentence() {
      return sentence;
    }
  }

  /**
   * The phases in the order in which they are taken here. Where two hosts of one name cannot stand
   * side by side, the old one is drained and ended before the new one is launched.
   */
  List<Phase> phases();

  /** The nodes whose exchange was begun and has not come to its end. */
  SortedSet<String> begun(EventName event) throws ProviderException, InterruptedException;

  /**
   * Takes one phase.
   *
   * @param fleet the one that the node is of
   * @param desired all of the plan's resources
   */
  void take(
      Phase phase,
      String node,
      Resource.NodeFleet fleet,
      List<Resource> desired,
      Tags tags,
      Deadline deadline)
      throws ProviderException, InterruptedException;
}
