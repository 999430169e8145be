package dev.spike.node.router;

import static dev.spike.node.router.NativeCall.INT;
import static dev.spike.node.router.NativeCall.LONG;
import static dev.spike.node.router.NativeCall.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** An opened BPF object file: choose pins and sizes, load, take the descriptors, close. */
final class BpfObject implements AutoCloseable {
  private static final NativeCall OPEN =
      Libbpf.callPointer("bpf_object__open_mem", POINTER, LONG, POINTER);
  private static final NativeCall LOAD = Libbpf.call("bpf_object__load", POINTER);
  private static final NativeCall CLOSE =
      NativeCall.ofVoid(Libbpf.lookupTable(), "bpf_object__close", POINTER);
  private static final NativeCall FIND_MAP =
      Libbpf.callPointer("bpf_object__find_map_by_name", POINTER, POINTER);
  private static final NativeCall FIND_PROGRAM =
      Libbpf.callPointer("bpf_object__find_program_by_name", POINTER, POINTER);
  private static final NativeCall SET_PIN = Libbpf.call("bpf_map__set_pin_path", POINTER, POINTER);
  private static final NativeCall SET_ENTRIES =
      Libbpf.call("bpf_map__set_max_entries", POINTER, INT);
  private static final NativeCall MAP_FD = Libbpf.call("bpf_map__fd", POINTER);
  private static final NativeCall PROGRAM_FD = Libbpf.call("bpf_program__fd", POINTER);

  private final Arena arena;
  private final MemorySegment object;

  private BpfObject(Arena arena, MemorySegment object) {
    this.arena = arena;
    this.object = object;
  }

  static BpfObject open(byte[] file) throws NativeException {
    Arena arena = Arena.ofConfined();
    MemorySegment bytes = arena.allocate(file.length, 8);
    MemorySegment.copy(file, 0, bytes, ValueLayout.JAVA_BYTE, 0, file.length);
    MemorySegment object = OPEN.callPointer(bytes, (long) file.length, MemorySegment.NULL);
    if (object.address() == 0) {
      int errno = NativeCall.errno();
      arena.close();
      throw new NativeException("opening the router's BPF object", errno);
    }
    return new BpfObject(arena, object);
  }

  /** Pins the map there when the object is loaded, or takes the map that is pinned there. */
  void pinMap(String map, Path at) throws NativeException {
    Libbpf.check(
        SET_PIN.callInt(map(map), arena.allocateFrom(at.toString())),
        "choosing the pin of the map " + map);
  }

  void resizeMap(String map, int entries) throws NativeException {
    Libbpf.check(SET_ENTRIES.callInt(map(map), entries), "choosing the size of the map " + map);
  }

  void load() throws NativeException {
    Libbpf.check(
        LOAD.callInt(object),
        "loading the router's programs and maps (the reason stands on stderr)");
  }

  /** The descriptor of a loaded map; it ends with this object. */
  int mapDescriptor(String map) throws NativeException {
    return Libbpf.check(MAP_FD.callInt(map(map)), "the map " + map);
  }

  /** The descriptor of a loaded program; it ends with this object. */
  int programDescriptor(String program) throws NativeException {
    MemorySegment found = FIND_PROGRAM.callPointer(object, arena.allocateFrom(program));
    if (found.address() == 0) {
      throw new NativeException("the object has no program " + program, NativeException.ENOENT);
    }
    return Libbpf.check(PROGRAM_FD.callInt(found), "the program " + program);
  }

  private MemorySegment map(String name) throws NativeException {
    MemorySegment found = FIND_MAP.callPointer(object, arena.allocateFrom(name));
    if (found.address() == 0) {
      throw new NativeException("the object has no map " + name, NativeException.ENOENT);
    }
    return found;
  }

  /** Frees the object; what is pinned or attached stays. */
  @Override
  public void close() {
    CLOSE.callVoid(object);
    arena.close();
  }
}
