package io.breakwater.agent.instrumentation.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class OnnxRuntimeInstrumentationTest {
  private final List<Target> targets = new OnnxRuntimeInstrumentation().targets();

  private static List<String> matches(Target target, Class<?> owner) {
    assertThat(target.className()).isEqualTo(owner.getName());
    List<String> found = new ArrayList<>();
    for (Method method : owner.getDeclaredMethods()) {
      String descriptor =
          MethodType.methodType(method.getReturnType(), method.getParameterTypes())
              .toMethodDescriptorString();
      if (target.matches(method.getName(), descriptor)) {
        found.add(method.getParameterCount() + " " + method.getParameterTypes()[0].getSimpleName());
      }
    }
    return found;
  }

  @Test
  void tests_runAgainstTheVersionTheyAreMeantFor() {
    assertThat(OrtEnvironment.getEnvironment().getVersion())
        .isEqualTo(System.getProperty("onnxruntime.version"));
  }

  @Test
  void run_isSeenOnceAtItsWidestOverload() {
    assertThat(matches(targets.get(0), OrtSession.class)).containsExactly("4 Map");
  }

  @Test
  void createSession_isSeenOnceForEachKindOfSource() {
    assertThat(matches(targets.get(1), OrtEnvironment.class))
        .containsExactlyInAnyOrder("3 String", "3 byte[]", "3 ByteBuffer");
  }

  @Test
  void agent_findsItAndItsAdvice() throws ReflectiveOperationException {
    List<String> names = new ArrayList<>();
    ServiceLoader.load(Instrumentation.class).forEach(each -> names.add(each.name()));
    assertThat(names).contains("onnxruntime");
    for (Target target : targets) {
      Class.forName(target.adviceClass());
    }
  }
}
