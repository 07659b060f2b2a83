package io.breakwater.agent.core.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.agent.bootstrap.Hook;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AroundPatcherTest {
  private final Around around = new Around();

  /** Calls to be patched. */
  public interface Calls {
    /** A default method, as interfaces of libraries have them. */
    default String joined(long count, String text, StringBuilder to) {
      return to.append(text).append(count).toString();
    }

    static String fixed(String text) {
      return text;
    }

    default int length(String text) {
      return text.length();
    }

    default double all(boolean a, byte b, char c, short d, int e, long f, float g, double h) {
      return h;
    }

    default void append(StringBuilder to) {
      to.append("!");
    }

    default Object choice(Object what) {
      while (what instanceof Integer) { // a frame at the first instruction
        what = what.equals(1) ? "one" : "many";
      }
      return what;
    }
  }

  /** Notes what it sees, and changes what it is told to. */
  private static final class Around implements AroundAdvice {
    final List<String> seen = new ArrayList<>();
    Object argument0;
    Object argument1;
    Object result;
    boolean follows = true;
    RuntimeException failure;
    Object[] arguments;

    @Override
    public Object enter(Object self, Object[] arguments) {
      this.arguments = arguments;
      note("enter", arguments.length);
      arguments[0] = argument0 == null ? arguments[0] : argument0;
      if (argument1 != null) {
        arguments[1] = argument1;
      }
      return follows ? "call" : null;
    }

    @Override
    public Object exit(Object call, Object returned) {
      note(call, returned);
      return result == null ? returned : result;
    }

    @Override
    public void fail(Object call, Throwable thrown) {
      note(call, thrown.getClass().getSimpleName());
    }

    private void note(Object what, Object detail) {
      seen.add(what + " " + detail);
      if (failure != null) {
        throw failure;
      }
    }
  }

  @BeforeEach
  void link() {
    AroundHook.advice = around;
  }

  private static Object call(String method, Object... arguments) throws Throwable {
    return callLinkedBy(AroundHook.NAME, method, arguments);
  }

  private static Object callLinkedBy(String hook, String method, Object... arguments)
      throws Throwable {
    PatchingClassLoader loader =
        new PatchingClassLoader(
            name -> name.startsWith(Calls.class.getName()),
            name -> !name.equals("<init>"),
            hook,
            true);
    Class<?> calls = loader.loadClass(Calls.class.getName());
    Object proxy =
        java.lang.reflect.Proxy.newProxyInstance(
            loader,
            new Class<?>[] {calls},
            (self, called, given) -> {
              throw new UnsupportedOperationException();
            });
    for (java.lang.reflect.Method each : calls.getDeclaredMethods()) {
      if (each.getName().equals(method)) {
        return java.lang.invoke.MethodHandles.privateLookupIn(
                calls, java.lang.invoke.MethodHandles.lookup())
            .unreflectSpecial(each, calls)
            .bindTo(proxy)
            .invokeWithArguments(arguments);
      }
    }
    throw new AssertionError(method);
  }

  @Test
  void nothingChanged_isAsWithout() throws Throwable {
    assertThat(call("joined", 3L, "a", new StringBuilder("x"))).isEqualTo("xa3");
    assertThat(call("length", "four")).isEqualTo(4);
    StringBuilder to = new StringBuilder();
    call("append", to);

    assertThat(to).hasToString("!");
    assertThat(around.seen)
        .containsExactly("enter 3", "call xa3", "enter 1", "call 4", "enter 1", "call null");
  }

  @Test
  void argumentsAndResult_areReplaced() throws Throwable {
    around.argument1 = "b";
    around.result = "other";

    StringBuilder to = new StringBuilder();
    assertThat(call("joined", 3L, "a", to)).isEqualTo("other");
    assertThat(to).hasToString("b3");
  }

  @Test
  void primitives_areSeenBoxedAndKeepTheirValues() throws Throwable {
    around.argument0 = 9L;

    assertThat(call("joined", 3L, "a", new StringBuilder())).isEqualTo("a3");
    assertThat(around.arguments[0]).isEqualTo(9L);
    around.argument0 = null;
    around.result = 5;
    assertThat(call("all", true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6.0)).isEqualTo(6.0);
    assertThat(around.arguments).containsExactly(true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6.0);
  }

  @Test
  void frameAtTheFirstInstruction_staysTrue() throws Throwable {
    assertThat(call("choice", 2)).isEqualTo("many");
    around.argument0 = 1;
    assertThat(call("choice", 2)).isEqualTo("one");
  }

  @Test
  void ofAnotherType_isNotTaken() throws Throwable {
    around.argument1 = 7;
    around.result = 8;

    assertThat(call("joined", 3L, "a", new StringBuilder())).isEqualTo("a3");
  }

  @Test
  void callThatIsNotFollowed_isLeftAlone() throws Throwable {
    around.follows = false;
    around.result = "other";

    assertThat(call("choice", "x")).isEqualTo("x");
    assertThat(around.seen).containsExactly("enter 1");
  }

  @Test
  void failure_isSeenAndThrown() {
    assertThatThrownBy(() -> call("length", (Object) null))
        .isInstanceOf(NullPointerException.class);
    assertThat(around.seen).containsExactly("enter 1", "call NullPointerException");
  }

  @Test
  void failureOfTheAdvice_isNoMatterOfTheCaller() throws Throwable {
    around.failure = new IllegalStateException();

    assertThat(call("joined", 3L, "a", new StringBuilder())).isEqualTo("a3");
    assertThatThrownBy(() -> call("length", (Object) null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void callThatCannotBeLinked_isAsWithout() throws Throwable {
    assertThat(callLinkedBy(Hook.class.getName().replace('.', '/'), "choice", 1)).isEqualTo("one");
    assertThat(callLinkedBy(Hook.class.getName().replace('.', '/'), "length", "four")).isEqualTo(4);
  }

  @Test
  void staticMethod_isSeenWithItsClass() throws Exception {
    PatchingClassLoader loader =
        new PatchingClassLoader(
            name -> name.startsWith(Calls.class.getName()),
            name -> name.equals("fixed"),
            AroundHook.NAME,
            true);
    around.argument0 = "put";

    try {
      assertThat(
              loader
                  .loadClass(Calls.class.getName())
                  .getMethod("fixed", String.class)
                  .invoke(null, "in"))
          .isEqualTo("put");
    } catch (InvocationTargetException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
