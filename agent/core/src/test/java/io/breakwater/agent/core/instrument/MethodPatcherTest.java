package io.breakwater.agent.core.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MethodPatcherTest {
  private static final List<Object> INPUTS =
      Collections.unmodifiableList(
          Arrays.asList(null, "", "a", "c", "text", 0, 1, 42, -3, 1_000, 'x', 2.5, List.of(1)));

  private final PatchingClassLoader loader =
      new PatchingClassLoader(name -> name.startsWith(Shapes.class.getName()), name -> true);

  @BeforeEach
  @AfterEach
  void forget() {
    TestHook.EVENTS.clear();
    TestHook.failure = null;
  }

  static Stream<String> methods() {
    return Arrays.stream(Shapes.class.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .map(Method::getName)
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void patchedMethod_doesWhatItDid(String name) throws Exception {
    Object original = new Shapes();
    Object patched = loader.loadClass(Shapes.class.getName()).getConstructor().newInstance();

    for (Object input : INPUTS) {
      assertThat(call(patched, name, input)).isEqualTo(call(original, name, input));
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void patchedMethod_doesWhatItDidWhereTheHookFails(String name) throws Exception {
    Object original = new Shapes();
    Object patched = loader.loadClass(Shapes.class.getName()).getConstructor().newInstance();
    TestHook.failure = new IllegalArgumentException("the hook's");

    for (Object input : INPUTS) {
      TestHook.EVENTS.clear();
      assertThat(call(patched, name, input)).isEqualTo(call(original, name, input));
      assertThat(TestHook.EVENTS).isNotEmpty();
    }
  }

  @Test
  void resultOfEveryType_isReturnedWhereTheHookFails() throws Exception {
    Class<?> type = loader.loadClass(Shapes.Typed.class.getName());
    Object patched = type.getConstructor().newInstance();
    TestHook.failure = new IllegalArgumentException("the hook's");

    for (Method method : Shapes.Typed.class.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())) {
        TestHook.EVENTS.clear();
        assertThat(type.getMethod(method.getName()).invoke(patched))
            .as(method.getName())
            .isEqualTo(method.invoke(new Shapes.Typed()));
        assertThat(TestHook.EVENTS).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void patchedMethod_saysOnceHowItEnded(String name) throws Exception {
    Class<?> type = loader.loadClass(Shapes.class.getName());
    Object self = type.getConstructor().newInstance();

    for (Object input : INPUTS) {
      TestHook.EVENTS.clear();
      long before = System.nanoTime();
      Object outcome = raw(self, name, input);
      long after = System.nanoTime();

      TestHook.Event last = TestHook.EVENTS.get(TestHook.EVENTS.size() - 1);
      assertThat(last.name).isEqualTo(outcome instanceof Thrown ? "fail" : "exit");
      assertThat(last.outcome)
          .isSameAs(outcome instanceof Thrown ? ((Thrown) outcome).cause : outcome);
      assertThat(last.self).isSameAs(name.startsWith("static") ? type : self);
      assertThat(last.arg0).isSameAs(input);
      assertThat(last.startNanos - before).isNotNegative();
      assertThat(after - last.startNanos).isNotNegative();
    }
  }

  @Test
  void plainMethod_saysItOnce() throws Exception {
    Object self = loader.loadClass(Shapes.class.getName()).getConstructor().newInstance();
    TestHook.EVENTS.clear();

    raw(self, "plain", "in");

    assertThat(TestHook.EVENTS).hasSize(1);
  }

  @Test
  void constructor_saysWhatItBuilt() throws Exception {
    Class<?> type = loader.loadClass(Shapes.Built.class.getName());
    for (Object input : INPUTS) {
      TestHook.EVENTS.clear();

      Object built = type.getConstructor(Object.class).newInstance(input);

      TestHook.Event last = TestHook.EVENTS.get(TestHook.EVENTS.size() - 1);
      assertThat(last.name).isEqualTo("exit");
      assertThat(last.self).isSameAs(built);
      assertThat(last.arg0).isSameAs(input);
      assertThat(built).hasToString(new Shapes.Built(input).toString());
    }
  }

  @Test
  void patchedClass_keepsItsShape() throws Exception {
    Class<?> patched = loader.loadClass(Shapes.class.getName());

    assertThat(members(patched)).isEqualTo(members(Shapes.class));
    assertThat(patched.getInterfaces()).isEmpty();
  }

  @Test
  void stackTrace_endsWhereItDid() throws Exception {
    Object patched = loader.loadClass(Shapes.class.getName()).getConstructor().newInstance();

    Throwable original = ((Thrown) raw(new Shapes(), "throwsUp", null)).cause;
    Throwable seen = ((Thrown) raw(patched, "throwsUp", null)).cause;

    assertThat(seen.getStackTrace()[0].getLineNumber())
        .isEqualTo(original.getStackTrace()[0].getLineNumber());
  }

  private static List<String> members(Class<?> type) {
    List<String> members = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      members.add(Modifier.toString(method.getModifiers()) + " " + method.getName());
    }
    Arrays.stream(type.getDeclaredFields()).forEach(field -> members.add(field.toString()));
    members.sort(Comparator.naturalOrder());
    return members;
  }

  private static String call(Object self, String name, Object input) throws Exception {
    return String.valueOf(raw(self, name, input));
  }

  private static Object raw(Object self, String name, Object input) throws Exception {
    try {
      return self.getClass().getMethod(name, Object.class).invoke(self, input);
    } catch (InvocationTargetException e) {
      return new Thrown(e.getCause());
    }
  }

  private static final class Thrown {
    final Throwable cause;

    Thrown(Throwable cause) {
      this.cause = cause;
    }

    @Override
    public String toString() {
      return cause.getClass().getName() + ":" + cause.getStackTrace()[0].getMethodName();
    }
  }
}
