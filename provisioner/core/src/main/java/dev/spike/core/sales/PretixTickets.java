package dev.spike.core.sales;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.spike.core.spec.EventSpec;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts a pretix "Order data (JSON)" export, or the pages of its REST API, position by position.
 * Of an order only code, status, time, test mode and positions are looked at; all else is skipped
 * unread.
 */
public final class PretixTickets {
  private static final String TYPE = "pretix";

  /** What a page of the API lists. */
  public enum Listing {
    ITEMS,
    QUOTAS,
    ORDERS
  }

  private final EventSpec.Source source;
  private final String name;
  private final Reading reading;
  private final PretixItems items;
  private final RowTally tally = new RowTally();
  private final SalesHistory.Counter byItem = new SalesHistory.Counter();
  private final SoldAt soldAt = new SoldAt(ZoneOffset.UTC, Optional.empty());
  private final Map<String, Long> positionsOf = new TreeMap<>();
  private final SeenIds seen = new SeenIds();
  private String place = "";
  private long orders;
  private boolean ofPages;
  private boolean listsOrders;

  private record Position(
      long line, String item, String subevent, boolean addOn, boolean canceled) {}

  /**
   * A reader of one event.
   *
   * @param source for remarks
   * @param name of the source, for messages
   * @param items products by item id or name
   * @param subevent the only date of a series that counts; empty for all
   */
  public PretixTickets(
      EventSpec.Source source,
      String name,
      Map<String, String> items,
      OptionalLong subevent,
      Reading reading) {
    this.source = source;
    this.name = name;
    this.items = new PretixItems(items, subevent);
    this.reading = reading;
  }

  /** Reads the export to its end. */
  SourceReport read(ExportFile file) throws TicketDataException, IOException {
    try (JsonParser json = new JsonFactory().createParser(file.content())) {
      json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      JsonToken first = json.nextToken();
      if (first == JsonToken.START_ARRAY) {
        orders(json);
      } else if (first == JsonToken.START_OBJECT) {
        container(json);
      }
      if (!listsOrders) {
        throw noExport("has no list of orders, so it is no order data of pretix", null);
      }
      if (json.nextToken() != null) {
        throw noExport(
            "goes on after its end, in line " + json.currentTokenLocation().getLineNr(), null);
      }
    } catch (JsonProcessingException broken) {
      throw noExport(whatIsBroken(broken), broken);
    }
    file.drain();
    settle();
    return tally.report(TYPE, name, file);
  }

  private TicketDataException noExport(String what, @Nullable JsonProcessingException cause) {
    return new TicketDataException(
        TicketDataException.Kind.BAD_DATA,
        "The ticket export " + name + " " + what + ".",
        "Export it again: pretix, Export, Order data (JSON).",
        cause);
  }

  private static String whatIsBroken(JsonProcessingException broken) {
    long line = broken.getLocation() == null ? 0 : broken.getLocation().getLineNr();
    if (line <= 0) {
      return "is not JSON that pretix writes: it is nested too deeply, or a value is too long";
    }
    if (broken instanceof JsonEOFException
        || broken.getOriginalMessage().startsWith("Unexpected end-of-input")) {
      return "ends in the middle, in line " + line + ": it was not copied or unpacked whole";
    }
    return broken.getOriginalMessage().startsWith("Invalid UTF-8")
        ? "is not UTF-8 text from line " + line
        : "is not JSON from line " + line + " on";
  }

