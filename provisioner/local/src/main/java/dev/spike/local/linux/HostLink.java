package dev.spike.local.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One link inside a host.
 *
 * @param mtu in bytes, without the link's own header
 * @param addressed true when it has an IPv4 address
 */
public record HostLink(String name, boolean up, int mtu, boolean addressed) {

  /** What is wrong with a link that should be among these, one part of a sentence each. */
  public static List<String> faults(Map<String, HostLink> links, String name, int mtu) {
    List<String> faults = new ArrayList<>();
    HostLink found = links.get(name);
    if (found == null) {
      faults.add("link " + name + " is missing");
      return faults;
    }
    if (!found.up()) {
      faults.add("link " + name + " is down");
    }
    if (found.mtu() != mtu) {
      faults.add("link " + name + " has MTU " + found.mtu() + ", not " + mtu);
    }
    if (!found.addressed()) {
      faults.add("link " + name + " has no address");
    }
    return faults;
  }
}
