package io.breakwater.agent.core.llm;

import static java.util.Objects.requireNonNull;

import io.breakwater.agent.core.record.Limits;
import org.jspecify.annotations.Nullable;

/** What a call asks for, without its texts. Immutable. */
public final class LlmRequest {
  /** {@code gen_ai.operation.name} of a conversation. */
  public static final String CHAT = "chat";

  /** {@code gen_ai.operation.name} of texts made vectors. */
  public static final String EMBEDDINGS = "embeddings";

  private final String operation;
  private final String provider;
  private final String model;
  private final @Nullable String name;
  private final @Nullable String version;

  private LlmRequest(
      String operation,
      String provider,
      String model,
      @Nullable String name,
      @Nullable String version) {
    this.operation = requireNonNull(operation, "operation");
    this.provider = requireNonNull(provider, "provider");
    this.model = Limits.shortened(model);
    this.name = name == null ? null : Limits.shortened(name);
    this.version = version == null ? null : Limits.shortened(version);
  }

  /**
   * A request.
   *
   * @param operation {@link #CHAT} or {@link #EMBEDDINGS}
   * @param provider value of {@code gen_ai.provider.name}
   * @param model the model asked for, empty if the request leaves it to the server
   */
  public static LlmRequest of(String operation, String provider, String model) {
    return new LlmRequest(operation, provider, model, null, null);
  }

  /**
   * This request, with what the caller says it serves.
   *
   * @param modelName name to record it under, null for the model asked for
   * @param modelVersion version, such as that of a prompt; null for the model that answers
   */
  public LlmRequest named(@Nullable String modelName, @Nullable String modelVersion) {
    return new LlmRequest(operation, provider, model, modelName, modelVersion);
  }

  String operation() {
    return operation;
  }

  String provider() {
    return provider;
  }

  String model() {
    return model;
  }

  @Nullable String name() {
    return name;
  }

  @Nullable String version() {
    return version;
  }

  boolean isChat() {
    return operation.equals(CHAT);
  }
}
