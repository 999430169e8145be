package dev.spike.core.sales;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Counts a CSV export in one pass and constant memory. One thread reads, digests and cuts blocks of
 * whole records; others parse them. What they find is put together in the order of the blocks, so
 * the result is the same whatever the threads. Rejected is what cannot be understood; left out is
 * what was understood and does not count.
 */
final class CsvTickets {
  private static final int THREADS_MAX = 8;
  private static final int SPARE_BLOCKS = 2;
  private static final int CELLS_KEPT_MAX = 200_000;

  private final String name;
  private final Optional<Character> separator;
  private final RowsFactory factory;
  private final SalesHistory.Counter sales;
  private final Threads threads;
  private final RowTally tally = new RowTally();
  private long lines;
  private boolean isFull;

  /**
   * How it is worked on.
   *
   * @param parsers threads that parse; 1 where rows depend on those before
   * @param blockBytes also the longest record
   */
  record Threads(int parsers, int blockBytes) {
    private static final int BLOCK_BYTES = 1 << 20;

    /** As many as there are cores; the pool's own threads leave one to the caller. */
    static Threads all() {
      return new Threads(
          Math.min(ForkJoinPool.getCommonPoolParallelism() + 1, THREADS_MAX), BLOCK_BYTES);
    }

    static Threads one() {
      return new Threads(1, BLOCK_BYTES);
    }
  }

  /** Makes what takes the rows of one thread, once the header is known. */
  interface RowsFactory {
    Rows of(String[] header) throws TicketDataException;
  }

  /**
   * For one export.
   *
   * @param name of the export, for messages
   * @param separator empty when it is to be found out
   */
  CsvTickets(
      String name,
      Optional<Character> separator,
      RowsFactory factory,
      SalesHistory.Counter sales,
      Threads threads) {
    this.name = name;
    this.separator = separator;
    this.factory = factory;
    this.sales = sales;
    this.threads = threads;
  }

  /** Reads the export to its end. */
  SourceReport read(String type, ExportFile file) throws TicketDataException, IOException {
    RecordBlocks blocks = new RecordBlocks(Utf8.of(file.content()), separator);
    try (ExecutorService parsers =
        Executors.newFixedThreadPool(
            threads.parsers(), Thread.ofPlatform().daemon().name("spike-csv-", 1).factory())) {
      new Pass(blocks, parsers).run();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("it was interrupted");
      interrupted.initCause(stopped);
      throw interrupted;
    } catch (CharacterCodingException broken) {
      throw unreadable(
          "is not text: its byte-order mark says UTF-16, and it is not",
          "Export it as UTF-8, or convert it with iconv.",
          broken);
    }
    file.drain();
    if (isFull) {
      throw TicketDataException.bad(
          "The ticket export %s has more than %,d products or %,d product minutes."
              .formatted(name, SalesHistory.Counter.PRODUCTS_MAX, SalesHistory.Counter.CELLS_MAX),
          "Check that the column of the product is not the one of the customer.");
    }
    return tally.report(type, name, file);
  }

  private TicketDataException unreadable(String what, String next, @Nullable Exception cause) {
    return new TicketDataException(
        TicketDataException.Kind.BAD_DATA,
        "The ticket export " + name + " " + what + ".",
        next,
        cause);
  }

  private TicketDataException endless(RecordBlocks.EndlessRecord endless) {
    long line = lines + endless.lines() + 1;
    return endless.isQuoted()
        ? unreadable(
            "has a quote that is never closed; it opens in line " + line,
            "Close the quote there, or double it where it is part of a name.",
            endless)
        : unreadable(
            "has a row longer than %,d bytes in line %d".formatted(threads.blockBytes(), line),
            "Check that this is a table of orders, with line ends.",
            endless);
  }

  /** One pass over the export: blocks go out to the parsers and come back in their order. */
  private final class Pass {
    private final RecordBlocks blocks;
    private final ExecutorService executor;
    private final BlockingQueue<byte[]> buffers;
    private final BlockingQueue<BlockParser> parsers;
    private final Deque<Future<BlockParser.Parsed>> underWay = new ArrayDeque<>();
    private final int underWayMax = threads.parsers() + SPARE_BLOCKS;

