package dev.spike.node.serve;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions whose client is connected to this node. */
final class OpenSessions {
  private final ConcurrentHashMap<String, ClientConnection> byId = new ConcurrentHashMap<>();

  /** Makes this the session's connection; the one before it, if any, is fenced. */
  void put(String id, ClientConnection connection) {
    ClientConnection before = byId.put(id, connection);
    if (before != null && before != connection) {
      before.fence();
    }
  }

  void remove(String id, ClientConnection connection) {
    byId.remove(id, connection);
  }

  /** Another node resumed the session at {@code epoch}: an older connection of ours must end. */
  void fence(String id, long epoch) {
    ClientConnection connection = byId.get(id);
    if (connection != null) {
      connection.fenceBefore(epoch);
    }
  }

  Collection<ClientConnection> all() {
    return byId.values();
  }
}
