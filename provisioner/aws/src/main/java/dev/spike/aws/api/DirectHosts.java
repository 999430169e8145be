package dev.spike.aws.api;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code NO_PROXY} names, as curl and Go's {@code net/http} read it: {@code *} for all, a host
 * with those below it, an address, a network as {@code ADDRESS/BITS}; host and address also with
 * {@code :PORT} where only that port is meant. Networks are for endpoints that are given as an
 * address: no name is looked up for them. This machine is always meant.
 */
public record DirectHosts(List<Entry> entries) {
  /** Only this machine. */
  public static final DirectHosts NONE = new DirectHosts(List.of());

  private static final Pattern NETWORK = Pattern.compile("([^/]+)/(\\d{1,3})");
  private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]+]|[^:\\[\\]]+):(\\d{1,5})");

  public DirectHosts {
    entries = List.copyOf(entries);
  }

  /** One thing that is reached directly. */
  sealed interface Entry {}

  /** Every host. */
  record All() implements Entry {}

  /**
   * A host and those below it.
   *
   * @param name in lower case, without a dot before it
   * @param port empty for every port
   */
  record Below(String name, Optional<Integer> port) implements Entry {}

  /**
   * The addresses whose first bits are those of an address.
   *
   * @param port empty for every port
   */
  record Network(InetAddress address, int bits, Optional<Integer> port) implements Entry {
    boolean has(InetAddress other) {
      byte[] ours = address.getAddress();
      byte[] theirs = other.getAddress();
      int whole = bits / Byte.SIZE;
      if (ours.length != theirs.length || !Arrays.equals(ours, 0, whole, theirs, 0, whole)) {
        return false;
      }
      int rest = bits % Byte.SIZE;
      return rest == 0 || (ours[whole] ^ theirs[whole]) >> (Byte.SIZE - rest) == 0;
    }
  }

  /** Reads the variable's value; entries are separated by commas, blanks or bars. */
  static DirectHosts of(String value) {
    return new DirectHosts(
        Stream.of(value.toLowerCase(Locale.ROOT).split("[,\\s|]+"))
            .filter(entry -> !entry.isEmpty())
            .map(DirectHosts::entry)
            .toList());
  }

  private static Entry entry(String text) {
    if (text.equals("*")) {
      return new All();
    }
    Matcher network = NETWORK.matcher(text);
    if (network.matches()) {
      Optional<InetAddress> address = address(network.group(1));
      int bits = Integer.parseInt(network.group(2));
      if (address.isPresent() && bits <= address.get().getAddress().length * Byte.SIZE) {
        return new Network(address.get(), bits, Optional.empty());
      }
    }
    Matcher ported = WITH_PORT.matcher(text);
    boolean has = ported.matches();
    String host = has ? ported.group(1) : text;
    Optional<Integer> port =
        has ? Optional.of(Integer.parseInt(ported.group(2))) : Optional.empty();
    return address(host)
        .<Entry>map(address -> new Network(address, address.getAddress().length * Byte.SIZE, port))
        .orElseGet(() -> new Below(host.replaceFirst("^\\*?\\.", ""), port));
  }

  /** Whether an endpoint is reached directly; an IPv6 address may be in brackets. */
  boolean has(String endpoint, int port) {
    String host = endpoint.toLowerCase(Locale.ROOT);
    Optional<InetAddress> address = address(host);
    if (address.isPresent()
        ? address.get().isLoopbackAddress()
        : host.equals("localhost") || host.endsWith(".localhost")) {
      return true;
    }
    return entries.stream()
        .anyMatch(
            entry ->
                switch (entry) {
                  case All all -> true;
                  case Below(String name, Optional<Integer> only) ->
                      at(only, port)
                          && (host.equals(name)
                              || (address.isEmpty() && host.endsWith("." + name)));
                  case Network network ->
                      at(network.port(), port) && address.filter(network::has).isPresent();
                });
  }

  private static boolean at(Optional<Integer> only, int port) {
    return only.isEmpty() || only.get() == port;
  }

  /** The address that a text is; a name is none and is not looked up. */
  private static Optional<InetAddress> address(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (!bare.contains(":") && !bare.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(bare));
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }
}
