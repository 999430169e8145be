package dev.spike.local;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.util.List;

/**
 * The addresses inside an event's own namespaces; the same for all events, because each has a
 * fabric of its own. Nodes are {@code 10.77.Z.(10+K)} and caches {@code 10.77.(100+Z).(10+K)}, with
 * Z the zone's number from 1 and K the ordinal in its name.
 *
 * @param zones in the network's order
 */
record AddressPlan(List<String> zones) {
  static final String GATEWAY = "10.77.0.1";
  static final int FABRIC_PREFIX = 16;
  static final String FRONT = "10.78.0.1";
  static final int FRONT_PREFIX = 24;

  /** Clients have several addresses: one has only some 60,000 ports towards one front. */
  static final List<String> CLIENTS =
      List.of(
          "10.78.0.2",
          "10.78.0.3",
          "10.78.0.4",
          "10.78.0.5",
          "10.78.0.6",
          "10.78.0.7",
          "10.78.0.8",
          "10.78.0.9");

  static final int SERVICE_PORT = 8443;
  static final int ADMIN_PORT = 9443;
  static final int CACHE_PORT = 6379;
  private static final int CACHE_ZONES_FROM = 100;
  private static final int ORDINALS_FROM = 10;

  /** With six zones, so many still give router numbers below 1024, as the router wants. */
  private static final int ORDINAL_MAX = 170;

  private static final int ZONES_MAX = 6;

  AddressPlan {
    zones = List.copyOf(zones);
  }

  /** The address of a node such as {@code a-1}. */
  String node(String name) throws ProviderException {
    return "10.77." + zoneNumber(name) + "." + (ORDINALS_FROM + ordinal(name));
  }

  /** The address of a cache such as {@code a-1}. */
  String cache(String name) throws ProviderException {
    return "10.77." + (CACHE_ZONES_FROM + zoneNumber(name)) + "." + (ORDINALS_FROM + ordinal(name));
  }

  /** A node's small number in the router's tables; it stays when other nodes come and go. */
  int routerNumber(String name) throws ProviderException {
    return (ordinal(name) - 1) * ZONES_MAX + zoneNumber(name);
  }

  /** The zone of a node or cache name. */
  static String zone(String name) {
    int dash = name.lastIndexOf('-');
    return dash < 0 ? name : name.substring(0, dash);
  }

  private int zoneNumber(String name) throws ProviderException {
    int index = zones.indexOf(zone(name));
    if (index < 0) {
      throw new ProviderException(
          Kind.INVALID,
          "host " + name + " is in none of the network's zones " + zones,
          "Make the plan again: its nodes, its cache and its network must name the same zones.");
    }
    return index + 1;
  }

  private static int ordinal(String name) throws ProviderException {
    String text = name.substring(name.lastIndexOf('-') + 1);
    int ordinal = text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : 0;
    if (ordinal < 1 || ordinal > ORDINAL_MAX) {
      throw new ProviderException(
          Kind.INVALID,
          "host " + name + " is not one of the 1 to " + ORDINAL_MAX + " that a local zone can hold",
          "Lower provider.local.scale so that fewer nodes a zone are enough.");
    }
    return ordinal;
  }
}
