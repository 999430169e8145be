package dev.spike.node.router;

import static dev.spike.node.router.NativeCall.INT;
import static dev.spike.node.router.NativeCall.LONG;
import static dev.spike.node.router.NativeCall.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The host's libbpf through the Foreign Function API: no C loader is shipped. Every method throws
 * {@link NativeException} with the kernel's error number; structures follow libbpf 1.0 and are
 * passed with their size, so newer libraries accept them.
 */
final class Libbpf {
  static final int XDP_NATIVE = 1;
  static final int XDP_GENERIC = 2;

  private static final int XDP_FLAGS_DRV_MODE = 1 << 2;
  private static final int ATTACH_TYPE_XDP = 37;
  private static final int TC_EGRESS = 2;
  private static final int TC_REPLACE = 1;
  private static final int TC_HANDLE = 1;
  private static final int TC_PRIORITY = 1;
  private static final int MAP_TYPE_ARRAY = 2;
  private static final int INFO_BYTES = 256;

  private static final SymbolLookup LOOKUP = load();
  private static final NativeCall OBJ_GET = call("bpf_obj_get", POINTER);
  private static final NativeCall OBJ_PIN = call("bpf_obj_pin", INT, POINTER);
  private static final NativeCall OBJ_INFO = call("bpf_obj_get_info_by_fd", INT, POINTER, POINTER);
  private static final NativeCall PROGRAM_BY_ID = call("bpf_prog_get_fd_by_id", INT);
  private static final NativeCall MAP_CREATE =
      call("bpf_map_create", INT, POINTER, INT, INT, INT, POINTER);
  private static final NativeCall MAP_UPDATE =
      call("bpf_map_update_elem", INT, POINTER, POINTER, LONG);
  private static final NativeCall MAP_LOOKUP = call("bpf_map_lookup_elem", INT, POINTER, POINTER);
  private static final NativeCall MAP_DELETE = call("bpf_map_delete_elem", INT, POINTER);
  private static final NativeCall MAP_NEXT = call("bpf_map_get_next_key", INT, POINTER, POINTER);
  private static final NativeCall MAP_UPDATE_BATCH =
      call("bpf_map_update_batch", INT, POINTER, POINTER, POINTER, POINTER);
  private static final NativeCall MAP_LOOKUP_BATCH =
      call("bpf_map_lookup_batch", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
  private static final NativeCall XDP_ATTACH = call("bpf_xdp_attach", INT, INT, INT, POINTER);
  private static final NativeCall CPUS = call("libbpf_num_possible_cpus");
  private static final NativeCall LINK_CREATE = call("bpf_link_create", INT, INT, INT, POINTER);
  private static final NativeCall LINK_UPDATE = call("bpf_link_update", INT, INT, POINTER);
  private static final NativeCall XDP_QUERY = call("bpf_xdp_query", INT, INT, POINTER);
  private static final NativeCall TC_HOOK_CREATE = call("bpf_tc_hook_create", POINTER);
  private static final NativeCall TC_ATTACH = call("bpf_tc_attach", POINTER, POINTER);
  private static final NativeCall TC_DETACH = call("bpf_tc_detach", POINTER, POINTER);
  private static final NativeCall TC_QUERY = call("bpf_tc_query", POINTER, POINTER);
  private static final NativeCall SET_PRINT =
      NativeCall.of(LOOKUP, "libbpf_set_print", POINTER, POINTER);

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

  static SymbolLookup lookupTable() {
    return LOOKUP;
  }

  static NativeCall call(String name, MemoryLayout... arguments) {
    return NativeCall.of(LOOKUP, name, INT, arguments);
  }

  static NativeCall callPointer(String name, MemoryLayout... arguments) {
    return NativeCall.of(LOOKUP, name, POINTER, arguments);
  }

  static int check(int result, String what) throws NativeException {
    if (result < 0) {
      throw new NativeException(what, -result);
    }
    return result;
  }

  /** Opens a pinned map, program or link; the caller closes the descriptor. */
  static int open(Path pin) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      return check(OBJ_GET.callInt(arena.allocateFrom(pin.toString())), "opening the pin " + pin);
    }
  }

  static void pin(int fd, Path at) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      check(OBJ_PIN.callInt(fd, arena.allocateFrom(at.toString())), "pinning at " + at);
    }
  }

  /** The kernel's description of a map, program or link (struct bpf_*_info). */
  static ByteBuffer info(int fd) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(INFO_BYTES, 8);
      MemorySegment length = arena.allocateFrom(INT, INFO_BYTES);
      check(OBJ_INFO.callInt(fd, info, length), "reading the kernel's description of an object");
      return ByteBuffer.wrap(info.toArray(ValueLayout.JAVA_BYTE)).order(ByteOrder.nativeOrder());
    }
  }

  /** The tag of a program by id; empty when it is gone or this process may not ask. */
  static Optional<byte[]> programTag(int id) throws NativeException {
    int program = PROGRAM_BY_ID.callInt(id);
    if (program == -NativeException.ENOENT || program == -NativeException.EPERM) {
      return Optional.empty();
    }
    check(program, "opening the program " + id);
    try {
      byte[] tag = new byte[8];
      info(program).get(8, tag);
      return Optional.of(tag);
    } finally {
      Libc.close(program);
    }
  }

  static int createArray(String name, int valueBytes, int entries) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      return check(
          MAP_CREATE.callInt(
              MAP_TYPE_ARRAY,
              arena.allocateFrom(name),
              Integer.BYTES,
              valueBytes,
              entries,
              MemorySegment.NULL),
          "creating the map " + name);
    }
  }

  static void update(int map, byte[] key, byte[] value) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      check(
          MAP_UPDATE.callInt(map, copy(arena, key), copy(arena, value), 0L),
          "writing an entry of a router map");
    }
  }

  static Optional<byte[]> lookup(int map, byte[] key, int valueBytes) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(valueBytes, 8);
      int result = MAP_LOOKUP.callInt(map, copy(arena, key), value);
      if (result == -NativeException.ENOENT) {
        return Optional.empty();
      }
      check(result, "reading an entry of a router map");
      return Optional.of(value.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Removes an entry; one that is absent already is no error. */
  static void delete(int map, byte[] key) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      int result = MAP_DELETE.callInt(map, copy(arena, key));
      if (result != -NativeException.ENOENT) {
        check(result, "removing an entry of a router map");
      }
    }
  }

  /** The key after another one, or the first one after null's place (an empty array). */
  static Optional<byte[]> nextKey(int map, byte[] after, int keyBytes) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment next = arena.allocate(keyBytes, 8);
      MemorySegment from = after.length == 0 ? MemorySegment.NULL : copy(arena, after);
      int result = MAP_NEXT.callInt(map, from, next);
      if (result == -NativeException.ENOENT) {
        return Optional.empty();
      }
      check(result, "walking a router map");
      return Optional.of(next.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  static void updateBatch(int map, byte[] keys, byte[] values, int entries) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment done = arena.allocateFrom(INT, entries);
      check(
          MAP_UPDATE_BATCH.callInt(
              map, copy(arena, keys), copy(arena, values), done, MemorySegment.NULL),
          "filling a table in one batch");
      if (done.get(INT, 0) != entries) {
        throw new NativeException(
            "filling a table in one batch: " + done.get(INT, 0) + " of " + entries + " rows",
            NativeException.EINVAL);
      }
    }
  }

  /** The values of a whole array map. */
  static byte[] lookupBatch(int map, int keyBytes, int valueBytes, int entries)
      throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment position = arena.allocate(keyBytes, 8);
      MemorySegment keys = arena.allocate((long) keyBytes * entries, 8);
      MemorySegment values = arena.allocate((long) valueBytes * entries, 8);
      MemorySegment read = arena.allocateFrom(INT, entries);
      int result =
          MAP_LOOKUP_BATCH.callInt(
              map, MemorySegment.NULL, position, keys, values, read, MemorySegment.NULL);
      if (result != -NativeException.ENOENT) { // the end of the map
        check(result, "reading a table in one batch");
      }
      if (read.get(INT, 0) != entries) {
        throw new NativeException(
            "reading a table in one batch: " + read.get(INT, 0) + " of " + entries + " rows",
            NativeException.EINVAL);
      }
      return values.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  static int possibleCpus() throws NativeException {
    return check(CPUS.callInt(), "counting the processors");
  }

  /** Attaches a program to an interface's driver; fails where only generic mode is possible. */
  static int attachXdpNative(int program, int interfaceIndex) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment options = arena.allocate(16, 8);
      options.set(LONG, 0, 16);
      options.set(INT, 8, XDP_FLAGS_DRV_MODE);
      return check(
          LINK_CREATE.callInt(program, interfaceIndex, ATTACH_TYPE_XDP, options),
          "attaching the XDP program in native mode");
    }
  }

  /** Attaches without a link: stays until it is replaced, with no pin and no process. */
  static void attachXdpNativeForGood(int program, int interfaceIndex) throws NativeException {
    check(
        XDP_ATTACH.callInt(interfaceIndex, program, XDP_FLAGS_DRV_MODE, MemorySegment.NULL),
        "attaching the pass program in native mode");
  }

  /** Exchanges the program behind a link; no packet sees neither. */
  static void replaceProgram(int link, int program) throws NativeException {
    check(
        LINK_UPDATE.callInt(link, program, MemorySegment.NULL),
        "exchanging the program of the XDP link");
  }

  /** {@link #XDP_NATIVE}, {@link #XDP_GENERIC}, another mode of the kernel, or 0 for none. */
  static XdpAttachment xdpAttachment(int interfaceIndex) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment options = arena.allocate(32, 8);
      options.set(LONG, 0, 32);
      check(XDP_QUERY.callInt(interfaceIndex, 0, options), "asking for the XDP program");
      return new XdpAttachment(
          options.get(INT, 8), options.get(INT, 12), options.get(ValueLayout.JAVA_BYTE, 24));
    }
  }

  /**
   * What an interface runs.
   *
   * @param program id of the program in effect, 0 for none
   * @param nativeProgram id of the program in the driver, 0 for none
   * @param mode one of the XDP constants above, 0 for none
   */
  record XdpAttachment(int program, int nativeProgram, int mode) {}

  /** Attaches or exchanges the tc egress program. */
  static void attachEgress(int program, int interfaceIndex) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment hook = egressHook(arena, interfaceIndex);
      MemorySegment print = SET_PRINT.callPointer(MemorySegment.NULL); // EEXIST is expected
      int created = TC_HOOK_CREATE.callInt(hook);
      SET_PRINT.callPointer(print);
      if (created != -NativeException.EEXIST) {
        check(created, "creating the clsact qdisc");
      }
      MemorySegment options = tcOptions(arena);
      options.set(INT, 8, program);
      options.set(INT, 12, TC_REPLACE);
      check(TC_ATTACH.callInt(hook, options), "attaching the tc egress program");
    }
  }

  /** Detaches the tc egress program; absent is no error. */
  static void detachEgress(int interfaceIndex) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      if (egressProgram(interfaceIndex) == 0) {
        return;
      }
      check(
          TC_DETACH.callInt(egressHook(arena, interfaceIndex), tcOptions(arena)),
          "detaching the tc egress program");
    }
  }

  /** The id of the tc egress program, 0 for none. */
  static int egressProgram(int interfaceIndex) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment options = tcOptions(arena);
      MemorySegment print = SET_PRINT.callPointer(MemorySegment.NULL); // absence is expected
      int result = TC_QUERY.callInt(egressHook(arena, interfaceIndex), options);
      SET_PRINT.callPointer(print);
      if (result == -NativeException.ENOENT || result == -NativeException.EINVAL) {
        return 0; // no filter, or no qdisc
      }
      check(result, "asking for the tc egress program");
      return options.get(INT, 16);
    }
  }

  private static MemorySegment egressHook(Arena arena, int interfaceIndex) {
    MemorySegment hook = arena.allocate(24, 8);
    hook.set(LONG, 0, 24);
    hook.set(INT, 8, interfaceIndex);
    hook.set(INT, 12, TC_EGRESS);
    return hook;
  }

  private static MemorySegment tcOptions(Arena arena) {
    MemorySegment options = arena.allocate(32, 8);
    options.set(LONG, 0, 32);
    options.set(INT, 20, TC_HANDLE);
    options.set(INT, 24, TC_PRIORITY);
    return options;
  }

  /** Bytes as memory for a call. */
  static MemorySegment copy(Arena arena, byte[] bytes) {
    MemorySegment segment = arena.allocate(Math.max(bytes.length, 1), 8);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }
}
