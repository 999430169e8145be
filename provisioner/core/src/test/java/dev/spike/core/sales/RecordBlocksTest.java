package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Holds the cutting to what a library's parser makes of the same text. */
class RecordBlocksTest {
  private static final String[] PIECES = {
    "a", "b c", "\u00fc", "\u20ac", "\ud83c\udf9f", "\"\"", "\n", "\r\n", "\r", ",", ";", "\t", "1"
  };
  private static final String[] ENDS = {"\n", "\r\n", "\r", "\n\n", "\r\n\r\n"};

  @Test
  void blocksAreWhateverTheParserCallsARecordOfAnyText() throws Exception {
    Random random = new Random(20_261_124);
    for (int round = 0; round < 400; round++) {
      char separator = ",;\t|".charAt(random.nextInt(4));
      String text = text(random, separator, 40);
      List<List<String>> expected = records(separator, text);

      List<List<String>> cut = new ArrayList<>();
      RecordBlocks blocks =
          new RecordBlocks(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
              Optional.of(separator));
      byte[] block = new byte[1024 + RecordBlocks.PADDING + random.nextInt(64)];
      for (int length = blocks.next(block); length > 0; length = blocks.next(block)) {
        cut.addAll(records(separator, new String(block, 0, length, StandardCharsets.UTF_8)));
      }

      assertThat(cut).as("round %d", round).isEqualTo(expected);
    }
  }

  private static List<List<String>> records(char separator, String text) {
    List<List<String>> records = new ArrayList<>();
    PlainOrders.reader(separator, text).forEach(record -> records.add(record.getFields()));
    return records;
  }

  /** Rows of time, any product, quantity and a note; some too short, some too long. */
  private static String text(Random random, char separator, int rows) {
    StringBuilder text = new StringBuilder();
    text.append("sold_at,product,qty,note".replace(',', separator)).append('\n');
    for (int row = 0; row < rows; row++) {
      text.append("2027-05-01T10:00Z").append(separator);
      text.append(field(random)).append(separator).append('3');
      for (int extra = random.nextInt(10) == 0 ? random.nextInt(3) : 1; extra > 0; extra--) {
        text.append(separator).append(field(random));
      }
      text.append(ENDS[random.nextInt(ENDS.length)]);
    }
    String whole = text.toString();
    return random.nextBoolean() ? whole : whole.stripTrailing();
  }

  private static String field(Random random) {
    StringBuilder field = new StringBuilder();
    for (int piece = random.nextInt(6); piece > 0; piece--) {
      field.append(PIECES[random.nextInt(PIECES.length)]);
    }
    if (random.nextBoolean()) {
      return '"' + field.toString() + '"';
    }
    String bare = field.toString().replaceAll("[\\r\\n,;\\t|]", "").replace("\"\"", "x\"y\"\"");
    return bare.startsWith("\"") ? "z" + bare : bare;
  }
}
