package dev.spike.node.router;

import static dev.spike.node.router.NativeCall.INT;
import static dev.spike.node.router.NativeCall.LONG;
import static dev.spike.node.router.NativeCall.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a program made of a packet (BPF_PROG_TEST_RUN, once). */
record ProgramRun(int verdict, byte[] packet) {
  static final int XDP_DROP = 1;
  static final int XDP_PASS = 2;
  static final int XDP_TX = 3;

  private static final NativeCall TEST_RUN = Libbpf.call("bpf_prog_test_run_opts", INT, POINTER);
  private static final int ROOM = 512;

  static ProgramRun of(int program, byte[] packet) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      int room = packet.length + ROOM;
      MemorySegment out = arena.allocate(room, 8);
      out.fill((byte) 0xff);
      MemorySegment options = arena.allocate(80, 8);
      options.set(LONG, 0, 80);
      options.set(POINTER, 8, Libbpf.copy(arena, packet));
      options.set(POINTER, 16, out);
      options.set(INT, 24, packet.length);
      options.set(INT, 28, room);
      options.set(INT, 60, 1);
      Libbpf.check(TEST_RUN.callInt(program, options), "running a program over a packet");
      int length = options.get(INT, 28);
      return new ProgramRun(
          options.get(INT, 56), out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
  }
}
