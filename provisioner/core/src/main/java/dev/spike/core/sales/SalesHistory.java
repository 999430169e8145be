package dev.spike.core.sales;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
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
    private static final int CELLS_MAX = 5_000_000;
    private static final int PRODUCTS_MAX = 1000;

    private final Map<String, Map<Long, long[]>> byProduct = new TreeMap<>();
    private int cells;

    /** Adds tickets; false when there are more products or minutes than any event has. */
    public boolean add(String product, long epochMinute, long quantity) {
      Map<Long, long[]> minutes = byProduct.get(product);
      if (minutes == null) {
        if (byProduct.size() >= PRODUCTS_MAX) {
          return false;
        }
        minutes = new HashMap<>();
        byProduct.put(product, minutes);
      }
      long[] count = minutes.get(epochMinute);
      if (count == null) {
        if (cells >= CELLS_MAX) {
          return false;
        }
        cells++;
        count = new long[1];
        minutes.put(epochMinute, count);
      }
      count[0] += quantity;
      return true;
    }

    /** What was counted so far. */
    public SalesHistory history() {
      SortedMap<String, SortedMap<Long, Long>> copy = new TreeMap<>();
      byProduct.forEach(
          (product, minutes) -> {
            SortedMap<Long, Long> sorted = new TreeMap<>();
            minutes.forEach((minute, count) -> sorted.put(minute, count[0]));
            copy.put(product, Collections.unmodifiableSortedMap(sorted));
          });
      return new SalesHistory(Collections.unmodifiableSortedMap(copy));
    }
  }
}