  /**
   * Reads one page of the API.
   *
   * @param where the page, for messages
   * @return the address of the next page; empty for the last
   * @throws TicketDataException BAD_DATA, when it is no such page
   */
  public String page(Listing listing, String where, byte[] body) throws TicketDataException {
    place = where + ", order ";
    orders = 0;
    ofPages = true;
    String next = "";
    boolean listed = false;
    try (JsonParser json = new JsonFactory().createParser(body)) {
      boolean mapping = json.nextToken() == JsonToken.START_OBJECT;
      while (mapping && json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "next" -> next = JsonValues.scalar(json);
          case "results" -> {
            listed = json.currentToken() == JsonToken.START_ARRAY;
            switch (listing) {
              case ITEMS -> items.readItems(json);
              case QUOTAS -> items.readQuotas(json);
              case ORDERS -> orders(json);
            }
          }
          default -> json.skipChildren();
        }
      }
    } catch (IOException broken) {
      // Its message would show a part of the page, and there are people in it.
      throw notAPage(where, broken);
    }
    if (!listed) {
      throw notAPage(where, null);
    }
    return next;
  }

  private TicketDataException notAPage(String where, @Nullable IOException cause) {
    return new TicketDataException(
        TicketDataException.Kind.BAD_DATA,
        name + " answered with what is no page of pretix's API (" + where + ").",
        "Check url of the source: it is the address of the shop's server, without /api.",
        cause);
  }

  /**
   * Ends the reading of pages: counts go to the reading, and so do capacities.
   *
   * @param bytes that were received
   */
  public SourceReport finish(long bytes) throws TicketDataException {
    settle();
    SalesHistory.Counter counted = new SalesHistory.Counter();
    for (Map.Entry<String, SortedMap<Long, Long>> item : byItem.history().byProduct().entrySet()) {
      if (items.counts(item.getKey())) {
        item.getValue()
            .forEach((minute, count) -> counted.add(items.product(item.getKey()), minute, count));
      }
    }
    return tally.report(TYPE, name, counted.history(), bytes);
  }

  /** The outer object, the event in it, or a page of the API: all have members by these names. */
  private void container(JsonParser json) throws IOException, TicketDataException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "event" -> {
          if (value == JsonToken.START_OBJECT) {
            container(json);
          }
        }
        case "items" -> items.readItems(json);
        case "orders", "results" -> orders(json);
        case "quotas" -> items.readQuotas(json);
        default -> json.skipChildren();
      }
    }
  }

  private void orders(JsonParser json) throws IOException, TicketDataException {
    if (JsonValues.isNoList(json)) {
      return;
    }
    listsOrders = true;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      orders++;
      if (json.currentToken() == JsonToken.START_OBJECT) {
        order(json);
      } else {
        reject(json.currentTokenLocation().getLineNr(), "order is not a JSON object");
        json.skipChildren();
      }
    }
  }

  /** A page of the API is one line, so there the order is named. */
  private void reject(long line, String reason) {
    if (ofPages) {
      tally.reject(place + orders, reason);
    } else {
      tally.reject(line, reason);
    }
  }

  private void order(JsonParser json) throws IOException, TicketDataException {
    String code = "";
    String status = "";
    String datetime = "";
    boolean test = false;
    long line = json.currentTokenLocation().getLineNr();
    List<Position> positions = List.of();
    boolean listsPositions = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "code" -> code = JsonValues.scalar(json);
        case "status" -> status = JsonValues.scalar(json);
        case "datetime" -> datetime = JsonValues.scalar(json);
        case "testmode" -> test = value == JsonToken.VALUE_TRUE;
        case "positions" -> {
          listsPositions = value == JsonToken.START_ARRAY;
          positions = positions(json);
        }
        default -> json.skipChildren();
      }
    }
    if (!listsPositions) {
      reject(line, "order has no list of positions");
      return;
    }
    if (ofPages && !code.isEmpty() && isRepeated(code)) {
      tally.leaveOut("order was on an earlier page", positions.size());
      return;
    }
    for (Position position : positions) {
      count(position, status, datetime, test);
    }
  }

  /** Pages move on when orders are placed between two requests. */
  private boolean isRepeated(String code) throws TicketDataException {
    boolean isNew = seen.add(SeenIds.hash(code));
    if (seen.isFull()) {
      throw TicketDataException.bad(
          name + " has more orders than can be told apart.",
          "Use pretix's export of order data (JSON) instead of the API.");
    }
    return !isNew;
  }

  private List<Position> positions(JsonParser json) throws IOException {
    List<Position> positions = new ArrayList<>();
    if (JsonValues.isNoList(json)) {
      return positions;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      long line = json.currentTokenLocation().getLineNr();
      if (json.currentToken() != JsonToken.START_OBJECT) {
        reject(line, "position is not a JSON object");
        json.skipChildren();
        continue;
      }
      String item = "";
      String date = "";
      boolean addOn = false;
      boolean canceled = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        switch (field) {
          case "item" -> item = JsonValues.scalar(json);
          case "subevent" -> date = JsonValues.scalar(json);
          case "addon_to" -> {
            addOn = value != JsonToken.VALUE_NULL;
            json.skipChildren();
          }
          case "canceled" -> canceled = value == JsonToken.VALUE_TRUE;
          default -> json.skipChildren();
        }
      }
      positions.add(new Position(line, item, date, addOn, canceled));
    }
    return positions;
  }

  private void count(Position position, String status, String datetime, boolean test)
      throws TicketDataException {
    long minute = soldAt.minute(datetime.strip());
    if (test) {
      tally.leaveOut("test order");
    } else if (!status.equals("p")) {
      leaveOutOrReject(position, status);
    } else if (position.canceled()) {
      tally.leaveOut("position is canceled");
    } else if (position.addOn()) {
      tally.leaveOut("add-on to another position");
    } else if (!items.isOfDate(position.subevent())) {
      tally.leaveOut("another date of the series");
    } else if (position.item().isEmpty()) {
      reject(position.line(), "position has no item");
    } else if (minute == SoldAt.UNREADABLE) {
      reject(position.line(), "time of the order is not readable");
    } else if (SoldAt.isPlaceholder(minute)) {
      reject(position.line(), "time of the order is a placeholder, before 2000 or after 2099");
    } else if (minute > reading.asOfMinute()) {
      tally.leaveOut(RowTally.LATER);
    } else if (!byItem.add(position.item(), minute, 1)) {
      throw TicketDataException.bad(
          name + " has more than 1000 items or 5 million item minutes.",
          "Check that this is the export of one event.");
    } else {
      positionsOf.merge(position.item(), 1L, Long::sum);
    }
  }

  private void leaveOutOrReject(Position position, String status) {
    switch (status) {
      case "n" -> tally.leaveOut("status is n (pending)");
      case "e" -> tally.leaveOut("status is e (expired)");
      case "c" -> tally.leaveOut("status is c (canceled)");
      default -> reject(position.line(), "order has a status pretix does not know");
    }
  }

  /** Items may stand after the orders, so positions get their products at the end. */
  private void settle() throws TicketDataException {
    Map<String, String> products = new HashMap<>();
    SalesHistory history = byItem.history();
    for (String id : history.byProduct().keySet()) {
      items.met(id);
      long positions = positionsOf.getOrDefault(id, 0L);
      if (!items.counts(id)) {
        tally.leaveOut("item is no admission", positions);
        continue;
      }
      tally.accept(positions);
      String product = items.product(id);
      if (product.length() > Rows.PRODUCT_LETTERS_MAX) {
        throw TicketDataException.bad(
            "In " + name + " item " + id + " has a name of more than 256 letters.",
            "Map that id to a product under items.");
      }
      products.put(id, product);
    }
    for (Map.Entry<String, String> entry : products.entrySet()) {
      for (Map.Entry<Long, Long> minute :
          history.byProduct().getOrDefault(entry.getKey(), new TreeMap<>()).entrySet()) {
        if (!reading.sales().add(entry.getValue(), minute.getKey(), minute.getValue())) {
          throw TicketDataException.bad(
              "The sources have more than 1000 products together.",
              "Map the items of " + name + " to products under items.");
        }
      }
    }
    reading.capacities().putAll(items.capacities());
    items.remark(source).ifPresent(reading.remarks()::add);
  }
}
