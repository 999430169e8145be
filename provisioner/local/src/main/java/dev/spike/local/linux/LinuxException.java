package dev.spike.local.linux;

import java.io.IOException;

/** A call of the kernel, or of one of its tools, that failed. */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int EPERM = 1;
  private static final int EACCES = 13;

  private final int errno;

  /**
   * @param errno the kernel's error number, or 0 when a tool failed
   */
  public LinuxException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  /** The kernel's error number, or 0. */
  public int errno() {
    return errno;
  }

  /** True when the kernel refused for lack of privilege. */
  public boolean privilege() {
    return errno == EPERM || errno == EACCES;
  }
}
