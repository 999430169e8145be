package dev.spike.core.sales;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.spike.core.spec.EventSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The items of a pretix event: their names, which of them admit, and how many there are. */
final class PretixItems {
  private static final int ITEMS_MAX = 10_000;
  private static final long UNBOUNDED = Long.MAX_VALUE;

  private final Map<String, String> products;
  private final ItemNames names;
  private final OptionalLong subevent;
  private final Map<String, Item> items = new HashMap<>();

  /** By item and date of the series: the smallest quota of that item alone, else UNBOUNDED. */
  private final SortedMap<String, SortedMap<String, Long>> quotas = new TreeMap<>();

  private record Item(String name, boolean admission) {}

  /**
   * @param products by item id or name, as in the event file
   * @param subevent the only date of which quotas count; empty for all
   */
  PretixItems(Map<String, String> products, OptionalLong subevent) {
    this.products = products;
    this.names = new ItemNames(products);
    this.subevent = subevent;
  }

  void readItems(JsonParser json) throws IOException, TicketDataException {
    if (JsonValues.isNoList(json)) {
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (JsonValues.isNoObject(json)) {
        continue;
      }
      String id = "";
      String name = "";
      boolean admission = true;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "id" -> id = JsonValues.scalar(json);
          case "name" -> name = JsonValues.text(json);
          case "admission" -> admission = json.currentToken() != JsonToken.VALUE_FALSE;
          default -> json.skipChildren();
        }
      }
      if (items.size() >= ITEMS_MAX) {
        throw TicketDataException.bad(
            "A pretix event has more than " + ITEMS_MAX + " items.",
            "Check that the source names one event.");
      }
      items.put(id, new Item(name, admission));
      names.has(id);
      names.has(name);
    }
  }

  void readQuotas(JsonParser json) throws IOException {
    if (JsonValues.isNoList(json)) {
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (JsonValues.isNoObject(json)) {
        continue;
      }
      long size = -1;
      List<String> of = List.of();
      boolean variations = false;
      String date = "";
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "size" -> size = JsonValues.whole(json);
          case "items" -> of = JsonValues.texts(json);
          case "variations" -> variations = !JsonValues.texts(json).isEmpty();
          case "subevent" -> date = JsonValues.scalar(json);
          default -> json.skipChildren();
        }
      }
      if (size != 0 && isOfDate(date)) {
        long bound = size > 0 && of.size() == 1 && !variations ? size : UNBOUNDED;
        for (String item : of) {
          quotas.computeIfAbsent(item, id -> new TreeMap<>()).merge(date, bound, Math::min);
        }
      }
    }
  }

  /** Notes an item that was sold: the event's list may lack it. */
  void met(String id) {
    names.has(id);
  }

  /** Of keys under items that the event does not have. */
  Optional<SourceRemark> remark(EventSpec.Source source) {
    return names.remark(source);
  }

  /** Whether that date of a series is the wanted one, or any is. */
  boolean isOfDate(String date) {
    return subevent.isEmpty() || date.equals(Long.toString(subevent.getAsLong()));
  }

  /**
   * Capacities by product, from quotas of exactly one item. pretix sells an item while each of its
   * quotas has room, so the smallest counts; dates of a series add up. An item of which one date
   * has no such quota has no capacity that is known, and neither has a product with such an item.
   */
  SortedMap<String, Long> capacities() {
    SortedMap<String, Long> capacities = new TreeMap<>();
    quotas.forEach(
        (item, dates) -> {
          long capacity = dates.values().stream().reduce(0L, PretixItems::plus);
          if (counts(item)) {
            capacities.merge(product(item), capacity, PretixItems::plus);
          }
        });
    capacities.values().removeIf(capacity -> capacity == UNBOUNDED);
    return capacities;
  }

  private static long plus(long one, long other) {
    return one == UNBOUNDED || other == UNBOUNDED ? UNBOUNDED : one + other;
  }

  /** Whether tickets of that item count: it admits, or the event file maps it to a product. */
  boolean counts(String id) {
    Item item = items.get(id);
    String mapped = mapped(id, item);
    return mapped != null
        ? !mapped.equals(TicketSource.NO_ADMISSION)
        : item == null || item.admission();
  }

  String product(String id) {
    Item item = items.get(id);
    String mapped = mapped(id, item);
    if (mapped != null) {
      return mapped;
    }
    return item == null || item.name().isEmpty() ? "item-" + id : item.name();
  }

  private @Nullable String mapped(String id, @Nullable Item item) {
    String byId = products.get(id);
    return byId != null || item == null ? byId : products.get(item.name());
  }
}
