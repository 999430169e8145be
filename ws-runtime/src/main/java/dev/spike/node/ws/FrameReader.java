package dev.spike.node.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads RFC 6455 frames of one connection. It holds no buffer while no frame is under way, never
 * more than one message plus one frame header, and reports the first violation once; after that it
 * drops what comes.
 */
public final class FrameReader {
  /** What the reader found. */
  public interface Sink {
    /** A whole, valid UTF-8 text message. */
    void text(byte[] utf8);

    /** A ping with its payload. */
    void ping(byte[] payload);

    /** A pong. */
    void pong();

    /** The peer's close frame; 1005 stands for a frame without a code. */
    void closed(int code, String reason);

    /** The peer broke the protocol: the close code to send, and why. */
    void violation(int code, String reason);
  }

  private static final byte[] NOTHING = {};

  private final boolean masked;
  private final int payloadBytesMax;
  private final Sink sink;
  private @Nullable ByteBuf partial;
  private byte @Nullable [] fragments;
  private boolean stopped;

  /** {@code masked} is true on the server's side, where every frame must be masked. */
  public FrameReader(boolean masked, int payloadBytesMax, Sink sink) {
    this.masked = masked;
    this.payloadBytesMax = payloadBytesMax;
    this.sink = sink;
  }

  /** Takes over {@code input} and reports all that is complete in it. */
  public void read(ByteBufAllocator allocator, ByteBuf input) {
    if (stopped) {
      input.release();
      return;
    }
    ByteBuf held = partial;
    if (held != null) {
      held.writeBytes(input);
      input.release();
      input = held;
      partial = null;
    }
    try {
      while (!stopped && input.isReadable() && frame(input)) {}
      if (!stopped && input.isReadable()) {
        partial = allocator.buffer(input.readableBytes() + 16).writeBytes(input);
      }
    } finally {
      input.release();
    }
  }

  /** Frees what is held; nothing is reported after it. */
  public void stop() {
    stopped = true;
    ByteBuf held = partial;
    if (held != null) {
      partial = null;
      held.release();
    }
    fragments = null;
  }

  private boolean violate(int code, String reason) {
    stop();
    sink.violation(code, reason);
    return false;
  }

  /** Reads one frame; false when it is not whole yet or the peer broke the protocol. */
  private boolean frame(ByteBuf in) {
    int start = in.readerIndex();
    int readable = in.readableBytes();
    if (readable < 2) {
      return false;
    }
    int first = in.getUnsignedByte(start);
    int second = in.getUnsignedByte(start + 1);
    boolean last = (first & 0x80) != 0;
    int opcode = first & 0x0F;
    if ((first & 0x70) != 0) {
      return violate(1002, "a reserved bit is set but no extension was agreed");
    }
    if ((second & 0x80) != 0 != masked) {
      return violate(
          1002, masked ? "a client's frame must be masked" : "a server's frame must not be masked");
    }
    long length = second & 0x7F;
    if (opcode >= Frames.CLOSE) {
      if (opcode > Frames.PONG || !last || length > 125) {
        return violate(1002, "a control frame is unknown, fragmented or longer than 125 bytes");
      }
    } else if (opcode > Frames.BINARY) {
      return violate(1002, "opcode " + opcode + " is reserved");
    } else if (opcode == Frames.BINARY) {
      return violate(1003, "binary messages are not part of spike.v1; send JSON text");
    } else if ((opcode == Frames.CONTINUATION) != (fragments != null)) {
      return violate(1002, "a continuation does not fit the frame before it");
    }
    int header = 2;
    if (length == 126) {
      if (readable < 4) {
        return false;
      }
      length = in.getUnsignedShort(start + 2);
      header = 4;
    } else if (length == 127) {
      if (readable < 10) {
        return false;
      }
      length = in.getLong(start + 2);
      header = 10;
    }
    int before = fragments == null ? 0 : fragments.length;
    if (length < 0 || length > payloadBytesMax - before) {
      return violate(1009, "a message is limited to " + payloadBytesMax + " bytes");
    }
    int whole = header + (masked ? 4 : 0) + (int) length;
    if (readable < whole) {
      return false;
    }
    in.skipBytes(header);
    int mask = masked ? in.readInt() : 0;
    byte[] payload = length == 0 ? NOTHING : new byte[(int) length];
    in.readBytes(payload);
    if (mask != 0) {
      unmask(payload, mask);
    }
    return opcode < Frames.CLOSE ? dataFrame(payload, last) : control(opcode, payload);
  }

  private static void unmask(byte[] payload, int mask) {
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= (byte) (mask >>> (24 - ((i & 3) << 3)));
    }
  }

  private boolean dataFrame(byte[] payload, boolean last) {
    byte[] before = fragments;
    byte[] message = payload;
    if (before != null) {
      message = Arrays.copyOf(before, before.length + payload.length);
      System.arraycopy(payload, 0, message, before.length, payload.length);
    }
    if (!last) {
      fragments = message;
      return true;
    }
    fragments = null;
    if (!Utf8.isValid(message)) {
      return violate(1007, "a text message is not valid UTF-8");
    }
    sink.text(message);
    return true;
  }

  private boolean control(int opcode, byte[] payload) {
    switch (opcode) {
      case Frames.PING -> sink.ping(payload);
      case Frames.PONG -> sink.pong();
      default -> {
        return close(payload);
      }
    }
    return true;
  }

  private boolean close(byte[] payload) {
    if (payload.length == 0) {
      stop();
      sink.closed(1005, "");
      return false;
    }
    if (payload.length == 1) {
      return violate(1002, "a close frame of one byte has no meaning");
    }
    int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
    byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
    if (!mayBeSent(code)) {
      return violate(1002, "close code " + code + " must not be sent");
    }
    if (!Utf8.isValid(reason)) {
      return violate(1007, "the reason of a close frame is not valid UTF-8");
    }
    stop();
    sink.closed(code, new String(reason, StandardCharsets.UTF_8));
    return false;
  }

  private static boolean mayBeSent(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }
}
