package dev.spike.cli;

import dev.spike.core.apply.Stop;
import dev.spike.core.provider.ProviderFactory;
import dev.spike.core.sales.TicketSource;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.IntConsumer;

/**
 * All that a command gets from outside.
 *
 * @param out carries the result
 * @param err carries the commentary
 * @param outIsTerminal whether colour may go to {@code out}
 * @param errIsTerminal whether a progress line may go to {@code err}
 * @param variables the environment
 * @param folder relative paths start here
 * @param providers what is installed
 * @param sources readers of services and databases that are installed
 * @param stop is asked by SIGINT and SIGTERM
 * @param leave ends the process with that exit code; what was half done is undone by hooks
 * @param abandon ends the process at once with that exit code
 */
public record Surroundings(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Map<String, String> variables,
    Path folder,
    Clock clock,
    List<ProviderFactory> providers,
    List<TicketSource> sources,
    Stop stop,
    IntConsumer leave,
    IntConsumer abandon) {

  /** Those of this process. */
  static Surroundings ofProcess(ResultStream out) {
    return new Surroundings(
        out.printer(),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        isTerminal(1),
        isTerminal(2),
        System.getenv(),
        Path.of(""),
        Clock.systemUTC(),
        ServiceLoader.load(ProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList(),
        ServiceLoader.load(TicketSource.class).stream().map(ServiceLoader.Provider::get).toList(),
        new Stop(),
        Runtime.getRuntime()::exit,
        Runtime.getRuntime()::halt);
  }

  /** A path as the user wrote it, from where the command runs. */
  public Path path(String text) {
    return folder.resolve(text);
  }

  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException noProc) {
      // Where there is no /proc the output is plain, which reads well on a terminal too.
      return false;
    }
  }
}
