package io.breakwater.agent.instrumentation.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LangChain4jInstrumentationTest {
  @Test
  void tests_runAgainstTheVersionTheyAreMeantFor() {
    assertThat(ChatModel.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .endsWith("/langchain4j-core-" + System.getProperty("langchain4j.version") + ".jar");
  }

  @Test
  void chat_isSeenWholeAndStreamed() throws Exception {
    Set<String> seen = new TreeSet<>();
    for (Target target : new LangChain4jInstrumentation().targets()) {
      Class<?> model = Class.forName(target.className());
      for (Method method : model.getDeclaredMethods()) {
        String descriptor =
            MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .toMethodDescriptorString();
        if (target.matches(method.getName(), descriptor)) {
          assertThat(method.isDefault()).isTrue();
          seen.add(model.getSimpleName() + "." + method.getName());
        }
      }
      Class.forName(target.adviceClass());
    }

    assertThat(seen).contains("ChatModel.chat", "StreamingChatModel.chat");
  }

  @Test
  void agent_findsIt() {
    List<String> names = new ArrayList<>();
    ServiceLoader.load(Instrumentation.class).forEach(each -> names.add(each.name()));

    assertThat(names).contains("langchain4j");
  }
}
