package dev.spike.local;

import dev.spike.core.resource.EventName;
import dev.spike.local.linux.EventProcess;
import dev.spike.local.linux.ProcessTable;
import java.io.IOException;
import java.util.List;

/** The three things that every resource of one event is made of: a folder, hosts, processes. */
record EventTier(EventName event, EventFolder folder, Hosts hosts) {

  static EventTier of(EventName event) {
    return new EventTier(event, new EventFolder(event), new NamespaceHosts(event));
  }

  /** All processes of the event. */
  List<EventProcess> processes() throws IOException {
    return ProcessTable.of(event.value(), hosts.marks());
  }

  /** The processes that run one part, such as {@code node-a-1/serve}. */
  List<EventProcess> processes(String part) throws IOException {
    return processes().stream().filter(p -> p.variable(Launch.PART).equals(part)).toList();
  }

  /** One look at all of it. */
  Sight look() throws IOException, InterruptedException {
    return new Sight(hosts.look(), processes());
  }
}
