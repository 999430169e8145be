package dev.spike.local;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.local.linux.FabricPort;
import dev.spike.local.linux.HostLink;
import dev.spike.local.linux.Links;
import dev.spike.local.linux.LinuxException;
import dev.spike.local.linux.NetworkNamespace;
import dev.spike.local.linux.Tool;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Hosts as network namespaces, each with one veth pair to a bridge that has a namespace of its own.
 * No link is ever in the machine's own namespace. A host's tags are the alias of its port on the
 * bridge.
 */
final class NamespaceHosts implements Hosts {
  static final String FABRIC = "fabric";
  static final String CLIENT = "client";
  static final String BALANCER = "balancer";
  static final int FABRIC_MTU = 3000;
  private static final int FRONT_MTU = 1500;

  private final String prefix;

  NamespaceHosts(EventName event) {
    this.prefix = "spike." + event + ".";
  }

  private NetworkNamespace namespace(String host) {
    return new NetworkNamespace(prefix + host);
  }

  @Override
  public boolean exists(String name) {
    return namespace(name).exists();
  }

  @Override
  public NavigableMap<String, Seen> look() throws IOException, InterruptedException {
    Map<String, FabricPort> ports = ports();
    NavigableMap<String, Seen> seen = new TreeMap<>();
    for (String name : NetworkNamespace.named(prefix)) {
      String host = name.substring(prefix.length());
      FabricPort port = ports.get(host.equals(FABRIC) ? Links.BRIDGE : host);
      Map<String, String> tags = port == null ? Map.of() : parsed(port.alias());
      List<String> faults = new ArrayList<>();
      if (!exists(host)) {
        faults.add("namespace " + name + " is only a file without a namespace behind it");
      } else if (host.equals(FABRIC)) {
        if (port == null || !port.up()) {
          faults.add("bridge " + Links.BRIDGE + " in namespace " + name + " is missing or down");
        }
      } else {
        faults.addAll(faultsInside(host, port));
      }
      seen.put(host, new Seen(host, tags, faults));
    }
    return seen;
  }

  /** The ports of the bridge, and the bridge itself, by name. */
  private Map<String, FabricPort> ports() throws IOException, InterruptedException {
    return exists(FABRIC) ? Links.ports(namespace(FABRIC)) : Map.of();
  }

