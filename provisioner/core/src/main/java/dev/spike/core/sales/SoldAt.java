package dev.spike.core.sales;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads times of sale to the minute. ISO 8601 in its usual spellings is read without allocating;
 * anything else by the pattern of the source. A time without offset is one of the source's zone; of
 * an hour that happens twice, the first is meant.
 */
final class SoldAt {
  /** Not a time. */
  static final long UNREADABLE = Long.MIN_VALUE;

  /** A time that the clocks skipped in the zone. */
  static final long SKIPPED = Long.MIN_VALUE + 1;

  private static final long MINUTE_2000 = 946_684_800L / 60;
  private static final long MINUTE_2100 = 4_102_444_800L / 60;
  private static final int DAY_LETTERS = 10;
  private static final int MINUTE_LETTERS = 16;

  private final ZoneId zone;
  private final Optional<DateTimeFormatter> format;
  private long firstLetters;
  private long nextLetters;
  private long epochDay;
  private int minuteOfDay;
  private long lastDay = Long.MIN_VALUE;
  private int lastOffsetSeconds;
  private boolean lastDayIsEven;

  SoldAt(ZoneId zone, Optional<String> pattern) {
    this.zone = zone;
    this.format = pattern.map(text -> DateTimeFormatter.ofPattern(text, Locale.ROOT));
  }

  /** Whether a minute stands for no time, as exports write it: before 2000 or after 2099. */
  static boolean isPlaceholder(long minute) {
    return minute < MINUTE_2000 || minute >= MINUTE_2100;
  }

  /** As the other, of a text. */
  long minute(String text) {
    return minute(new Slice().over(text));
  }

  /** The minute since 1970 in UTC of a time, or UNREADABLE, or SKIPPED. */
  long minute(Slice text) {
    if (format.isPresent()) {
      return byPattern(text.toString(), format.get());
    }
    return iso(text);
  }

  private long byPattern(String text, DateTimeFormatter pattern) {
    try {
      TemporalAccessor parsed =
          pattern.parseBest(
              text, ZonedDateTime::from, Instant::from, LocalDateTime::from, LocalDate::from);
      if (parsed.query(TemporalQueries.offset()) != null) {
        return Math.floorDiv(Instant.from(parsed).getEpochSecond(), 60);
      }
      LocalTime time = parsed.query(TemporalQueries.localTime());
      LocalDate date = parsed.query(TemporalQueries.localDate());
      return local(
          (date == null ? LocalDate.EPOCH : date).atTime(time == null ? LocalTime.MIDNIGHT : time));
    } catch (DateTimeException unreadable) {
      return UNREADABLE;
    }
  }

  private long local(LocalDateTime local) {
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    return offsets.isEmpty() ? SKIPPED : Math.floorDiv(local.toEpochSecond(offsets.getFirst()), 60);
  }

  /** {@code yyyy-MM-dd[(T| )HH:mm[:ss[.fraction]][Z|(+|-)HH[:]mm]]}. */
  private long iso(Slice text) {
    if (text.length() < MINUTE_LETTERS) {
      long day = text.length() == DAY_LETTERS ? epochDay(text) : UNREADABLE;
      return day == UNREADABLE ? UNREADABLE : inZone(day, 0);
    }
    if (!isLastMinute(text) && !readMinute(text)) {
      return UNREADABLE;
    }
    int at = afterSeconds(text, MINUTE_LETTERS);
    if (at < 0) {
      return UNREADABLE;
    }
    if (at == text.length()) {
      return inZone(epochDay, minuteOfDay);
    }
    int offset = offsetMinutes(text, at);
    return offset == Integer.MIN_VALUE ? UNREADABLE : epochDay * 1440 + minuteOfDay - offset;
  }

  /** Most rows are of the same minute as the one before; then there is nothing to read. */
  private boolean isLastMinute(Slice text) {
    return text.word(0) == firstLetters && text.word(Long.BYTES) == nextLetters;
  }

