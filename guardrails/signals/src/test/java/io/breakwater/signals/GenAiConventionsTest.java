package io.breakwater.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GenAiConventionsTest {
  @Test
  void released_areTheNamesOf141() {
    GenAiConventions released = GenAiConventions.parse("1.41");

    assertThat(released.duration()).hasToString("gen_ai.client.operation.duration");
    assertThat(released.tokenUsage()).hasToString("gen_ai.client.token.usage");
    assertThat(released.timeToFirstChunk())
        .hasToString("gen_ai.client.operation.time_to_first_chunk");
  }

  @Test
  void draft_namesTheInference() {
    GenAiConventions draft = GenAiConventions.parse("draft");

    assertThat(draft.duration()).hasToString("gen_ai.client.inference.duration");
    assertThat(draft.tokenUsage()).hasToString("gen_ai.client.token.usage");
    assertThat(draft.timeToFirstChunk()).hasToString("gen_ai.client.inference.time_to_first_chunk");
  }

  @Test
  void off_hasNone() {
    assertThat(GenAiConventions.OFF.duration()).isNull();
    assertThat(GenAiConventions.OFF.tokenUsage()).isNull();
    assertThat(GenAiConventions.OFF.timeToFirstChunk()).isNull();
  }

  @Test
  void unknownOnes_areRefusedWithWhatIsExpected() {
    assertThatThrownBy(() -> GenAiConventions.parse("1.40"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1.41, draft, off");
  }
}
