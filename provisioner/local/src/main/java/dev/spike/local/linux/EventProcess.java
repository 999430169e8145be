package dev.spike.local.linux;

import java.util.Map;

/**
 * A running process that belongs to an event, by its environment or by the namespace it is in.
 *
 * @param handle with the start time, so that a process number used again is never hit
 * @param environment its {@code SPIKE_} variables; empty when only its namespace gives it away
 * @param netInode the number of its network namespace, 0 when unknown
 */
public record EventProcess(
    ProcessHandle handle, Map<String, String> environment, String commandLine, long netInode) {

  public EventProcess {
    environment = Map.copyOf(environment);
  }

  public long pid() {
    return handle.pid();
  }

  /** One of its variables, or empty text. */
  public String variable(String name) {
    return environment.getOrDefault(name, "");
  }
}