  private boolean readMinute(Slice text) {
    long day = epochDay(text);
    int hour = digits(text, 11, 2);
    int minute = digits(text, 14, 2);
    if (day == UNREADABLE
        || (text.at(10) != 'T' && text.at(10) != ' ')
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || text.at(13) != ':') {
      return false;
    }
    firstLetters = text.word(0);
    nextLetters = text.word(Long.BYTES);
    epochDay = day;
    minuteOfDay = hour * 60 + minute;
    return true;
  }

  /** Of a text of ten letters or more; UNREADABLE when it starts with no date. */
  private static long epochDay(Slice text) {
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 2);
    int day = digits(text, 8, 2);
    boolean isDate =
        year >= 0
            && text.at(4) == '-'
            && text.at(7) == '-'
            && month >= 1
            && month <= 12
            && day >= 1
            && day <= lengthOfMonth(year, month);
    return isDate ? epochDay(year, month, day) : UNREADABLE;
  }

  /** Where the offset starts; -1 when the seconds are none. */
  private static int afterSeconds(Slice text, int from) {
    int length = text.length();
    if (from >= length || text.at(from) != ':') {
      return from;
    }
    int second = digits(text, from + 1, 2);
    if (second < 0 || second > 60) {
      return -1;
    }
    int at = from + 3;
    if (at < length && (text.at(at) == '.' || text.at(at) == ',')) {
      at++;
      while (at < length && isDigit(text.at(at))) {
        at++;
      }
    }
    return at;
  }

  /**
   * {@code Z}, {@code UTC}, {@code +HH}, {@code +HHmm} or {@code +HH:mm}, after a blank or none.
   */
  private static int offsetMinutes(Slice text, int from) {
    int at = text.at(from) == ' ' ? from + 1 : from;
    int length = text.length() - at;
    if ((length == 1 && text.at(at) == 'Z') || (length == 3 && isUtc(text, at))) {
      return 0;
    }
    int hours = digits(text, at + 1, 2);
    boolean colon = length == 6 && text.at(at + 3) == ':';
    int minutes = length == 3 ? 0 : digits(text, at + (colon ? 4 : 3), 2);
    int whole = length == 3 ? 3 : colon ? 6 : 5;
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59 || length != whole) {
      return Integer.MIN_VALUE;
    }
    return switch (text.at(at)) {
      case '+' -> hours * 60 + minutes;
      case '-' -> -(hours * 60 + minutes);
      default -> Integer.MIN_VALUE;
    };
  }

  private static boolean isUtc(Slice text, int at) {
    return text.at(at) == 'U' && text.at(at + 1) == 'T' && text.at(at + 2) == 'C';
  }

  /** A local time in the zone; the offset of a day on which it does not change is kept. */
  private long inZone(long day, int ofDay) {
    if (day != lastDay) {
      LocalDateTime midnight = LocalDate.ofEpochDay(day).atStartOfDay();
      List<ZoneOffset> start = zone.getRules().getValidOffsets(midnight);
      List<ZoneOffset> end = zone.getRules().getValidOffsets(midnight.plusDays(1));
      lastDay = day;
      lastDayIsEven = start.size() == 1 && start.equals(end);
      lastOffsetSeconds = lastDayIsEven ? start.getFirst().getTotalSeconds() : 0;
    }
    if (lastDayIsEven) {
      return Math.floorDiv(day * 86_400 + ofDay * 60L - lastOffsetSeconds, 60);
    }
    return local(LocalDate.ofEpochDay(day).atTime(ofDay / 60, ofDay % 60));
  }

  private static int digits(Slice text, int from, int count) {
    if (from + count > text.length()) {
      return -1;
    }
    int value = 0;
    for (int at = from; at < from + count; at++) {
      int digit = text.at(at) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }

  private static int lengthOfMonth(int year, int month) {
    return switch (month) {
      case 2 -> (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** Days since 1970 in the proleptic calendar. */
  private static long epochDay(int year, int month, int day) {
    long shifted = month <= 2 ? year - 1L : year;
    long era = Math.floorDiv(shifted, 400);
    long ofEra = shifted - era * 400;
    long ofYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468;
  }
}