  private List<String> faultsInside(String host, @org.jspecify.annotations.Nullable FabricPort port)
      throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    NetworkNamespace namespace = namespace(host);
    if (host.equals(CLIENT)) {
      return faults; // its only link is the balancer's front, and missed there
    }
    if (port == null) {
      faults.add("host " + host + " has no link to the fabric");
    } else if (!port.up() || !port.master().equals(Links.BRIDGE)) {
      faults.add("the fabric's port " + host + " is down or off the bridge");
    }
    Map<String, HostLink> links = namespace.call(Links::here);
    if (port != null) {
      for (String fault : HostLink.faults(links, "eth0", FABRIC_MTU)) {
        faults.add("host " + host + ": " + fault);
      }
    }
    if (host.equals(BALANCER)) {
      for (String fault : HostLink.faults(links, "front", FRONT_MTU)) {
        faults.add("host " + host + ": " + fault);
      }
      if (!namespace.call(() -> Links.setting("net/ipv4/ip_forward")).equals("1")) {
        faults.add("host " + host + " does not forward packets");
      }
    } else if (!namespace.call(() -> Links.hasDefaultRoute())) {
      faults.add("host " + host + " has no default route");
    }
    return faults;
  }

  @Override
  public void make(Host host) throws IOException, InterruptedException, ProviderException {
    NetworkNamespace namespace = namespace(host.name());
    if (!namespace.exists()) {
      if (Files.exists(namespace.path())) {
        Links.batch(List.of("netns del " + namespace.name()));
      }
      Links.batch(List.of("netns add " + namespace.name()));
      namespace.call(
          () -> {
            Links.batch(List.of("link set lo up"));
            Links.setting("net/ipv6/conf/all/disable_ipv6", "1");
            Links.setting("net/ipv4/ip_local_port_range", "10240 65535");
            return true;
          });
    }
    switch (host.role()) {
      case FABRIC -> bridge(namespace, host);
      case CLIENT -> {
        // wired with the balancer, whose front link ends here
      }
      case BALANCER -> {
        plug(namespace, host);
        front(namespace);
        namespace.call(
            () -> {
              Links.setting("net/ipv4/ip_forward", "1");
              strict("eth0", "front");
              return true;
            });
      }
      case NODE, CACHE -> plug(namespace, host);
    }
  }

  private static void strict(String... links) throws IOException {
    Links.setting("net/ipv4/conf/all/rp_filter", "1");
    Links.setting("net/ipv4/conf/default/rp_filter", "1");
    for (String link : links) {
      Links.setting("net/ipv4/conf/" + link + "/rp_filter", "1");
    }
  }

  private static void bridge(NetworkNamespace fabric, Host host)
      throws IOException, InterruptedException {
    if (!Links.ports(fabric).containsKey(Links.BRIDGE)) {
      fabric.call(
          () -> {
            Links.batch(
                List.of(
                    "link add "
                        + Links.BRIDGE
                        + " mtu "
                        + FABRIC_MTU
                        + " address 02:53:00:00:00:01 type bridge stp_state 0 forward_delay 0"
                        + " mcast_snooping 0"));
            return true;
          });
    }
    fabric.call(
        () -> {
          Links.batch(
              List.of(
                  "link set " + Links.BRIDGE + " up mtu " + FABRIC_MTU,
                  "link set " + Links.BRIDGE + " alias " + text(host.tags())));
          return true;
        });
  }

  /** Connects a host with the bridge. */
  private void plug(NetworkNamespace namespace, Host host)
      throws IOException, InterruptedException {
    NetworkNamespace fabric = namespace(FABRIC);
    String port = host.name();
    boolean whole = namespace.call(() -> Links.here().containsKey("eth0"));
    FabricPort found = ports().get(port);
    if (!whole || found == null) {
      // one end may be left whose other end is in a namespace that lost its name
      unlink(fabric, port);
      unlink(namespace, "eth0");
      Links.batch(
          List.of(
              "link add eth0 mtu "
                  + FABRIC_MTU
                  + " address "
                  + hardwareAddress(host.address())
                  + " netns "
                  + namespace.name()
                  + " type veth peer name "
                  + port
                  + " mtu "
                  + FABRIC_MTU
                  + " netns "
                  + fabric.name()));
      if (host.role() == Role.NODE) {
        // an XDP program sees what the other end sent: it must carry whole checksums
        namespace.run(offloadsOff("eth0"));
        fabric.run(offloadsOff(port));
      }
    }
    fabric.call(
        () -> {
          Links.batch(
              List.of(
                  "link set " + port + " master " + Links.BRIDGE + " up",
                  "link set " + port + " alias " + text(host.tags())));
          return true;
        });
    namespace.call(
        () -> {
          List<String> lines = new ArrayList<>();
          lines.add(
              "address replace " + host.address() + "/" + AddressPlan.FABRIC_PREFIX + " dev eth0");
          lines.add("link set eth0 up mtu " + FABRIC_MTU);
          if (host.role() != Role.BALANCER) {
            lines.add("route replace default via " + AddressPlan.GATEWAY);
          }
          Links.batch(lines);
          strict("eth0");
          return true;
        });
  }

  /** Removes a link; one that the kernel is removing at the same moment is gone as well. */
  private static void unlink(NetworkNamespace namespace, String link)
      throws IOException, InterruptedException {
    if (!namespace.call(Links::here).containsKey(link)) {
      return;
    }
    try {
      namespace.run(Tool.of("ip", "link", "del", link));
    } catch (LinuxException failure) {
      if (namespace.call(Links::here).containsKey(link)) {
        throw failure;
      }
    }
  }

  private static Tool offloadsOff(String link) {
    return Tool.of("ethtool", "-K", link, "tx", "off", "tso", "off", "gso", "off", "gro", "off");
  }

  /** Connects the balancer with the clients. */
  private void front(NetworkNamespace balancer) throws IOException, InterruptedException {
    NetworkNamespace client = namespace(CLIENT);
    if (!balancer.call(() -> Links.here().containsKey("front"))) {
      unlink(client, "eth0");
      Links.batch(
          List.of(
              "link add front mtu "
                  + FRONT_MTU
                  + " netns "
                  + balancer.name()
                  + " type veth peer name eth0 mtu "
                  + FRONT_MTU
                  + " netns "
                  + client.name()));
    }
    balancer.call(
        () -> {
          Links.batch(
              List.of(
                  "address replace "
                      + AddressPlan.FRONT
                      + "/"
                      + AddressPlan.FRONT_PREFIX
                      + " dev front",
                  "link set front up"));
          return true;
        });
    client.call(
        () -> {
          List<String> lines = new ArrayList<>();
          for (String address : AddressPlan.CLIENTS) {
            lines.add("address replace " + address + "/" + AddressPlan.FRONT_PREFIX + " dev eth0");
          }
          lines.add("link set eth0 up");
          lines.add("route replace default via " + AddressPlan.FRONT);
          Links.batch(lines);
          return true;
        });
  }

  /** A machine that takes the place of a lost one has its hardware address: no stale neighbours. */
  private static String hardwareAddress(String address) {
    StringBuilder text = new StringBuilder("02:53");
    for (String part : address.split("\\.", -1)) {
      text.append(String.format(java.util.Locale.ROOT, ":%02x", Integer.parseInt(part)));
    }
    return text.toString();
  }

  @Override
  public void cut(String name) throws IOException, InterruptedException {
    if (exists(name)) {
      namespace(name).run(Tool.of("ip", "link", "set", "eth0", "down"));
    }
  }

  @Override
  public void remove(Collection<String> names) throws IOException, InterruptedException {
    Set<String> ports = ports().keySet();
    List<String> unplug =
        names.stream().filter(n -> !n.equals(FABRIC) && ports.contains(n)).toList();
    if (!unplug.isEmpty() && !names.contains(FABRIC)) {
      namespace(FABRIC)
          .call(
              () -> {
                Links.batch(unplug.stream().map(n -> "link del " + n).toList());
                return true;
              });
    }
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      if (Files.exists(namespace(name).path())) {
        lines.add("netns del " + namespace(name).name());
      }
    }
    if (!lines.isEmpty()) {
      Links.batch(lines);
    }
  }

  @Override
  public Set<Long> marks() throws IOException {
    Set<Long> marks = new HashSet<>();
    for (String name : NetworkNamespace.named(prefix)) {
      long inode = new NetworkNamespace(name).inode();
      if (inode != 0) {
        marks.add(inode);
      }
    }
    return marks;
  }

  @Override
  public long mark(String name) {
    return namespace(name).inode();
  }

  @Override
  public Process start(String host, ProcessBuilder process)
      throws IOException, InterruptedException {
    return namespace(host).start(process);
  }

  @Override
  public Socket connect(String host, String address, int port, Duration timeout)
      throws IOException, InterruptedException {
    return namespace(host).connect(address, port, timeout);
  }

  @Override
  public String run(String host, String input, String... words)
      throws IOException, InterruptedException {
    return namespace(host).run(Tool.of(words).reading(input));
  }

  @Override
  public List<String> routerFaults(String name) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    if (!namespace(name).call(() -> Links.nativeXdp("eth0"))) {
      faults.add("no XDP program runs natively on eth0");
    }
    if (!namespace(name).call(() -> Links.egressProgram("eth0"))) {
      faults.add("no tc program runs on what leaves eth0");
    }
    FabricPort port = ports().get(name);
    if (port == null || !port.nativeXdp()) {
      faults.add("no pass program runs natively at the fabric's end of its link");
    }
    return faults;
  }

  @Override
  public void detachRouter(String name) throws IOException, InterruptedException {
    if (exists(name) && namespace(name).call(() -> Links.here().containsKey("eth0"))) {
      namespace(name).call(() -> Links.detachPrograms("eth0"));
    }
  }

  private static String text(Map<String, String> tags) {
    StringBuilder text = new StringBuilder("spike");
    new TreeMap<>(tags)
        .forEach((name, value) -> text.append(';').append(name).append('=').append(value));
    return text.toString();
  }

  private static Map<String, String> parsed(String alias) {
    Map<String, String> tags = new HashMap<>();
    for (String pair : alias.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        tags.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return tags;
  }
}
