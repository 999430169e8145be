package dev.spike.node.router;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program for the far ends of veth pairs, without which frames sent by XDP_TX vanish. */
final class PassProgram {
  private PassProgram() {}

  /** Attaches it natively to interfaces of this network namespace, for good. */
  static Map<String, Object> attach(List<String> interfaces) throws IOException {
    Map<String, Object> modes = new LinkedHashMap<>();
    try (BpfObject object = BpfObject.open(RouterInstallation.resource("/pass.bpf.o"))) {
      object.load();
      int program = object.programDescriptor("spike_pass");
      for (String name : interfaces) {
        int index = Libc.interfaceIndex(name);
        Libbpf.attachXdpNativeForGood(program, index);
        if (Libbpf.xdpAttachment(index).mode() != Libbpf.XDP_NATIVE) {
          throw new RouterException(
              "the pass program is not attached in native mode on " + name,
              "use a veth or another interface whose driver has XDP",
              RouterException.UNAVAILABLE);
        }
        modes.put(name, "native");
      }
    }
    return Map.of("interfaces", modes);
  }
}
