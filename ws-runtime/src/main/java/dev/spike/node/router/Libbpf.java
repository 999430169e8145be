package dev.spike.node.router;

import static dev.spike.node.router.NativeCall.INT;
import static dev.spike.node.router.NativeCall.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;

/** The host's libbpf through the Foreign Function API: no C loader is shipped. */
final class Libbpf {
  private static final SymbolLookup LOOKUP = load();
  private static final NativeCall OBJ_GET = NativeCall.of(LOOKUP, "bpf_obj_get", INT, POINTER);

  private Libbpf() {}

  private static SymbolLookup load() {
    try {
      return SymbolLookup.libraryLookup("libbpf.so.1", Arena.global());
    } catch (IllegalArgumentException e) {
      UnsatisfiedLinkError error =
          new UnsatisfiedLinkError(
              "libbpf.so.1 was not found on this machine; install the package libbpf1 (Debian) or"
                  + " libbpf (Amazon Linux)");
      error.initCause(e);
      throw error;
    }
  }

  /** Opens a pinned map, program or link; the caller closes the descriptor. */
  static int open(Path pin) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = OBJ_GET.callInt(arena.allocateFrom(pin.toString()));
      if (fd < 0) {
        throw new NativeException("opening the pin " + pin, -fd);
      }
      return fd;
    }
  }
}
