package dev.spike.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.spike.core.sales.ItemNames;
import dev.spike.core.sales.JsonValues;
import dev.spike.core.sales.Reading;
import dev.spike.core.sales.RowTally;
import dev.spike.core.sales.SalesHistory;
import dev.spike.core.sales.SeenIds;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.sales.TicketSource;
import dev.spike.core.spec.EventSpec;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts pages of Eventbrite's ticket classes and attendees. Of an attendee only id, time, status,
 * ticket class and quantity are looked at.
 */
final class EventbritePages {
  private static final long MINUTE_2000 = 946_684_800L / 60;
  private static final long MINUTE_2100 = 4_102_444_800L / 60;
  private static final long QUANTITY_MAX = 1000;
  private static final int CLASSES_MAX = 1000;

  /** What is asked for, in this order. */
  enum Listing {
    TICKET_CLASSES,
    ATTENDEES;

    /** Both the address's part and the member that holds the list. */
    String path() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record TicketClass(String product, boolean admission) {}

  private final EventSpec.EventbriteSource source;
  private final Reading reading;
  private final Map<String, TicketClass> classes = new HashMap<>();
  private final RowTally tally = new RowTally();
  private final SalesHistory.Counter counted = new SalesHistory.Counter();
  private final SeenIds seen = new SeenIds();
  private final ItemNames names;

  EventbritePages(EventSpec.EventbriteSource source, Reading reading) {
    this.source = source;
    this.reading = reading;
    this.names = new ItemNames(source.items());
  }

  /**
   * Reads one page.
   *
   * @return the continuation of the next page; empty after the last
   */
  String page(Listing listing, String where, byte[] body) throws TicketDataException {
    String continuation = "";
    boolean listed = false;
    try (JsonParser json = new JsonFactory().createParser(body)) {
      boolean mapping = json.nextToken() == JsonToken.START_OBJECT;
      while (mapping && json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("pagination")) {
          continuation = continuation(json);
        } else if (field.equals(listing.path())) {
          listed = json.currentToken() == JsonToken.START_ARRAY;
          list(listing, where, json);
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException broken) {
      throw notAPage(where, broken);
    }
    if (!listed) {
      throw notAPage(where, null);
    }
    return continuation;
  }

  private TicketDataException notAPage(String where, @Nullable IOException cause) {
    return new TicketDataException(
        TicketDataException.Kind.BAD_DATA,
        source.name() + " answered with what is no page of Eventbrite's API (" + where + ").",
        "Leave url out of the source, or give the address of the API's server.",
        cause);
  }

  private static String continuation(JsonParser json) throws IOException {
    if (JsonValues.isNoObject(json)) {
      return "";
    }
    boolean more = false;
    String continuation = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "has_more_items" -> more = value == JsonToken.VALUE_TRUE;
        case "continuation" -> continuation = JsonValues.scalar(json);
        default -> json.skipChildren();
      }
    }
    return more ? continuation : "";
  }

  private void list(Listing listing, String where, JsonParser json)
      throws IOException, TicketDataException {
    if (JsonValues.isNoList(json)) {
      return;
    }
    for (int at = 1; json.nextToken() != JsonToken.END_ARRAY; at++) {
      boolean isObject = json.currentToken() == JsonToken.START_OBJECT;
      switch (listing) {
        case TICKET_CLASSES -> {
          if (isObject) {
            ticketClass(json);
          }
        }
        case ATTENDEES -> {
          if (isObject) {
            attendee(json, where + ", attendee " + at);
          } else {
            tally.reject(where + ", attendee " + at, "attendee is not a JSON object");
          }
        }
      }
      if (!isObject) {
        json.skipChildren();
      }
    }
  }

