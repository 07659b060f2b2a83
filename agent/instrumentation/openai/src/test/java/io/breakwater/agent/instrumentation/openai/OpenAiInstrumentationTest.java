package io.breakwater.agent.instrumentation.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.chat.completions.ChatCompletion;
import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class OpenAiInstrumentationTest {
  @Test
  void tests_runAgainstTheVersionTheyAreMeantFor() {
    assertThat(ChatCompletion.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .endsWith("/openai-java-core-" + System.getProperty("openai-java.version") + ".jar");
  }

  @Test
  void everyMethod_isSeenOnce() throws Exception {
    List<String> seen = new ArrayList<>();
    for (Target target : new OpenAiInstrumentation().targets()) {
      Class<?> service = Class.forName(target.className());
      for (Method method : service.getDeclaredMethods()) {
        String descriptor =
            MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .toMethodDescriptorString();
        if (target.matches(method.getName(), descriptor)) {
          seen.add(service.getSimpleName() + "." + method.getName());
        }
      }
      Class.forName(target.adviceClass());
    }

    assertThat(seen)
        .containsExactlyInAnyOrder(
            "ChatCompletionServiceImpl.create",
            "ChatCompletionServiceImpl.createStreaming",
            "ChatCompletionServiceAsyncImpl.create",
            "ChatCompletionServiceAsyncImpl.createStreaming",
            "ResponseServiceImpl.create",
            "ResponseServiceImpl.createStreaming",
            "ResponseServiceAsyncImpl.create",
            "ResponseServiceAsyncImpl.createStreaming",
            "EmbeddingServiceImpl.create",
            "EmbeddingServiceAsyncImpl.create");
  }

  @Test
  void agent_findsIt() {
    List<String> names = new ArrayList<>();
    ServiceLoader.load(Instrumentation.class).forEach(each -> names.add(each.name()));

    assertThat(names).contains("openai-java");
  }
}
