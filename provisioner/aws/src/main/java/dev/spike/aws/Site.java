package dev.spike.aws;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a tier stands.
 *
 * @param zones a place for each zone of the tier, by its short name
 * @param open whether the subnets have a route to an internet gateway
 */
record Site(String vpcId, SortedMap<String, Place> zones, boolean open) {
  Site {
    zones = Collections.unmodifiableSortedMap(new TreeMap<>(zones));
  }

  /**
   * One zone.
   *
   * @param name such as {@code us-east-1a}; it means another place in another account
   * @param zoneId such as {@code use1-az4}; it means the same place in all accounts
   */
  record Place(String name, String zoneId, String subnetId, int freeAddresses) {}

  List<String> subnetIds() {
    return zones.values().stream().map(Place::subnetId).toList();
  }
}
