import com.sun.management.OperatingSystemMXBean;
import dev.spike.core.sales.TicketSales;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.SpecReader;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Reads a ticket export once for each line on standard input, and answers each with seconds,
 * seconds of CPU, rows, tickets, and the peak of resident KiB. Run from its source by scripts/bench
 * plan.
 */
class Ingest {
  private static final Instant AS_OF = Instant.parse("2027-05-30T19:00:00Z");

  public static void main(String[] arguments) throws Exception {
    Path export = Path.of(arguments[0]).toAbsolutePath();
    String yaml =
        """
        apiVersion: spike/v1
        event: {name: bench, startsAt: 2027-05-30T19:00:01Z}
        tickets:
          sources:
            - type: csv
              path: %s
              columns: {soldAt: ordered_at, product: ticket_type, quantity: qty, status: status}
              accept: {status: [paid]}
        """
            .formatted(export.getFileName());
    EventSpec.Tickets tickets =
        SpecReader.read("event.yaml", yaml.getBytes(StandardCharsets.UTF_8), null, AS_OF).tickets();
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    BufferedReader questions = new BufferedReader(new InputStreamReader(System.in));
    while (questions.readLine() != null) {
      long cpu = process.getProcessCpuTime();
      long from = System.nanoTime();
      TicketSales sales = TicketSales.read(tickets, export.getParent(), AS_OF);
      double seconds = (System.nanoTime() - from) / 1e9;
      long sold =
          sales.history().byProduct().keySet().stream().mapToLong(sales.history()::sold).sum();
      System.out.printf(
          "%.3f %.3f %d %d %d%n",
          seconds,
          (process.getProcessCpuTime() - cpu) / 1e9,
          sales.reports().getFirst().read(),
          sold,
          peakKib());
    }
  }

  private static long peakKib() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }
}
