package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.sales.TicketDataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedCurveTest {
  private static final Instant FIRST = Instant.parse("2027-05-30T19:00:00Z");

  @TempDir Path folder;

  @Test
  void aCountIsThatOfTheMinuteAndUnrecordedMinutesAreUnknown() {
    RecordedCurve curve = curve(5, 7, Double.NaN, 9);

    assertThat(curve.from()).isEqualTo(FIRST);
    assertThat(curve.to()).isEqualTo(FIRST.plusSeconds(180));
    assertThat(curve.at(FIRST.plusSeconds(59))).isEqualTo(5);
    assertThat(curve.at(FIRST.plusSeconds(60))).isEqualTo(7);
    assertThat(curve.at(FIRST.plusSeconds(120))).isNaN();
  }

  @Test
  void aMeanIsThatOfTheRecordedMinutesOfASpan() {
    RecordedCurve curve = curve(5, 7, Double.NaN, 9);

    assertThat(curve.mean(FIRST, FIRST.plusSeconds(120))).isEqualTo(6);
    assertThat(curve.mean(FIRST, FIRST.plusSeconds(240))).isEqualTo(7);
    assertThat(curve.mean(FIRST.plusSeconds(120), FIRST.plusSeconds(180))).isNaN();
  }

  @Test
  void whatWasRecordedUntilAnInstantAndWithoutASpan() {
    RecordedCurve curve = curve(5, 7, 8, 9);

    assertThat(curve.until(FIRST.plusSeconds(120)).orElseThrow().to())
        .isEqualTo(FIRST.plusSeconds(60));
    assertThat(curve.until(FIRST)).isEmpty();
    RecordedCurve rest = curve.without(FIRST.plusSeconds(60), FIRST.plusSeconds(180)).orElseThrow();
    assertThat(rest.at(FIRST)).isEqualTo(5);
    assertThat(rest.at(FIRST.plusSeconds(60))).isNaN();
    assertThat(rest.at(FIRST.plusSeconds(120))).isNaN();
    assertThat(rest.at(FIRST.plusSeconds(180))).isEqualTo(9);
    assertThat(curve.without(FIRST, FIRST.plusSeconds(600))).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> new RecordedCurve(new TreeMap<>()));
  }

  @Test
  void aCourseIsTheMeanOfFiveMinutesWithItsMaximumAtOne() {
    double[] counts = new double[60];
    java.util.Arrays.fill(counts, 10);
    counts[30] = 60;
    ConcurrencyCurve course = curve(counts).course(FIRST.plusSeconds(20 * 60), -600, 1200);

    assertThat(course.from()).isEqualTo(-600);
    assertThat(course.to()).isEqualTo(1200);
    assertThat(course.step()).isEqualTo(60);
    assertThat(course.at(600)).isEqualTo(1);
    assertThat(course.at(480)).isEqualTo(1);
    assertThat(course.at(720)).isEqualTo(1);
    assertThat(course.at(420)).isEqualTo(0.5, within(1e-12));
    assertThat(course.at(780)).isEqualTo(0.5, within(1e-12));
  }

  @Test
  void aCourseHasAtMostTwoThousandCellsAndSilenceStaysSilence() {
    assertThat(curve(1, 1).course(FIRST, 0, 60 * 3000).values()).hasSize(2001);
    assertThat(curve(1, 1).course(FIRST, 0, 30).values()).hasSize(2);
    assertThat(curve(0, 0).course(FIRST, 0, 120).values()).containsOnly(0);
    assertThat(curve(4, 4, 4).course(FIRST, 0, 1200).at(1200)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "2027-05-30 19:00:00,2027-05-30T19:00:00Z",
    "2027-05-30T19:00,2027-05-30T19:00:00Z",
    "2027-05-30T19:00:00Z,2027-05-30T19:00:00Z",
    "2027-05-30T21:00:30+02:00,2027-05-30T19:00:00Z"
  })
  void minutesAreReadWithAndWithoutOffset(String written, Instant meant) throws Exception {
    RecordedCurve curve = read("minute,count\n" + written + ", 7.5 \n\n");

    assertThat(curve.from()).isEqualTo(meant);
    assertThat(curve.at(meant)).isEqualTo(7.5);
  }

  @Test
  void countsOfOneMinuteAddUp() throws Exception {
    RecordedCurve curve =
        read("minute,count\n2027-05-30 19:00:00,3\n2027-05-30 19:00:30,4\n2027-05-30 19:01,0\n");

    assertThat(curve.at(FIRST)).isEqualTo(7);
    assertThat(curve.to()).isEqualTo(FIRST.plusSeconds(60));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2027-05-30 19:00:00",
        "2027-05-30 19:00:00,-1",
        "2027-05-30 19:00:00,NaN",
        "2027-05-30 19:00:00,Infinity",
        "2027-05-30 19:00:00,1,2",
        "2027-05-30 19:00:00,many",
        "yesterday,1"
      })
  void aLineThatIsNoMinuteAndCountIsRefusedWithItsNumber(String line) throws Exception {
    TicketDataException refused = refused("minute,count\n2027-05-30 18:59,1\n" + line + "\n");

    assertThat(refused.kind()).isEqualTo(TicketDataException.Kind.BAD_DATA);
    assertThat(refused).hasMessageContaining("line 3 is '" + line + "'");
    assertThat(refused.next()).contains("2026-06-25 14:00:00,64128");
  }

  @Test
  void aLongLineIsShownInPartAndAFileWithoutMinutesOrTextIsRefused() throws Exception {
    String sixty = "x".repeat(60);
    assertThat(refused("h\n" + sixty + "\n")).hasMessageContaining("'" + sixty + "'");
    assertThat(refused("h\n" + sixty + "y\n")).hasMessageContaining("'" + sixty + "…'");
    assertThat(refused("")).hasMessageContaining("holds no minute");
    assertThat(refused("minute,count\n")).hasMessageContaining("holds no minute");
    assertThat(refused("minute,count\n2026-06-14 19:00:00,0\n2026-06-14 19:01:00,0\n"))
        .hasMessageContaining("all its 2 minutes count 0");
    Files.write(folder.resolve("bytes.csv"), new byte[] {'a', '\n', (byte) 0xff, '\n'});
    assertThat(refusedFile("bytes.csv")).hasMessageContaining("not text in UTF-8");
    assertThat(refusedFile("none.csv").kind()).isEqualTo(TicketDataException.Kind.MISSING_FILE);
    Files.createDirectory(folder.resolve("folder"));
    assertThat(refusedFile("folder").kind()).isEqualTo(TicketDataException.Kind.MISSING_FILE);
  }

  private TicketDataException refused(String text) throws Exception {
    Files.writeString(folder.resolve("bad.csv"), text);
    return refusedFile("bad.csv");
  }

  private TicketDataException refusedFile(String name) {
    return catchThrowableOfType(
        TicketDataException.class, () -> RecordedCurveFile.read(name, folder.resolve(name)));
  }

  private RecordedCurve read(String text) throws Exception {
    Files.writeString(folder.resolve("curve.csv"), text);
    return RecordedCurveFile.read("curve.csv", folder.resolve("curve.csv"));
  }

  private static RecordedCurve curve(double... counts) {
    SortedMap<Long, Double> minutes = new TreeMap<>();
    for (int minute = 0; minute < counts.length; minute++) {
      if (!Double.isNaN(counts[minute])) {
        minutes.put(FIRST.getEpochSecond() / 60 + minute, counts[minute]);
      }
    }
    return new RecordedCurve(minutes);
  }
}
