package dev.spike.node.router;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** An Ethernet address. */
final class MacAddress {
  static final MacAddress UNKNOWN = new MacAddress(new byte[6]);
  private static final HexFormat TEXT = HexFormat.ofDelimiter(":");

  private final byte[] bytes;

  MacAddress(byte[] bytes) {
    if (bytes.length != 6) {
      throw new IllegalArgumentException("an Ethernet address has 6 bytes, not " + bytes.length);
    }
    this.bytes = bytes.clone();
  }

  /** Reads the form {@code 0a:1b:2c:3d:4e:5f}. */
  static MacAddress parse(String text) {
    return new MacAddress(TEXT.parseHex(text.toLowerCase(Locale.ROOT)));
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MacAddress mac && Arrays.equals(bytes, mac.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return TEXT.formatHex(bytes);
  }
}
