package dev.spike.core.sales;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Counts a CSV export in one pass and constant memory, in blocks of whole records. What is found in
 * them is put together in their order, so the result is the same whatever the threads. Rejected is
 * what cannot be understood; left out is what was understood and does not count.
 */
final class CsvTickets {
  private static final int CELLS_KEPT_MAX = 200_000;

  /** What decoding puts where bytes are no letter of UTF-8. */
  private static final char NO_LETTER = '\uFFFD';

  private final String name;
  private final Optional<Character> separator;
  private final RowsFactory factory;
  private final SalesHistory.Counter sales;
  private final BlockThreads threads;
  private final RowTally tally = new RowTally();
  private long lines;
  private boolean isFull;

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
      BlockThreads threads) {
    this.name = name;
    this.separator = separator;
    this.factory = factory;
    this.sales = sales;
    this.threads = threads;
  }

  /** Reads the export to its end. */
  SourceReport read(String type, ExportFile file) throws TicketDataException, IOException {
    Pass pass = new Pass(new RecordBlocks(Utf8.of(file.content()), separator));
    try {
      threads.run(pass);
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
    } catch (TicketDataException | IOException | RuntimeException failed) {
      throw failed;
    } catch (Exception unexpected) {
      throw new IllegalStateException("a block of " + name + " was not parsed", unexpected);
    }
    pass.finish();
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

  private TicketDataException endlessRecord(RecordBlocks.EndlessRecord endless) {
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

  /** What is done with the blocks of the export. */
  private final class Pass implements BlockThreads.Work {
    private final RecordBlocks blocks;
    private final BlockingQueue<BlockParser> parsers;

    Pass(RecordBlocks blocks) {
      this.blocks = blocks;
      this.parsers = new ArrayBlockingQueue<>(threads.inOrder() ? 1 : threads.workers());
    }

    @Override
    public int read(byte[] block, boolean isFirst)
        throws RecordBlocks.EndlessRecord, TicketDataException, IOException {
      int length = blocks.next(block);
      if (isFirst && length > 0) {
        String[] header = header(blocks.separator(), block, length);
        while (parsers.remainingCapacity() > 0) {
          parsers.add(new BlockParser(blocks.separator(), factory.of(header)));
        }
      }
      return length;
    }

    @Override
    public BlockParser.Parsed parse(byte[] block, int length, boolean isFirst) {
      BlockParser parser = parsers.remove();
      BlockParser.Parsed parsed = parser.parse(block, length, isFirst);
      if (parser.rows().sales().size() > CELLS_KEPT_MAX) {
        takeSales(parser.rows());
      }
      parsers.add(parser);
      return parsed;
    }

    @Override
    public void take(BlockParser.Parsed parsed) throws TicketDataException {
      BlockParser.Fault fault = parsed.fault();
      if (fault != null) {
        throw unreadable(fault.what() + (lines + fault.line()), fault.next(), null);
      }
      tally.append(parsed.tally(), lines);
      lines += parsed.lines();
    }

    @Override
    public TicketDataException endless(RecordBlocks.EndlessRecord record) {
      return endlessRecord(record);
    }

    /** Takes what the parsers still have. */
    void finish() {
      parsers.forEach(parser -> takeSales(parser.rows()));
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
    if (header.stream().anyMatch(column -> column.indexOf(NO_LETTER) >= 0)) {
      throw unreadable(
          "is not UTF-8 text from line " + scanner.line(),
          "Export it as UTF-8, or convert it with iconv.",
          null);
    }
    return header.toArray(String[]::new);
  }

  private static String utf8(byte[] text, int from, int count) {
    return new String(text, from, count, StandardCharsets.UTF_8);
  }
}
