package dev.spike.node.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Builds whole RFC 6455 frames; a client's are masked, a server's are not. */
public final class Frames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final byte[] NOTHING = {};

  private Frames() {}

  /** A text frame of UTF-8 bytes. */
  public static ByteBuf text(ByteBufAllocator allocator, byte[] utf8, boolean masked) {
    return frame(allocator, TEXT, utf8, masked);
  }

  /** A text frame. */
  public static ByteBuf text(ByteBufAllocator allocator, CharSequence text, boolean masked) {
    return text(allocator, text.toString().getBytes(StandardCharsets.UTF_8), masked);
  }

  /** An empty ping. */
  public static ByteBuf ping(ByteBufAllocator allocator, boolean masked) {
    return frame(allocator, PING, NOTHING, masked);
  }

  /** A pong that repeats the ping's payload. */
  public static ByteBuf pong(ByteBufAllocator allocator, byte[] payload, boolean masked) {
    return frame(allocator, PONG, payload, masked);
  }

  /** A close frame; the reason is cut to the 123 bytes that fit. */
  public static ByteBuf close(ByteBufAllocator allocator, int code, String reason, boolean masked) {
    byte[] words = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(words.length, 123);
    while (length > 0 && length < words.length && (words[length] & 0xC0) == 0x80) {
      length--;
    }
    byte[] payload = new byte[2 + length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(words, 0, payload, 2, length);
    return frame(allocator, CLOSE, payload, masked);
  }

  /** A frame of any opcode, final; for tests of what a peer must refuse, too. */
  public static ByteBuf frame(
      ByteBufAllocator allocator, int opcode, byte[] payload, boolean masked) {
    int length = payload.length;
    ByteBuf frame = allocator.directBuffer(length + 14);
    frame.writeByte(0x80 | opcode);
    int maskBit = masked ? 0x80 : 0;
    if (length < 126) {
      frame.writeByte(maskBit | length);
    } else if (length < 65_536) {
      frame.writeByte(maskBit | 126).writeShort(length);
    } else {
      frame.writeByte(maskBit | 127).writeLong(length);
    }
    if (!masked) {
      return frame.writeBytes(payload);
    }
    int mask = ThreadLocalRandom.current().nextInt();
    frame.writeInt(mask);
    for (int i = 0; i < length; i++) {
      frame.writeByte(payload[i] ^ (byte) (mask >>> (24 - ((i & 3) << 3))));
    }
    return frame;
  }
}
