package dev.spike.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * What the parts below the commands log, as commentary on stderr: a line each in the form of a
 * diagnostic's first, without class, thread and time. Looks that run side by side say the same; it
 * is printed once.
 */
public final class LogLines extends Handler {
  private static final String CONFIGURATION_CLASS = "java.util.logging.config.class";

  private final PrintStream err;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /** Named to Java's logging, which makes one when the first line is logged. */
  public LogLines() {
    this(System.err);
  }

  LogLines(PrintStream err) {
    this.err = err;
    setLevel(Level.INFO);
  }

  /** Makes Java's logging use it, unless the user configured that; costs nothing until then. */
  static void install() {
    if (System.getProperty(CONFIGURATION_CLASS) == null
        && System.getProperty("java.util.logging.config.file") == null) {
      System.setProperty(CONFIGURATION_CLASS, Configuration.class.getName());
    }
  }

  /** What Java's logging makes first. */
  public static final class Configuration {
    public Configuration() throws IOException {
      String text = "handlers=" + LogLines.class.getName() + "\n.level=INFO\n";
      LogManager.getLogManager()
          .readConfiguration(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Override
  public void publish(LogRecord line) {
    if (!isLoggable(line)) {
      return;
    }
    String text = new SimpleFormatter().formatMessage(line);
    if (line.getThrown() != null) {
      text += ": " + line.getThrown();
    }
    if (said.add(text)) {
      String severity = line.getLevel().getName().toLowerCase(Locale.ROOT);
      err.println((severity.equals("severe") ? "error" : severity) + ": " + text);
    }
  }

  @Override
  public void flush() {
    err.flush();
  }

  @Override
  public void close() {
    flush();
  }
}
