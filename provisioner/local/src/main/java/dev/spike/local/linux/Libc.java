package dev.spike.local.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The C library calls for which Java has no counterpart. Failures are a {@link LinuxException}. */
final class Libc {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("open"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT),
              Linker.Option.firstVariadicArg(2),
              Linker.Option.captureCallState("errno"));
  private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);
  private static final MethodHandle SETNS =
      function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final MethodHandle FLOCK =
      function("flock", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final MethodHandle MOUNT =
      function(
          "mount",
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG,
          ValueLayout.ADDRESS);
  private static final MethodHandle UMOUNT2 =
      function("umount2", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle STRERROR =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("strerror"),
              FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_CLOEXEC = 0x80000;
  static final int CLONE_NEWNET = 0x40000000;
  static final int LOCK_EX_NB = 2 | 4;
  static final int EWOULDBLOCK = 11;
  static final long MS_NOSUID = 2;
  static final long MS_NODEV = 4;
  static final long MS_NOEXEC = 8;
  static final int MNT_DETACH = 2;

  private Libc() {}

  static int open(String path, int flags, int mode) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      return checked(OPEN, "open " + path, arena, arena.allocateFrom(path), flags, mode);
    }
  }

  static void close(int fd) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      checked(CLOSE, "close", arena, fd);
    }
  }

  static void setns(int fd, int kind) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      checked(SETNS, "setns", arena, fd, kind);
    }
  }

  /** Takes an exclusive lock without waiting; false when another open file holds it. */
  static boolean tryFlock(int fd) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      checked(FLOCK, "flock", arena, fd, LOCK_EX_NB);
      return true;
    } catch (LinuxException e) {
      if (e.errno() == EWOULDBLOCK) {
        return false;
      }
      throw e;
    }
  }

  static void mount(String source, String target, String type, long flags, String options)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      checked(
          MOUNT,
          "mount of " + type + " at " + target,
          arena,
          arena.allocateFrom(source),
          arena.allocateFrom(target),
          arena.allocateFrom(type),
          flags,
          arena.allocateFrom(options));
    }
  }

  static void unmount(String target, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      checked(UMOUNT2, "umount of " + target, arena, arena.allocateFrom(target), flags);
    }
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow(name),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
            Linker.Option.captureCallState("errno"));
  }

  private static int checked(MethodHandle handle, String what, Arena arena, Object... arguments)
      throws LinuxException {
    MemorySegment state = arena.allocate(STATE);
    Object[] all = new Object[arguments.length + 1];
    all[0] = state;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int result;
    try {
      result = (int) (Integer) handle.invokeWithArguments(all);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(what + " could not be called", e);
    }
    if (result < 0) {
      int errno = (int) ERRNO.get(state, 0L);
      throw new LinuxException(what + ": " + text(errno), errno);
    }
    return result;
  }

  private static String text(int errno) {
    try {
      MemorySegment at = (MemorySegment) STRERROR.invokeWithArguments(errno);
      return at.reinterpret(256).getString(0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("strerror could not be called", e);
    }
  }
}
