package dev.spike.node.router;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One C function, called with its error number captured. */
final class NativeCall {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final ThreadLocal<MemorySegment> CAPTURED =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private final String name;
  private final MethodHandle handle;

  private NativeCall(String name, MethodHandle handle) {
    this.name = name;
    this.handle = handle;
  }

  static NativeCall of(
      SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
    return link(library, name, FunctionDescriptor.of(result, arguments));
  }

  static NativeCall ofVoid(SymbolLookup library, String name, MemoryLayout... arguments) {
    return link(library, name, FunctionDescriptor.ofVoid(arguments));
  }

  private static NativeCall link(SymbolLookup library, String name, FunctionDescriptor descriptor) {
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(
                () ->
                    new UnsatisfiedLinkError(
                        "the C library in use has no function "
                            + name
                            + "; install libbpf 1.0 or newer"));
    return new NativeCall(
        name,
        Linker.nativeLinker()
            .downcallHandle(address, descriptor, Linker.Option.captureCallState("errno")));
  }

  /** Calls a function that returns an int. */
  int callInt(Object... arguments) {
    return (int) (Integer) invoke(arguments);
  }

  /** Calls a function that returns nothing. */
  void callVoid(Object... arguments) {
    call(arguments);
  }

  /** Calls a function that returns a pointer. */
  MemorySegment callPointer(Object... arguments) {
    return (MemorySegment) invoke(arguments);
  }

  /** The error number of this thread's last call. */
  static int errno() {
    return (int) ERRNO.get(CAPTURED.get(), 0L);
  }

  private Object invoke(Object... arguments) {
    return Objects.requireNonNull(call(arguments), name);
  }

  private @Nullable Object call(Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = CAPTURED.get();
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try {
      return handle.invokeWithArguments(all);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("call of " + name + " failed", e);
    }
  }

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final AddressLayout POINTER = ValueLayout.ADDRESS;
}
