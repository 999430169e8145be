package dev.spike.node.router;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The opened maps of an installed router: the data path's state as values. */
final class RouterMaps implements AutoCloseable {
  private final RouterPins pins;
  private final Map<String, Integer> descriptors = new HashMap<>();
  private @Nullable Object fileKey;

  private RouterMaps(RouterPins pins) {
    this.pins = pins;
  }

  static RouterMaps open(RouterPins pins) throws IOException {
    RouterMaps maps = new RouterMaps(pins);
    try {
      maps.fileKey = maps.fileKeyNow();
      for (String name : RouterPins.MAPS) {
        maps.descriptors.put(name, Libbpf.open(pins.map(name)));
      }
      return maps;
    } catch (IOException e) {
      maps.close();
      throw e;
    }
  }

  /** True when the pins lead to other maps than those opened here, or are gone. */
  boolean replaced() {
    try {
      return !Objects.equals(fileKey, fileKeyNow());
    } catch (IOException e) {
      return true;
    }
  }

  private @Nullable Object fileKeyNow() throws IOException {
    return Files.readAttributes(pins.map("config"), BasicFileAttributes.class).fileKey();
  }

  /** The flags of the configuration in force. */
  int flags() throws NativeException {
    return RouterLayout.wrap(config()).getInt(RouterLayout.CONFIG_FLAGS_OFFSET);
  }

  /** The configuration in force, struct spike_config. */
  byte[] config() throws NativeException {
    return read("config", activeIndex(), RouterLayout.CONFIG_BYTES);
  }

  MacAddress gatewayMac() throws NativeException {
    int from = RouterLayout.CONFIG_GATEWAY_MAC_OFFSET;
    return new MacAddress(Arrays.copyOfRange(config(), from, from + 6));
  }

  /** Writes the entry that is not in force, then makes it the one in force. */
  void config(byte[] config) throws NativeException {
    int next = 1 - activeIndex();
    Libbpf.update(map("config"), RouterLayout.index(next), config);
    Libbpf.update(map("active"), RouterLayout.index(0), RouterLayout.index(next));
  }

  private int activeIndex() throws NativeException {
    return RouterLayout.wrap(read("active", 0, Integer.BYTES)).getInt() & 1;
  }

  RouterLayout.Peer peer(int id) throws NativeException {
    return RouterLayout.Peer.of(read("peers", id, RouterLayout.PEER_BYTES));
  }

  void peer(int id, RouterLayout.Peer peer) throws NativeException {
    Libbpf.update(map("peers"), RouterLayout.index(id), peer.toBytes());
  }

  /** Replaces the list of believed tunnel sources: first what is new, then what is gone. */
  void peerAddresses(Map<Integer, byte[]> addressById) throws NativeException {
    Set<ByteBuffer> wanted = new HashSet<>();
    for (Map.Entry<Integer, byte[]> entry : addressById.entrySet()) {
      wanted.add(ByteBuffer.wrap(entry.getValue()));
      Libbpf.update(map("peer_addresses"), entry.getValue(), RouterLayout.index(entry.getKey()));
    }
    for (byte[] known : keys("peer_addresses", Integer.BYTES, RouterLayout.NODES)) {
      if (!wanted.contains(ByteBuffer.wrap(known))) {
        Libbpf.delete(map("peer_addresses"), known);
      }
    }
  }

  long word(String map, int index) throws NativeException {
    return RouterLayout.wrap(read(map, index, Long.BYTES)).getLong();
  }

  void word(String map, int index, long value) throws NativeException {
    Libbpf.update(map(map), RouterLayout.index(index), RouterLayout.word(value));
  }

