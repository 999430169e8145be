package dev.spike.core.sales;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** Parses blocks of whole records, one after the other, in one thread at a time. */
final class BlockParser {
  private final CsvReader.CsvReaderBuilder csv;
  private final Rows rows;
  private final BlockText text = new BlockText();

  /** A block's outcome; lines count from its own start. */
  record Parsed(RowTally tally, long lines, @Nullable Fault fault) {}

  /**
   * What makes a block unreadable.
   *
   * @param what a clause that the number of the line ends
   */
  record Fault(String what, long line, String next, Exception cause) {}

  BlockParser(CsvReader.CsvReaderBuilder csv, Rows rows) {
    this.csv = csv;
    this.rows = rows;
  }

  /** The parser's settings; a field may be as long as a block. */
  static CsvReader.CsvReaderBuilder csv(char separator, int blockBytes) {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .maxBufferSize(4 * Math.max(blockBytes, 1 << 14));
  }

  Rows rows() {
    return rows;
  }

  Parsed parse(byte[] block, int length, boolean withHeader) {
    rows.begin(withHeader);
    Fault fault = null;
    try (CsvReader<Boolean> records = csv.build(rows, text.of(block, length))) {
      records.forEach(record -> {});
    } catch (CsvParseException broken) {
      fault = fault(broken);
    } catch (UncheckedIOException failed) {
      fault = fault(failed, block);
    } catch (IOException failed) {
      throw new UncheckedIOException("a block in memory was closed", failed);
    }
    return new Parsed(rows.tally(), rows.line() - 1, fault);
  }

  private Fault fault(CsvParseException broken) {
    if (broken.getCause() != null && !(broken.getCause() instanceof CsvParseException)) {
      throw broken;
    }
    return new Fault(
        "has letters behind the closing quote of a field, in the row of line ",
        rows.line(),
        "Look for a quote that is never closed, or for quotes in a field that are not doubled.",
        broken);
  }

  private Fault fault(UncheckedIOException failed, byte[] block) {
    if (failed.getCause() instanceof CharacterCodingException) {
      return new Fault(
          "is not UTF-8 text from line ",
          RecordBlocks.lineEnds(block, text.position()) + 1L,
          "Export it as UTF-8, or convert it with iconv.",
          failed);
    }
    throw failed;
  }
}
