package dev.spike.local;

import dev.spike.local.linux.EventProcess;
import java.util.regex.Pattern;

/** The names of hosts and of processes that resources are made of. */
final class Parts {
  private static final Pattern PROCESS =
      Pattern.compile("node-[a-z0-9-]+/(serve|agent)|cache-[a-z0-9-]+/redis|balancer/health");
  private static final Pattern HOST =
      Pattern.compile("fabric|client|balancer|node-[a-z0-9-]+|cache-[a-z0-9-]+");

  private Parts() {}

  /** False for a process that only sits in one of the event's namespaces, or a command's. */
  static boolean known(EventProcess process) {
    return PROCESS.matcher(process.variable(Launch.PART)).matches();
  }

  static boolean knownHost(String host) {
    return HOST.matcher(host).matches();
  }
}