  /** Exchanges the table as a whole: every packet sees the old one or the new one. */
  void table(MaglevTable table) throws IOException {
    int fresh = Libbpf.createArray("spike_rows", RouterLayout.ROW_BYTES, MaglevTable.ROWS);
    try {
      ByteBuffer keys =
          ByteBuffer.allocate(MaglevTable.ROWS * Integer.BYTES).order(ByteOrder.nativeOrder());
      for (int row = 0; row < MaglevTable.ROWS; row++) {
        keys.putInt(row);
      }
      Libbpf.updateBatch(
          fresh, keys.array(), table.toBytes(ByteOrder.nativeOrder()), MaglevTable.ROWS);
      Files.deleteIfExists(pins.tableNext());
      Libbpf.pin(fresh, pins.tableNext());
      Libbpf.update(map("ring"), RouterLayout.index(0), RouterLayout.index(fresh));
      Files.move(pins.tableNext(), pins.table(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Libc.close(fresh);
    }
  }

  /** The digest of the table in force as read from the kernel; empty when there is none. */
  Optional<String> tableDigest() throws NativeException {
    if (!Files.exists(pins.table())) {
      return Optional.empty();
    }
    Optional<byte[]> inForce = Libbpf.lookup(map("ring"), RouterLayout.index(0), Integer.BYTES);
    int table = Libbpf.open(pins.table());
    try {
      int pinned = Libbpf.info(table).getInt(Integer.BYTES);
      if (inForce.isEmpty() || RouterLayout.wrap(inForce.get()).getInt() != pinned) {
        return Optional.empty();
      }
      byte[] rows =
          Libbpf.lookupBatch(table, Integer.BYTES, RouterLayout.ROW_BYTES, MaglevTable.ROWS);
      ByteBuffer in = RouterLayout.wrap(rows);
      ByteBuffer out = ByteBuffer.allocate(rows.length).order(ByteOrder.LITTLE_ENDIAN);
      while (in.hasRemaining()) {
        out.putShort(in.getShort());
      }
      return Optional.of(MaglevTable.digest(out.array()));
    } finally {
      Libc.close(table);
    }
  }

  /** Flows that were forwarded, are not closed, and were seen within some seconds. */
  int livePins(long withinSeconds, long nowSeconds) throws NativeException {
    int live = 0;
    for (byte[] key : keys("pins", RouterLayout.FLOW_BYTES, PINS_WALKED_MAX)) {
      Optional<byte[]> value = Libbpf.lookup(map("pins"), key, RouterLayout.PIN_BYTES);
      if (value.isPresent()) {
        RouterLayout.Pin pin = RouterLayout.Pin.of(value.get());
        boolean closed = (pin.flags() & RouterLayout.PIN_CLOSED) != 0;
        live += !closed && nowSeconds - pin.seenSeconds() <= withinSeconds ? 1 : 0;
      }
    }
    return live;
  }

  /** Forgets pins of closed flows that were last seen before some time. */
  int sweepPins(long closedForSeconds, long nowSeconds) throws NativeException {
    int swept = 0;
    for (byte[] key : keys("pins", RouterLayout.FLOW_BYTES, PINS_WALKED_MAX)) {
      Optional<byte[]> value = Libbpf.lookup(map("pins"), key, RouterLayout.PIN_BYTES);
      if (value.isPresent()) {
        RouterLayout.Pin pin = RouterLayout.Pin.of(value.get());
        if ((pin.flags() & RouterLayout.PIN_CLOSED) != 0
            && nowSeconds - pin.seenSeconds() > closedForSeconds) {
          Libbpf.delete(map("pins"), key);
          swept++;
        }
      }
    }
    return swept;
  }

  private static final int PINS_WALKED_MAX = 1 << 20;

  private Iterable<byte[]> keys(String name, int keyBytes, int max) throws NativeException {
    // The next key is taken before the caller may delete the present one.
    List<byte[]> keys = new ArrayList<>();
    Optional<byte[]> key = Libbpf.nextKey(map(name), new byte[0], keyBytes);
    while (key.isPresent() && keys.size() < max) {
      keys.add(key.get());
      key = Libbpf.nextKey(map(name), key.get(), keyBytes);
    }
    return keys;
  }

  /** All counters, summed over the processors, by name. */
  Map<String, Long> counters() throws NativeException {
    Map<String, Long> counters = new TreeMap<>();
    int bytes = Libbpf.possibleCpus() * Long.BYTES;
    for (RouterCounter counter : RouterCounter.values()) {
      ByteBuffer values = RouterLayout.wrap(read("counters", counter.number(), bytes));
      long sum = 0;
      while (values.hasRemaining()) {
        sum += values.getLong();
      }
      counters.put(counter.label(), sum);
    }
    return counters;
  }

  private byte[] read(String name, int index, int bytes) throws NativeException {
    return Libbpf.lookup(map(name), RouterLayout.index(index), bytes)
        .orElseThrow(
            () ->
                new NativeException(
                    "entry " + index + " of the map " + name, NativeException.ENOENT));
  }

  private int map(String name) {
    Integer descriptor = descriptors.get(name);
    if (descriptor == null) {
      throw new IllegalStateException("the map " + name + " is not open");
    }
    return descriptor;
  }

  @Override
  public void close() {
    descriptors.values().forEach(Libc::close);
    descriptors.clear();
  }
}
