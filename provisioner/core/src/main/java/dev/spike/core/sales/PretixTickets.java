package dev.spike.core.sales;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.spike.core.spec.EventSpec;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts a pretix "Order data (JSON)" export, or a page of its REST API, position by position. Of
 * an order only status, time, test mode and positions are looked at; all else is skipped unread.
 */
final class PretixTickets {
  private final EventSpec.PretixSource source;
  private final long asOfMinute;
  private final SalesHistory.Counter sales;
  private final RowTally tally = new RowTally();
  private final SalesHistory.Counter byItem = new SalesHistory.Counter();
  private final SoldAt soldAt = new SoldAt(ZoneOffset.UTC, Optional.empty());
  private final Map<String, Item> items = new HashMap<>();
  private final Map<String, Long> positionsOf = new TreeMap<>();
  private final SortedMap<String, Long> quotas = new TreeMap<>();

  private record Item(String name, boolean admission) {}

  private record Position(long line, String item, boolean addOn, boolean canceled) {}

  PretixTickets(EventSpec.PretixSource source, Instant asOf, SalesHistory.Counter sales) {
    this.source = source;
    this.asOfMinute = Math.floorDiv(asOf.getEpochSecond(), 60);
    this.sales = sales;
  }

  /** Capacities by product, from quotas of exactly one item. Known after reading. */
  SortedMap<String, Long> capacities() {
    SortedMap<String, Long> capacities = new TreeMap<>();
    quotas.forEach((item, size) -> capacities.merge(product(item), size, Long::sum));
    return capacities;
  }

