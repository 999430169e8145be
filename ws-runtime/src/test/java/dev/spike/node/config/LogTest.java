package dev.spike.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class LogTest {
  @Test
  void theInnermostCauseSpeaksAndANameWithoutAddressIsSaidToBeOne() {
    assertThat(Log.words(new IOException("outer", new IOException("inner\nmore"))))
        .isEqualTo("inner");
    assertThat(Log.words(new IOException())).isEqualTo("IOException");
    for (String message :
        new String[] {"b.example.com", "b.example.com: Name or service not known"}) {
      assertThat(Log.words(new IOException(new UnknownHostException(message))))
          .isEqualTo("no address is known for the name b.example.com");
    }
  }
}
