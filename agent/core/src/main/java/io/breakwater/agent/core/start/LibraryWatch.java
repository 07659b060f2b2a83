package io.breakwater.agent.core.start;

import io.breakwater.agent.core.instrument.Instrumenter;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the name of every class that is loaded, and nothing more, until one is a known
 * library's: then the rest of the agent is loaded, and the class is patched on the spot. Only where
 * a type has been loaded whose subtypes are of interest are the super types of all later classes
 * looked at.
 *
 * <p>The one lock covers the loading of the agent's own classes, which asks no loader of the host;
 * none is held while a class is patched. Hence it cannot close a circle with the locks of the
 * host's class loaders, whatever they are.
 */
final class LibraryWatch implements ClassFileTransformer {
  /** Internal names of all classes that instrumentations name. */
  static final String[] CLASSES = {
    "ai/catboost/CatBoostModel",
    "ai/djl/inference/Predictor",
    "ai/onnxruntime/OrtEnvironment",
    "ai/onnxruntime/OrtSession",
    "com/anthropic/services/async/MessageServiceAsyncImpl",
    "com/anthropic/services/blocking/MessageServiceImpl",
    "com/openai/services/async/EmbeddingServiceAsyncImpl",
    "com/openai/services/async/ResponseServiceAsyncImpl",
    "com/openai/services/async/chat/ChatCompletionServiceAsyncImpl",
    "com/openai/services/blocking/EmbeddingServiceImpl",
    "com/openai/services/blocking/ResponseServiceImpl",
    "com/openai/services/blocking/chat/ChatCompletionServiceImpl",
    "dev/langchain4j/model/chat/ChatModel",
    "dev/langchain4j/model/chat/StreamingChatModel",
    "hex/genmodel/MojoModel",
    "hex/genmodel/easy/EasyPredictModelWrapper",
    "io/breakwater/api/Breakwater",
    "io/github/metarank/lightgbm4j/LGBMBooster",
    "ml/dmlc/xgboost4j/java/Booster",
    "ml/dmlc/xgboost4j/java/DMatrix",
    "org/springframework/ai/anthropic/AnthropicChatModel",
    "org/springframework/ai/azure/openai/AzureOpenAiChatModel",
    "org/springframework/ai/bedrock/converse/BedrockProxyChatModel",
    "org/springframework/ai/deepseek/DeepSeekChatModel",
    "org/springframework/ai/google/genai/GoogleGenAiChatModel",
    "org/springframework/ai/mistralai/MistralAiChatModel",
    "org/springframework/ai/ollama/OllamaChatModel",
    "org/springframework/ai/openai/OpenAiChatModel",
    "org/springframework/ai/vertexai/gemini/VertexAiGeminiChatModel",
    "org/tribuo/Model",
  };

  /** What the names of libraries' classes begin with whose super types are looked at. */
  static final String[] HOMES = {"ai/djl/", "org/tribuo/"};

  private static final ClassLoader OWN = LibraryWatch.class.getClassLoader();

  private final Set<String> known = new HashSet<>(Arrays.asList(CLASSES));
  private final Callable<Instrumenter> start;
  private final BiConsumer<String, Throwable> problems;
  private volatile @Nullable Instrumenter instrumenter;
  private boolean started;

  /**
   * A watch.
   *
   * @param start starts the rest of the agent; called once at most
   * @param problems told what could not be done, and why
   */
  LibraryWatch(Callable<Instrumenter> start, BiConsumer<String, Throwable> problems) {
    this.start = start;
    this.problems = problems;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> classBeingRedefined,
      @Nullable ProtectionDomain protectionDomain,
      byte[] classFile) {
    if (className == null || loader == null) {
      return null;
    }
    if (known.contains(className)) {
      return patch(loader, className, classFile, true);
    }
    return mayBeSubtype(loader, className) ? patch(loader, className, classFile, false) : null;
  }

  private boolean mayBeSubtype(ClassLoader loader, String className) {
    for (String home : HOMES) {
      if (className.startsWith(home)) {
        return true;
      }
    }
    Instrumenter running = instrumenter;
    return running != null
        && running.looksAtSuperTypes()
        && loader != OWN
        && loader.getParent() != OWN;
  }

  private byte @Nullable [] patch(
      ClassLoader loader, String className, byte[] classFile, boolean named) {
    try {
      Instrumenter patching = instrumenter();
      if (patching == null) {
        return null;
      }
      byte[] patched = patching.patch(loader, className, classFile);
      if (patched == null && named) {
        problems.accept(
            className.replace('/', '.') + " is not seen: none of its methods is known", null);
      }
      return patched;
    } catch (Throwable t) { // the class has to load, seen or not
      if (named) {
        problems.accept(className.replace('/', '.') + " is not seen", t);
      }
      return null;
    }
  }

  private @Nullable Instrumenter instrumenter() throws Exception {
    Instrumenter running = instrumenter;
    return running != null ? running : startOnce();
  }

  private synchronized @Nullable Instrumenter startOnce() throws Exception {
    if (!started) {
      started = true; // what failed once is not tried at every class
      instrumenter = start.call();
    }
    return instrumenter;
  }
}
