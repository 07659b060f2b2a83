package io.breakwater.agent.dist.host;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.concurrent.CompletableFuture;

/** Asks LangChain4j's models, whole and piece by piece, and one that asks openai-java. */
public final class LangChain4jHost {
  private LangChain4jHost() {}

  public static void main(String[] arguments) throws Exception {
    ChatModel model =
        OpenAiChatModel.builder()
            .baseUrl(arguments[0])
            .apiKey("none")
            .modelName("gpt-4o")
            .maxRetries(0)
            .build();
    System.out.println(model.chat("Hello?"));
    System.out.println(streamed(arguments[0]));
    System.out.println(overOpenAi(arguments[0]).chat("Hello?"));
    try {
      System.out.println(model.chat("Hello?"));
    } catch (RuntimeException e) {
      System.out.println("refused: " + e.getClass().getName());
    }
    System.exit(4);
  }

  private static String streamed(String url) throws Exception {
    StringBuffer pieces = new StringBuffer();
    CompletableFuture<String> whole = new CompletableFuture<>();
    OpenAiStreamingChatModel.builder()
        .baseUrl(url)
        .apiKey("none")
        .modelName("gpt-4o")
        .build()
        .chat(
            "Hello?",
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String text) {
                pieces.append(text).append('|');
              }

              @Override
              public void onCompleteResponse(ChatResponse complete) {
                whole.complete(complete.aiMessage().text());
              }

              @Override
              public void onError(Throwable failure) {
                whole.completeExceptionally(failure);
              }
            });
    return whole.get() + " " + pieces;
  }

  private static ChatModel overOpenAi(String url) {
    OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(url).apiKey("none").build();
    return new ChatModel() {
      @Override
      public ChatResponse doChat(ChatRequest request) {
        ChatCompletionCreateParams params =
            ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage("Hello?").build();
        String text =
            client.chat().completions().create(params).choices().get(0).message().content().get();
        return ChatResponse.builder().aiMessage(AiMessage.from(text)).modelName("nested").build();
      }
    };
  }
}
