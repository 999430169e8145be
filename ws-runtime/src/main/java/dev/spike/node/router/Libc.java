package dev.spike.node.router;

import static dev.spike.node.router.NativeCall.INT;
import static dev.spike.node.router.NativeCall.LONG;
import static dev.spike.node.router.NativeCall.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** The few C library calls that the router needs beside libbpf. */
final class Libc {
  private static final SymbolLookup LOOKUP = Linker.nativeLinker().defaultLookup();
  private static final NativeCall MMAP =
      NativeCall.of(LOOKUP, "mmap", POINTER, POINTER, LONG, INT, INT, INT, LONG);
  private static final NativeCall MUNMAP = NativeCall.of(LOOKUP, "munmap", INT, POINTER, LONG);
  private static final NativeCall CLOSE = NativeCall.of(LOOKUP, "close", INT, INT);
  private static final NativeCall STRERROR = NativeCall.of(LOOKUP, "strerror", POINTER, INT);
  private static final NativeCall IF_NAMETOINDEX =
      NativeCall.of(LOOKUP, "if_nametoindex", INT, POINTER);

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;

  private Libc() {}

  /** Maps a map's memory shared and writable; the mapping ends with the arena. */
  static MemorySegment mapShared(int fd, long bytes, Arena arena) throws NativeException {
    MemorySegment at =
        MMAP.callPointer(MemorySegment.NULL, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0L);
    if (at.address() == -1L) {
      throw new NativeException("mmap of a router map", NativeCall.errno());
    }
    return at.reinterpret(bytes, arena, memory -> MUNMAP.callInt(memory, bytes));
  }

  static void close(int fd) {
    CLOSE.callInt(fd);
  }

  static int interfaceIndex(String name) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      int index = IF_NAMETOINDEX.callInt(arena.allocateFrom(name));
      if (index == 0) {
        throw new NativeException("network interface " + name, NativeCall.errno());
      }
      return index;
    }
  }

  static String errorText(int errno) {
    return STRERROR.callPointer(errno).reinterpret(Long.MAX_VALUE).getString(0);
  }
}
