package dev.spike.node.config;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One line per event on stderr; the libraries' own loggers stay quiet below SEVERE. */
public final class Log {
  private static final Logger ROOT = Logger.getLogger("");

  private Log() {}

  /** Keeps Netty, Lettuce and Reactor from writing stack traces of ordinary disconnects. */
  public static void quietLibraries() {
    ROOT.setLevel(Level.SEVERE);
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
  }

  /** Something worth knowing when reading the log afterwards. */
  public static void info(String message) {
    write("INFO", message);
  }

  /** Something that needs attention; the sentence names the next step. */
  public static void warn(String message) {
    write("WARN", message);
  }

  /** As {@link #warn(String)}, with the cause's own words. */
  public static void warn(String message, Throwable cause) {
    write("WARN", message + ": " + words(cause));
  }

  /** The most telling sentence of an exception: the innermost cause's message, or its name. */
  public static String words(Throwable thrown) {
    Throwable innermost = thrown;
    for (int depth = 0; depth < 16; depth++) {
      Throwable cause = innermost.getCause();
      if (cause == null) {
        break;
      }
      innermost = cause;
    }
    String message = innermost.getMessage();
    if (message == null || message.isBlank()) {
      return innermost.getClass().getSimpleName();
    }
    String first = message.lines().findFirst().orElse(message);
    // Java's message of this one is the name alone
    return innermost instanceof UnknownHostException
        ? "no address is known for the name " + first.replaceFirst(":.*", "")
        : first;
  }

  private static void write(String level, String message) {
    System.err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + level + " " + message);
  }
}
