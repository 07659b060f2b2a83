package io.breakwater.agent.dist.host;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.util.stream.Collectors;

/** Asks a model: whole, in a future, and piece by piece; then it is refused. */
public final class OpenAiHost {
  private OpenAiHost() {}

  public static void main(String[] arguments) throws Exception {
    OpenAIClient client =
        OpenAIOkHttpClient.builder().baseUrl(arguments[0]).apiKey("none").maxRetries(0).build();
    ChatCompletionCreateParams params =
        ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage("Hello?").build();
    System.out.println(text(client.chat().completions().create(params)));
    System.out.println(text(client.async().chat().completions().create(params).get()));
    try (StreamResponse<ChatCompletionChunk> response =
        client.chat().completions().createStreaming(params)) {
      System.out.println(response.stream().map(OpenAiHost::text).collect(Collectors.joining("|")));
    }
    StringBuffer pieces = new StringBuffer();
    client
        .async()
        .chat()
        .completions()
        .createStreaming(params)
        .subscribe(chunk -> pieces.append(text(chunk)).append('|'))
        .onCompleteFuture()
        .get();
    System.out.println(pieces);
    try {
      System.out.println(text(client.chat().completions().create(params)));
    } catch (OpenAIServiceException e) {
      System.out.println("refused: " + e.statusCode());
    }
    client.close();
    System.exit(4);
  }

  private static String text(ChatCompletion answer) {
    return answer.choices().get(0).message().content().orElse("nothing");
  }

  private static String text(ChatCompletionChunk chunk) {
    return chunk.choices().stream()
        .map(choice -> choice.delta().content().orElse(""))
        .collect(Collectors.joining());
  }
}
