package dev.spike.node.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private static final ByteBufAllocator HEAP = UnpooledByteBufAllocator.DEFAULT;

  private final List<String> seen = new ArrayList<>();
  private final FrameReader server =
      new FrameReader(
          true,
          200,
          new FrameReader.Sink() {
            @Override
            public void text(byte[] utf8) {
              seen.add("text " + new String(utf8, StandardCharsets.UTF_8));
            }

            @Override
            public void ping(byte[] payload) {
              seen.add("ping " + payload.length);
            }

            @Override
            public void pong() {
              seen.add("pong");
            }

            @Override
            public void closed(int code, String reason) {
              seen.add("closed " + code);
            }

            @Override
            public void violation(int code, String reason) {
              seen.add("violation " + code);
            }
          });

  @Test
  void aMessageThatArrivesByteByByteIsWhole() {
    ByteBuf frame = Frames.text(HEAP, "grüße", true);
    while (frame.isReadable()) {
      server.read(HEAP, frame.readBytes(1));
    }
    frame.release();
    assertThat(seen).containsExactly("text grüße");
  }

  @Test
  void anUnmaskedFrameOfAClientIsAViolation() {
    server.read(HEAP, Frames.text(HEAP, "x", false));
    assertThat(seen).containsExactly("violation 1002");
  }

  @Test
  void anOversizedFrameIsRefusedByItsHeaderAlone() {
    server.read(HEAP, Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, (byte) 0xFE, 0, (byte) 201}));
    assertThat(seen).containsExactly("violation 1009");
  }

  @Test
  void badUtf8IsRefusedAndNothingAfterItIsRead() {
    server.read(HEAP, Frames.text(HEAP, new byte[] {(byte) 0xC0, (byte) 0x80}, true));
    server.read(HEAP, Frames.text(HEAP, "later", true));
    assertThat(seen).containsExactly("violation 1007");
  }

  @Test
  void aBinaryMessageIsNotPartOfTheProtocol() {
    server.read(HEAP, Frames.frame(HEAP, Frames.BINARY, new byte[1], true));
    assertThat(seen).containsExactly("violation 1003");
  }

  @Test
  void aReservedCloseCodeIsAViolation() {
    server.read(HEAP, Frames.close(HEAP, 1005, "", true));
    assertThat(seen).containsExactly("violation 1002");
  }
}