    Pass(RecordBlocks blocks, ExecutorService executor) {
      this.blocks = blocks;
      this.executor = executor;
      this.parsers = new ArrayBlockingQueue<>(threads.parsers());
      this.buffers = new ArrayBlockingQueue<>(underWayMax + 1);
      while (buffers.remainingCapacity() > 0) {
        buffers.add(new byte[threads.blockBytes() + RecordBlocks.PADDING]);
      }
    }

    void run() throws TicketDataException, IOException, InterruptedException {
      try {
        hand();
      } catch (RecordBlocks.EndlessRecord endless) {
        takeAll();
        throw endless(endless);
      }
      takeAll();
      for (BlockParser parser : parsers) {
        takeSales(parser.rows());
      }
    }

    private void hand()
        throws RecordBlocks.EndlessRecord, TicketDataException, IOException, InterruptedException {
      boolean withHeader = true;
      while (true) {
        byte[] block = buffers.take();
        int length = blocks.next(block);
        if (length == 0) {
          return;
        }
        if (withHeader) {
          start(block, length);
        }
        boolean isFirst = withHeader;
        underWay.add(executor.submit(() -> parsed(block, length, isFirst)));
        withHeader = false;
        if (underWay.size() >= underWayMax) {
          takeOldest();
        }
      }
    }

    private void start(byte[] block, int length) throws TicketDataException {
      String[] header = header(blocks.separator(), block, length);
      while (parsers.remainingCapacity() > 0) {
        parsers.add(new BlockParser(blocks.separator(), factory.of(header)));
      }
    }

    private BlockParser.Parsed parsed(byte[] block, int length, boolean withHeader)
        throws InterruptedException {
      BlockParser parser = parsers.take();
      BlockParser.Parsed parsed = parser.parse(block, length, withHeader);
      if (parser.rows().sales().size() > CELLS_KEPT_MAX) {
        takeSales(parser.rows());
      }
      parsers.put(parser);
      buffers.put(block);
      return parsed;
    }

    private void takeAll() throws TicketDataException, InterruptedException {
      while (!underWay.isEmpty()) {
        takeOldest();
      }
    }

    private void takeOldest() throws TicketDataException, InterruptedException {
      BlockParser.Parsed parsed;
      try {
        parsed = underWay.remove().get();
      } catch (ExecutionException bug) {
        throw new IllegalStateException("a block of " + name + " was not parsed", bug.getCause());
      }
      BlockParser.Fault fault = parsed.fault();
      if (fault != null) {
        throw unreadable(fault.what() + (lines + fault.line()), fault.next(), null);
      }
      tally.append(parsed.tally(), lines);
      lines += parsed.lines();
    }
  }

  private void takeSales(Rows rows) {
    synchronized (sales) {
      isFull |= rows.isFull();
      isFull |= !sales.takeAll(rows.sales());
    }
  }

  private String[] header(char separator, byte[] block, int length) throws TicketDataException {
    List<String> header = new ArrayList<>();
    RowScanner scanner = new RowScanner(separator).over(block, length);
    try {
      do {
        header.clear();
        if (!scanner.next((column, text, from, count) -> header.add(utf8(text, from, count)))) {
          throw TicketDataException.bad(
              "The ticket export " + name + " has no row, not even a header.",
              "Export it again, and check that it opens.");
        }
      } while (scanner.isEmpty());
    } catch (RowScanner.LettersBehindQuote broken) {
      throw unreadable(
          "has a header with letters behind the closing quote of a field",
          "Export it as CSV in UTF-8, and check that it opens.",
          broken);
    }
    return header.toArray(String[]::new);
  }

  private static String utf8(byte[] text, int from, int count) {
    return new String(text, from, count, StandardCharsets.UTF_8);
  }
}
