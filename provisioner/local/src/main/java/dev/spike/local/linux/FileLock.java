package dev.spike.local.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An exclusive {@code flock(2)} on a file: the kernel frees it when the process ends, however it
 * ends. The file goes with the lock.
 */
public final class FileLock implements AutoCloseable {
  private static final int ATTEMPTS_MAX = 16;

  private final Path file;
  private final int fd;
  private boolean closed;

  private FileLock(Path file, int fd) {
    this.file = file;
    this.fd = fd;
  }

  /** Takes the lock; empty when somebody else has it. */
  public static Optional<FileLock> tryLock(Path file) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      int fd = Libc.open(file.toString(), Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC, 0600);
      boolean keep = false;
      try {
        if (!Libc.tryFlock(fd)) {
          return Optional.empty();
        }
        if (sameFile(fd, file)) {
          keep = true;
          return Optional.of(new FileLock(file, fd));
        }
      } finally {
        if (!keep) {
          Libc.close(fd);
        }
      }
    }
    throw new LinuxException("lock file " + file + " kept being replaced", 0);
  }

  /** False when the holder before us removed the file after we had opened it. */
  private static boolean sameFile(int fd, Path file) throws IOException {
    Path open = Path.of("/proc/self/fd/" + fd);
    return Files.exists(file)
        && Files.getAttribute(open, "unix:ino").equals(Files.getAttribute(file, "unix:ino"));
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Files.deleteIfExists(file);
    } finally {
      Libc.close(fd);
    }
  }
}
