package dev.spike.local.linux;

/**
 * One link of the fabric's namespace.
 *
 * @param master the bridge it is on; empty when on none
 * @param alias the text kept with it; empty when there is none
 * @param nativeXdp true when an XDP program runs on it in native mode
 */
public record FabricPort(String name, String master, boolean up, String alias, boolean nativeXdp) {}
