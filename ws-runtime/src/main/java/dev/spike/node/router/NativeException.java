package dev.spike.node.router;

import java.io.IOException;

/** A failed call into libc or libbpf: which call, on what, and the kernel's error number. */
public final class NativeException extends IOException {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EEXIST = 17;
  static final int EINVAL = 22;

  private final int errno;

  NativeException(String what, int errno) {
    super(what + ": " + Libc.errorText(errno) + " (errno " + errno + ")");
    this.errno = errno;
  }

  /** The kernel's error number, positive. */
  public int errno() {
    return errno;
  }
}
