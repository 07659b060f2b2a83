package io.breakwater.agent.dist.host;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/** Asks Spring AI's model, which asks openai-java, whole and piece by piece. */
public final class SpringAiHost {
  private SpringAiHost() {}

  public static void main(String[] arguments) {
    OpenAiChatOptions.Builder options = OpenAiChatOptions.builder();
    options.baseUrl(arguments[0]);
    options.apiKey("none");
    options.model("gpt-4o");
    options.maxRetries(0);
    OpenAiChatModel model = OpenAiChatModel.builder().options(options.build()).build();
    System.out.println(text(model.call(new Prompt("Hello?"))));
    List<String> pieces =
        model.stream(new Prompt("Hello?"))
            .map(SpringAiHost::text)
            .filter(text -> !text.isEmpty())
            .collectList()
            .block();
    System.out.println(Objects.requireNonNull(pieces).stream().collect(Collectors.joining("|")));
    try {
      System.out.println(text(model.call(new Prompt("Hello?"))));
    } catch (RuntimeException e) {
      System.out.println("refused: " + e.getClass().getName());
    }
    System.exit(4);
  }

  private static String text(ChatResponse answer) {
    String text = answer.getResults().isEmpty() ? null : answer.getResult().getOutput().getText();
    return text == null ? "" : text;
  }
}
