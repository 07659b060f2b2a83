package io.breakwater.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.agent.dist.HostJvm.Result;
import io.breakwater.agent.dist.host.LangChain4jHost;
import io.breakwater.agent.dist.host.OpenAiHost;
import io.breakwater.agent.dist.host.SpringAiHost;
import io.breakwater.agent.llm.kit.VendorServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LLM clients in a JVM of their own: they answer as without the agent, and are seen, once each. */
class SeenLlmCallsTest {
  private static final String COMPLETION =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,"
          + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"logprobs\":null,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello you\"},"
          + "\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,\"total_tokens\":15}}";
  private static final String FAILURE =
      "{\"error\":{\"message\":\"no\",\"type\":\"requests\",\"param\":null,\"code\":\"limit\"}}";

  private static String chunk(String delta, String finishReason) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{"
        + delta
        + "},\"finish_reason\":"
        + finishReason
        + "}]}";
  }

  private static final String[] STREAM = {
    chunk("\"role\":\"assistant\",\"content\":\"\"", "null"),
    chunk("\"content\":\"Hello\"", "null"),
    chunk("\"content\":\" you\"", "null"),
    chunk("", "\"stop\""),
    "data: [DONE]"
  };

  private static VendorServer openAi() throws Exception {
    return VendorServer.start()
        .answers(200, COMPLETION)
        .answers(200, COMPLETION)
        .streams(STREAM)
        .streams(STREAM)
        .answers(429, FAILURE);
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void openAi_isSeenAndAnswersTheSame(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result without;
      try (VendorServer server = openAi()) {
        without = HostJvm.on(jdk).runWithLibraries(OpenAiHost.class, server.url());
      }
      Result with;
      try (VendorServer server = openAi()) {
        with = HostJvm.on(jdk).withAgent(receiver).runWithLibraries(OpenAiHost.class, server.url());
      }

      assertThat(without.out)
          .containsExactly(
              "Hello you", "Hello you", "|Hello| you|", "|Hello| you||", "refused: 429");
      assertSame(with, without);
      assertThat(receiver.calls("gpt-4o")).isEqualTo(5);
      assertThat(receiver.errors("gpt-4o")).isEqualTo(1);
      assertThat(receiver.count("gen_ai.client.operation.duration")).isEqualTo(5);
      assertThat(receiver.count("gen_ai.client.operation.time_to_first_chunk")).isEqualTo(2);
    }
  }

  /** That agent patches the same library. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void openAi_besideTheOpenTelemetryAgent_isSeenAndAnswersTheSame(boolean first) throws Exception {
    String path = System.getProperty("breakwater.otel.agent", "");
    assumeTrue(!path.isEmpty(), "no OpenTelemetry agent: -Pfaults brings one");
    try (Receiver receiver = Receiver.start();
        VendorServer server = openAi()) {
      HostJvm host = HostJvm.on(Jdk.current());
      for (String exporter : List.of("traces", "metrics", "logs")) {
        host.with("-Dotel." + exporter + ".exporter=none");
      }
      if (first) {
        host.with("-javaagent:" + path).withAgent(receiver);
      } else {
        host.withAgent(receiver).with("-javaagent:" + path);
      }
      Result result = host.runWithLibraries(OpenAiHost.class, server.url());

      assertThat(result.out)
          .containsExactly(
              "Hello you", "Hello you", "|Hello| you|", "|Hello| you||", "refused: 429");
      assertThat(result.exitCode).isEqualTo(4);
      assertThat(result.agentLines()).hasSize(1);
      assertThat(receiver.calls("gpt-4o")).isEqualTo(5);
      assertThat(receiver.errors("gpt-4o")).isEqualTo(1);
    }
  }

  private static VendorServer openAiForLangChain4j() throws Exception {
    return VendorServer.start()
        .answers(200, COMPLETION)
        .streams(STREAM)
        .answers(200, COMPLETION)
        .answers(429, FAILURE);
  }

  @Test
  void langChain4j_isSeenAndAnswersTheSame_onceWhereItAsksAnInstrumentedClient() throws Exception {
    Jdk jdk = Jdk.current(); // the library is for Java 17
    try (Receiver receiver = Receiver.start()) {
      Result without;
      try (VendorServer server = openAiForLangChain4j()) {
        without = HostJvm.on(jdk).runWithLibraries(LangChain4jHost.class, server.url());
      }
      Result with;
      try (VendorServer server = openAiForLangChain4j()) {
        with =
            HostJvm.on(jdk)
                .withAgent(receiver)
                .runWithLibraries(LangChain4jHost.class, server.url());
      }

      assertThat(without.out)
          .startsWith("Hello you", "Hello you Hello| you|", "Hello you")
          .last()
          .asString()
          .startsWith("refused");
      assertSame(with, without);
      assertThat(receiver.calls("gpt-4o")).isEqualTo(3);
      assertThat(receiver.errors("gpt-4o")).isEqualTo(1);
      assertThat(receiver.count("gen_ai.client.operation.duration")).isEqualTo(4);
      assertThat(receiver.count("gen_ai.client.operation.time_to_first_chunk")).isEqualTo(1);
      assertThat(receiver.count("ml.inference.duration")).isEqualTo(4);
    }
  }

  private static VendorServer openAiForSpringAi() throws Exception {
    return VendorServer.start().answers(200, COMPLETION).streams(STREAM).answers(429, FAILURE);
  }

  @Test
  void springAi_isSeenAndAnswersTheSame_onceThoughItAsksAnInstrumentedClient() throws Exception {
    Jdk jdk = Jdk.current(); // the library is for Java 17
    try (Receiver receiver = Receiver.start()) {
      Result without;
      try (VendorServer server = openAiForSpringAi()) {
        without = HostJvm.on(jdk).runWithLibraries(SpringAiHost.class, server.url());
      }
      Result with;
      try (VendorServer server = openAiForSpringAi()) {
        with =
            HostJvm.on(jdk).withAgent(receiver).runWithLibraries(SpringAiHost.class, server.url());
      }

      assertThat(without.out)
          .startsWith("Hello you", "Hello| you")
          .last()
          .asString()
          .startsWith("refused");
      assertThat(with.out).isEqualTo(without.out);
      assertThat(with.exitCode).isEqualTo(without.exitCode);
      assertThat(with.agentLines()).hasSize(1);
      assertThat(receiver.calls("gpt-4o")).isEqualTo(3);
      assertThat(receiver.errors("gpt-4o")).isEqualTo(1);
      assertThat(receiver.count("gen_ai.client.operation.duration")).isEqualTo(3);
    }
  }

  private static void assertSame(Result with, Result without) {
    assertThat(with.out).isEqualTo(without.out);
    assertThat(with.exitCode).isEqualTo(without.exitCode);
    assertThat(with.ownErr()).isEqualTo(without.ownErr());
    assertThat(with.agentLines()).hasSize(1);
  }
}