  /** Reads the export to its end. */
  SourceReport read(ExportFile file) throws TicketDataException, IOException {
    try (JsonParser json = new JsonFactory().createParser(file.content())) {
      json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      JsonToken first = json.nextToken();
      if (first == JsonToken.START_ARRAY) {
        orders(json);
      } else {
        container(json);
      }
    } catch (JsonProcessingException broken) {
      long line = broken.getLocation() == null ? 0 : broken.getLocation().getLineNr();
      throw new TicketDataException(
          TicketDataException.Kind.BAD_DATA,
          "The ticket export " + source.path() + " is not JSON from line " + line + " on.",
          "Export it again: pretix, Export, Order data (JSON).",
          broken);
    }
    file.drain();
    settle();
    return tally.report("pretix", source.path(), file);
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
        case "items" -> items(json);
        case "orders", "results" -> orders(json);
        case "quotas" -> quotas(json);
        default -> json.skipChildren();
      }
    }
  }

  private void items(JsonParser json) throws IOException {
    if (isNoList(json)) {
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (isNoObject(json)) {
        continue;
      }
      String id = "";
      String name = "";
      boolean admission = true;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "id" -> id = scalar(json);
          case "name" -> name = text(json);
          case "admission" -> admission = json.currentToken() != JsonToken.VALUE_FALSE;
          default -> json.skipChildren();
        }
      }
      items.put(id, new Item(name, admission));
    }
  }

  /** A text, or the first of a text in several languages. */
  private static String text(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return scalar(json);
    }
    String first = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      json.nextToken();
      String text = scalar(json);
      first = first.isEmpty() ? text : first;
    }
    return first;
  }

  private void quotas(JsonParser json) throws IOException {
    if (isNoList(json)) {
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (isNoObject(json)) {
        continue;
      }
      long size = -1;
      List<String> of = List.of();
      boolean variations = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        switch (field) {
          case "size" -> size = value == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : -1;
          case "items" -> of = texts(json);
          case "variations" -> variations = !texts(json).isEmpty();
          default -> json.skipChildren();
        }
      }
      if (size > 0 && of.size() == 1 && !variations) {
        quotas.merge(of.getFirst(), size, Long::sum);
      }
    }
  }

  private static List<String> texts(JsonParser json) throws IOException {
    List<String> texts = new ArrayList<>();
    if (isNoList(json)) {
      return texts;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      texts.add(scalar(json));
    }
    return texts;
  }

  /** True when the value is not a list; a mapping in its place is skipped. */
  private static boolean isNoList(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      return false;
    }
    json.skipChildren();
    return true;
  }

  /** True when the value is not a mapping; it is skipped, so that those after it are read. */
  private static boolean isNoObject(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      return false;
    }
    json.skipChildren();
    return true;
  }

  /** A plain value as text; empty for null, a list or a mapping, which are skipped. */
  private static String scalar(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null || token == JsonToken.VALUE_NULL || !token.isScalarValue()) {
      json.skipChildren();
      return "";
    }
    return json.getText();
  }

  private void orders(JsonParser json) throws IOException, TicketDataException {
    if (isNoList(json)) {
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == JsonToken.START_OBJECT) {
        order(json);
      } else {
        tally.reject(json.currentTokenLocation().getLineNr(), "order is not a JSON object");
        json.skipChildren();
      }
    }
  }

  private void order(JsonParser json) throws IOException, TicketDataException {
    String status = "";
    String datetime = "";
    boolean test = false;
    List<Position> positions = List.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "status" -> status = scalar(json);
        case "datetime" -> datetime = scalar(json);
        case "testmode" -> test = value == JsonToken.VALUE_TRUE;
        case "positions" -> positions = positions(json);
        default -> json.skipChildren();
      }
    }
    for (Position position : positions) {
      count(position, status, datetime, test);
    }
  }

  private List<Position> positions(JsonParser json) throws IOException {
    List<Position> positions = new ArrayList<>();
    if (isNoList(json)) {
      return positions;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      long line = json.currentTokenLocation().getLineNr();
      if (json.currentToken() != JsonToken.START_OBJECT) {
        tally.reject(line, "position is not a JSON object");
        json.skipChildren();
        continue;
      }
      String item = "";
      boolean addOn = false;
      boolean canceled = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        switch (field) {
          case "item" -> item = scalar(json);
          case "addon_to" -> {
            addOn = value != JsonToken.VALUE_NULL;
            json.skipChildren();
          }
          case "canceled" -> canceled = value == JsonToken.VALUE_TRUE;
          default -> json.skipChildren();
        }
      }
      positions.add(new Position(line, item, addOn, canceled));
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
    } else if (position.item().isEmpty()) {
      tally.reject(position.line(), "position has no item");
    } else if (minute < 0) {
      tally.reject(position.line(), "time of the order is not readable");
    } else if (minute > asOfMinute) {
      tally.leaveOut("sold after the plan's instant");
    } else if (!byItem.add(position.item(), minute, 1)) {
      throw TicketDataException.bad(
          source.path() + " has more than 1000 items or 5 million item minutes.",
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
      default -> tally.reject(position.line(), "order has a status pretix does not know");
    }
  }

  /** Items may stand after the orders, so positions get their products at the end. */
  private void settle() throws TicketDataException {
    Map<String, String> products = new HashMap<>();
    SalesHistory history = byItem.history();
    for (String id : history.byProduct().keySet()) {
      Item item = items.get(id);
      long positions = positionsOf.getOrDefault(id, 0L);
      if (item != null && !item.admission() && mapped(id, item) == null) {
        tally.leaveOut("item is no admission", positions);
        continue;
      }
      tally.accept(positions);
      products.put(id, product(id));
    }
    for (Map.Entry<String, String> entry : products.entrySet()) {
      for (Map.Entry<Long, Long> minute :
          history.byProduct().getOrDefault(entry.getKey(), new TreeMap<>()).entrySet()) {
        if (!sales.add(entry.getValue(), minute.getKey(), minute.getValue())) {
          throw TicketDataException.bad(
              "The sources have more than 1000 products together.",
              "Map the items of " + source.path() + " to products under items.");
        }
      }
    }
  }

  private String product(String id) {
    Item item = items.get(id);
    String mapped = mapped(id, item);
    if (mapped != null) {
      return mapped;
    }
    return item == null || item.name().isEmpty() ? "item-" + id : item.name();
  }

  private @Nullable String mapped(String id, @Nullable Item item) {
    String byId = source.items().get(id);
    return byId != null || item == null ? byId : source.items().get(item.name());
  }
}
