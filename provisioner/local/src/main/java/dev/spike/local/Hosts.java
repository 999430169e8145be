package dev.spike.local;

import dev.spike.core.provider.ProviderException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/**
 * How the hosts of one event are made. Today a host is a network namespace; a mode without root
 * would make plain processes on loopback addresses behind the same interface.
 */
interface Hosts {

  /** What a host is there for, which decides how it is wired. */
  enum Role {
    FABRIC,
    CLIENT,
    BALANCER,
    NODE,
    CACHE
  }

  /**
   * A host to be.
   *
   * @param name such as {@code node-a-1}
   * @param address in the fabric; empty for the fabric itself and for clients
   * @param tags kept with the host, so that it can be read from it again
   */
  record Host(String name, Role role, String address, Map<String, String> tags) {
    public Host {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * A host that was found.
   *
   * @param faults what of it is missing, one sentence each
   */
  record Seen(String name, Map<String, String> tags, List<String> faults) {
    public Seen {
      tags = Map.copyOf(tags);
      faults = List.copyOf(faults);
    }
  }

  /** All hosts of the event, by name. */
  NavigableMap<String, Seen> look() throws IOException, InterruptedException;

  /** True when a host of that name is there. */
  boolean exists(String name);

  /** Makes a host, or completes one that is there; what is whole of it is not touched. */
  void make(Host host) throws IOException, InterruptedException, ProviderException;

  /** Cuts a host off at once, so that nothing more leaves it. */
  void cut(String name) throws IOException, InterruptedException;

  /** Removes hosts; their processes must have ended. Absent ones are no failure. */
  void remove(Collection<String> names) throws IOException, InterruptedException;

  /** The marks by which a process on one of the hosts is recognised. */
  Set<Long> marks() throws IOException;

  /** The mark of one host, 0 when it is not there. */
  long mark(String name);

  Process start(String host, ProcessBuilder process) throws IOException, InterruptedException;

  /** A connection that starts on that host. */
  Socket connect(String host, String address, int port, Duration timeout)
      throws IOException, InterruptedException;

  /** Runs a tool on that host and returns what it printed. */
  String run(String host, String input, String... words) throws IOException, InterruptedException;

  /** What is missing of the router's programs on a node's link, part of a sentence each. */
  List<String> routerFaults(String name) throws IOException, InterruptedException;

  /** Takes the router's programs off a node's link; succeeds when there are none. */
  void detachRouter(String name) throws IOException, InterruptedException;
}