  private void ticketClass(JsonParser json) throws IOException, TicketDataException {
    String id = "";
    String name = "";
    String category = "";
    long total = -1;
    long capacity = -1;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "id" -> id = JsonValues.scalar(json);
        case "name" -> name = JsonValues.scalar(json);
        case "category" -> category = JsonValues.scalar(json);
        case "quantity_total" -> total = JsonValues.whole(json);
        case "capacity" -> capacity = JsonValues.whole(json);
        default -> json.skipChildren();
      }
    }
    if (classes.size() >= CLASSES_MAX) {
      throw TicketDataException.bad(
          source.name() + " has more than " + CLASSES_MAX + " ticket classes.",
          "Check that event of the source is one event.");
    }
    names.has(id);
    names.has(name);
    String mapped = source.items().getOrDefault(id, source.items().getOrDefault(name, ""));
    boolean admission =
        mapped.isEmpty()
            ? category.isEmpty() || category.equalsIgnoreCase("admission")
            : !mapped.equals(TicketSource.NO_ADMISSION);
    String own = name.isEmpty() ? "ticket-class-" + id : name;
    String product = mapped.isEmpty() ? own : mapped;
    classes.put(id, new TicketClass(product, admission));
    long size = capacity > 0 ? capacity : total;
    if (admission && size > 0) {
      reading.capacities().merge(product, size, Long::sum);
    }
  }

  private void attendee(JsonParser json, String where) throws IOException, TicketDataException {
    String id = "";
    String created = "";
    String status = "";
    String ticketClass = "";
    String className = "";
    String quantity = "1";
    boolean cancelled = false;
    boolean refunded = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "id" -> id = JsonValues.scalar(json);
        case "created" -> created = JsonValues.scalar(json);
        case "status" -> status = JsonValues.scalar(json);
        case "ticket_class_id" -> ticketClass = JsonValues.scalar(json);
        case "ticket_class_name" -> className = JsonValues.scalar(json);
        case "quantity" -> quantity = JsonValues.scalar(json);
        case "cancelled" -> cancelled = value == JsonToken.VALUE_TRUE;
        case "refunded" -> refunded = value == JsonToken.VALUE_TRUE;
        default -> json.skipChildren();
      }
    }
    TicketClass known = classes.computeIfAbsent(ticketClass, none -> new TicketClass("", true));
    if (isRepeated(id)) {
      tally.leaveOut("attendee was on an earlier page");
    } else if (refunded) {
      tally.leaveOut("refunded");
    } else if (cancelled) {
      tally.leaveOut("cancelled");
    } else if (!counts(status, where)) {
      return;
    } else if (!known.admission()
        || product(known, ticketClass, className).equals(TicketSource.NO_ADMISSION)) {
      tally.leaveOut("ticket class is no admission");
    } else {
      count(product(known, ticketClass, className), created, quantity, where);
    }
  }

  /** Also tallies what does not count. */
  private boolean counts(String status, String where) {
    String lower = status.toLowerCase(Locale.ROOT);
    switch (lower) {
      case "attending", "checked in", "placed" -> {
        return true;
      }
      case "not attending",
          "deleted",
          "unpaid",
          "transferred",
          "refunded",
          "cancelled",
          "canceled",
          "abandoned",
          "started",
          "pending" ->
          tally.leaveOut("status is " + lower);
      default -> tally.reject(where, "attendee has a status Eventbrite does not know");
    }
    return false;
  }

  private boolean isRepeated(String id) throws TicketDataException {
    boolean isNew = id.isEmpty() || seen.add(SeenIds.hash(id));
    if (seen.isFull()) {
      throw TicketDataException.bad(
          source.name() + " has more attendees than can be told apart.",
          "Use a CSV export of the attendees instead.");
    }
    return !isNew;
  }

  private String product(TicketClass known, String id, String name) {
    if (!known.product().isEmpty()) {
      return known.product();
    }
    names.has(id);
    names.has(name);
    String own = name.isEmpty() ? "ticket-class-" + id : name;
    return source.items().getOrDefault(id, source.items().getOrDefault(name, own));
  }

  private void count(String product, String created, String quantity, String where)
      throws TicketDataException {
    long tickets = quantity.matches("[0-9]{1,9}") ? Long.parseLong(quantity) : -1;
    long minute = minute(created);
    if (minute == Long.MIN_VALUE) {
      tally.reject(where, "time of creation is not readable");
    } else if (minute < MINUTE_2000 || minute >= MINUTE_2100) {
      tally.reject(where, "time of creation is a placeholder, before 2000 or after 2099");
    } else if (tickets < 1 || tickets > QUANTITY_MAX) {
      tally.reject(where, "quantity is not from 1 to " + QUANTITY_MAX);
    } else if (product.length() > 256) {
      tally.reject(where, "name of the ticket class is longer than 256 letters");
    } else if (minute > reading.asOfMinute()) {
      tally.leaveOut(RowTally.LATER);
    } else if (counted.add(product, minute, tickets)
        && reading.sales().add(product, minute, tickets)) {
      tally.accept(1);
    } else {
      throw TicketDataException.bad(
          "The sources have more than 1000 products or too many product minutes together.",
          "Map the ticket classes of " + source.name() + " to products under items.");
    }
  }

  private static long minute(String created) {
    try {
      return Math.floorDiv(Instant.parse(created).getEpochSecond(), 60);
    } catch (DateTimeException unreadable) {
      return Long.MIN_VALUE;
    }
  }

  /** The report, after the last page. */
  SourceReport finish(long bytes) {
    names.remark(source).ifPresent(reading.remarks()::add);
    return tally.report("eventbrite", source.name(), counted.history(), bytes);
  }
}
