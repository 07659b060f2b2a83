package io.breakwater.agent.instrumentation.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.models.messages.Message;
import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class AnthropicInstrumentationTest {
  @Test
  void tests_runAgainstTheVersionTheyAreMeantFor() {
    assertThat(Message.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .endsWith("/anthropic-java-core-" + System.getProperty("anthropic-java.version") + ".jar");
  }

  @Test
  void everyMethod_isSeenOnce() throws Exception {
    List<String> seen = new ArrayList<>();
    for (Target target : new AnthropicInstrumentation().targets()) {
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
            "MessageServiceImpl.create",
            "MessageServiceImpl.createStreaming",
            "MessageServiceAsyncImpl.create",
            "MessageServiceAsyncImpl.createStreaming");
  }

  @Test
  void agent_findsIt() {
    List<String> names = new ArrayList<>();
    ServiceLoader.load(Instrumentation.class).forEach(each -> names.add(each.name()));

    assertThat(names).contains("anthropic-java");
  }
}
