package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.core.provider.ProviderException;
import org.junit.jupiter.api.Test;

class RouterNumbersTest {
  private static JsonNode nodes(String json) throws Exception {
    return new ObjectMapper().readTree(json);
  }

  @Test
  void aNodeKeepsItsNumberAndAnotherMachineOfItsNameGetsOneThatNoneHasHad() throws Exception {
    RouterNumbers numbers =
        RouterNumbers.of(
            nodes(
                """
                [{"id": 1, "name": "a-1", "address": "10.0.0.1"},
                 {"id": 3, "name": "b-1", "address": "10.0.1.1"}]"""),
            3);

    assertThat(numbers.of("a-1", "10.0.0.1")).isEqualTo(1);
    assertThat(numbers.of("b-1", "10.0.1.9")).isEqualTo(4);
    assertThat(numbers.of("b-2", "10.0.1.2")).isEqualTo(5);
    assertThat(numbers.last()).isEqualTo(5);
  }

  @Test
  void afterTheLargestNumberThoseThatAreFreeAreUsedAgain() throws Exception {
    RouterNumbers numbers =
        RouterNumbers.of(
            nodes("[{\"id\": 1, \"name\": \"a-1\", \"address\": \"10.0.0.1\"}]"),
            RouterNumbers.MAX);

    assertThat(numbers.of("a-2", "10.0.0.2")).isEqualTo(2);
    for (int i = 3; i <= RouterNumbers.MAX; i++) {
      assertThat(numbers.of("a-" + i, "10.0.0." + i)).isEqualTo(i);
    }
    assertThatThrownBy(() -> numbers.of("z-1", "10.9.9.9"))
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("1023");
  }
}
