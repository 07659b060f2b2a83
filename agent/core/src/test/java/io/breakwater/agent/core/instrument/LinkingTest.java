package io.breakwater.agent.core.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.bootstrap.Hook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Patched methods and the real hook, where linking a call fails. */
class LinkingTest {
  private static int seen;

  private final PatchingClassLoader loader =
      new PatchingClassLoader(
          name -> name.startsWith(Shapes.class.getName()),
          name -> name.equals("plain"),
          Hook.class.getName().replace('.', '/'));

  static void see(Object result, long startNanos, Object self, Object arg0) {
    seen++;
  }

  @AfterEach
  void unlink() {
    Hook.linker = null;
    seen = 0;
  }

  /** Fails a number of times, and then links. */
  private static Function<Object[], Object> linkerThatFails(int times, Error failure)
      throws ReflectiveOperationException {
    MethodHandle see =
        MethodHandles.lookup()
            .findStatic(
                LinkingTest.class,
                "see",
                MethodType.methodType(
                    void.class, Object.class, long.class, Object.class, Object.class));
    int[] failures = {0};
    return site -> {
      if (failures[0]++ < times) {
        throw failure;
      }
      return see;
    };
  }

  private void callThreeTimes() throws ReflectiveOperationException {
    Object patched = loader.loadClass(Shapes.class.getName()).getConstructor().newInstance();
    for (int call = 0; call < 3; call++) {
      Object answer = patched.getClass().getMethod("plain", Object.class).invoke(patched, "in");
      assertThat(answer).isEqualTo("in");
    }
  }

  @Test
  void wantOfStack_isNoMatterOfTheCallersAndLinkingIsTriedAgain() throws Exception {
    Hook.linker = linkerThatFails(2, new StackOverflowError());
    callThreeTimes();

    assertThat(seen).isEqualTo(1);
  }

  @Test
  void wantOfMemory_isNoMatterOfTheCallersAndLinkingIsTriedAgain() throws Exception {
    Hook.linker = linkerThatFails(1, new OutOfMemoryError());
    callThreeTimes();

    assertThat(seen).isEqualTo(2);
  }

  @Test
  void anyOtherFailure_isFinal() throws Exception {
    Hook.linker = linkerThatFails(1, new LinkageError());
    callThreeTimes();

    assertThat(seen).isZero();
  }
}
