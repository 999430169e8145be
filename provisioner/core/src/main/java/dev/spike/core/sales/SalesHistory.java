package dev.spike.core.sales;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tickets sold, by product and minute. The only thing that leaves the readers of exports: there is
 * nothing personal in it.
 */
public final class SalesHistory {
  private final SortedMap<String, SortedMap<Long, Long>> byProduct;

  private SalesHistory(SortedMap<String, SortedMap<Long, Long>> byProduct) {
    this.byProduct = byProduct;
  }

  /** Products in order of their names. */
  public SortedMap<String, SortedMap<Long, Long>> byProduct() {
    return byProduct;
  }

  /** All tickets of a product. */
  public long sold(String product) {
    SortedMap<Long, Long> minutes = byProduct.get(product);
    return minutes == null ? 0 : minutes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** {@code sha256:} and hex of all counts, in order. */
  String digest() {
    MessageDigest sha256 = ExportFile.sha256();
    byProduct.forEach(
        (product, minutes) -> {
          sha256.update((product + "\n").getBytes(StandardCharsets.UTF_8));
          ByteBuffer cell = ByteBuffer.allocate(2 * Long.BYTES);
          minutes.forEach(
              (minute, count) ->
                  sha256.update(cell.clear().putLong(minute).putLong(count).array()));
        });
    return "sha256:" + HexFormat.of().formatHex(sha256.digest());
  }

  /** Counts while sources are read. Its size is bounded. */
  public static final class Counter {
    /** Two years of three products that sell in every minute: 70 MB here, 220 as a history. */
    static final int CELLS_MAX = 3_000_000;

    static final int PRODUCTS_MAX = 1000;

    private final Map<String, Integer> products = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private Cells cells = new Cells();
    private String lastProduct = "";
    private int last = -1;

    /** Adds tickets; false when there are more products or minutes than any event has. */
    public boolean add(String product, long epochMinute, long quantity) {
      int index = index(product);
      if (index < 0 || cells.size() > CELLS_MAX) {
        return false;
      }
      cells.add(index, epochMinute, quantity);
      return cells.size() <= CELLS_MAX;
    }

    int size() {
      return cells.size();
    }

    /** Takes over all of another, which is empty then; false when it is too much. */
    boolean takeAll(Counter other) {
      boolean[] fits = {true};
      other.cells.each(
          (product, minute, quantity) ->
              fits[0] &= add(other.names.get(product), minute, quantity));
      other.cells = new Cells();
      return fits[0];
    }

    private int index(String product) {
      if (last >= 0 && lastProduct.equals(product)) {
        return last;
      }
      Integer known = products.get(product);
      if (known == null) {
        if (names.size() >= PRODUCTS_MAX) {
          return -1;
        }
        known = names.size();
        products.put(product, known);
        names.add(product);
      }
      lastProduct = product;
      last = known;
      return known;
    }

    /** What was counted so far. */
    public SalesHistory history() {
      SortedMap<String, SortedMap<Long, Long>> byProduct = new TreeMap<>();
      List<Map<Long, Long>> minutes = new ArrayList<>();
      for (String name : names) {
        TreeMap<Long, Long> counts = new TreeMap<>();
        minutes.add(counts);
        byProduct.put(name, Collections.unmodifiableSortedMap(counts));
      }
      cells.each((product, minute, quantity) -> minutes.get(product).put(minute, quantity));
      return new SalesHistory(Collections.unmodifiableSortedMap(byProduct));
    }
  }
}
