package dev.spike.sources;

import dev.spike.core.sales.TicketDataException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Finds the driver of a database: one that is bundled, else one in a jar of the drivers folder.
 * That folder is the one of SPIKE_DRIVERS, or {@code drivers} in spike's own home. A folder beside
 * the event file is not searched: whoever may propose an event file may not propose code with it.
 */
final class Drivers implements AutoCloseable {
  private static final int JARS_MAX = 200;

  private final Driver driver;
  private final Optional<URLClassLoader> jars;

  private Drivers(Driver driver, Optional<URLClassLoader> jars) {
    this.driver = driver;
    this.jars = jars;
  }

  /** The drivers folder of this process; empty when there is none. */
  static Optional<Path> folder(Map<String, String> environment) {
    String named = environment.getOrDefault("SPIKE_DRIVERS", "");
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named));
    }
    String home = System.getProperty("spike.home", "");
    return home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home, "drivers"));
  }

  /**
   * The driver that takes an address.
   *
   * @param name of the source, for messages
   * @param bundled where the bundled drivers are
   * @throws TicketDataException UNAVAILABLE, when there is none
   */
  static Drivers open(String url, String name, ClassLoader bundled, Optional<Path> folder)
      throws TicketDataException {
    Optional<Driver> own = taking(url, bundled);
    if (own.isPresent()) {
      return new Drivers(own.get(), Optional.empty());
    }
    List<URL> jars = folder.isPresent() ? jars(folder.get()) : List.of();
    if (!jars.isEmpty()) {
      URLClassLoader loader = new URLClassLoader(jars.toArray(URL[]::new), bundled);
      Optional<Driver> found = taking(url, loader);
      if (found.isPresent()) {
        return new Drivers(found.get(), Optional.of(loader));
      }
      close(loader);
    }
    throw new TicketDataException(
        TicketDataException.Kind.UNAVAILABLE,
        "There is no JDBC driver for "
            + name
            + ". PostgreSQL's is bundled; "
            + folder.map(path -> searched(path, jars.size())).orElse("no folder with others is set")
            + ".",
        folder
                .map(path -> "Put the driver's jar into " + path + ", or name another folder")
                .orElse("Put the driver's jar into a folder, and name it")
            + " with the variable SPIKE_DRIVERS.",
        null);
  }

  private static String searched(Path folder, int jars) {
    if (!Files.isDirectory(folder)) {
      return "there is no folder " + folder;
    }
    return jars == 0
        ? folder + " holds no jar"
        : "no driver of the jars in " + folder + " takes it";
  }

  private static Optional<Driver> taking(String url, ClassLoader loader)
      throws TicketDataException {
    try {
      for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
        if (driver.acceptsURL(url)) {
          return Optional.of(driver);
        }
      }
      return Optional.empty();
    } catch (SQLException | ServiceConfigurationError broken) {
      throw new TicketDataException(
          TicketDataException.Kind.UNAVAILABLE,
          "A JDBC driver cannot be loaded: " + broken.getClass().getSimpleName() + ".",
          "Look through the jars of the drivers folder.",
          broken);
    }
  }

  private static List<URL> jars(Path folder) throws TicketDataException {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
      jars.forEach(found::add);
      found.sort(null);
      List<URL> urls = new ArrayList<>();
      for (Path jar : found.subList(0, Math.min(JARS_MAX, found.size()))) {
        urls.add(jar.toUri().toURL());
      }
      return urls;
    } catch (MalformedURLException impossible) {
      throw new IllegalStateException("a path is an address", impossible);
    } catch (IOException unreadable) {
      throw new TicketDataException(
          TicketDataException.Kind.UNAVAILABLE,
          "The drivers folder " + folder + " cannot be listed.",
          "Make it readable, or name another with SPIKE_DRIVERS.",
          unreadable);
    }
  }

  Driver driver() {
    return driver;
  }

  @Override
  public void close() throws TicketDataException {
    if (jars.isPresent()) {
      close(jars.get());
    }
  }

  private static void close(URLClassLoader loader) throws TicketDataException {
    try {
      loader.close();
    } catch (IOException failed) {
      throw new TicketDataException(
          TicketDataException.Kind.UNAVAILABLE,
          "A jar of the drivers folder cannot be closed.",
          "Run the command again.",
          failed);
    }
  }
}
