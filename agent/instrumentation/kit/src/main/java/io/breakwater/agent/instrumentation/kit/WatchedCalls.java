package io.breakwater.agent.instrumentation.kit;

import io.breakwater.agent.core.instrument.Advice;
import io.breakwater.agent.core.instrument.AroundAdvice;
import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.CategoryNames;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Recording;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A recording, and calls that are made as a patched method makes them. */
public final class WatchedCalls {
  private final Drops drops = new Drops();
  private final Recording recording;

  private WatchedCalls(CaptureRules rules) {
    this.recording = Recording.create(rules, 2, () -> 1_000_000_000L, drops, () -> {});
  }

  /** With every feature captured, categories in plain. */
  public static WatchedCalls create() {
    return create(true);
  }

  /** With or without features. */
  public static WatchedCalls create(boolean features) {
    return new WatchedCalls(
        CaptureRules.of(features, Limits.of(64, 50), "service", null, null, List.of())
            .withCategories(CategoryNames.of(feature -> true, feature -> true, "")));
  }

  /** Where advice records. */
  public Recorder recorder() {
    return recording.recorder();
  }

  /** Everything recorded since the last time. */
  public Points points() {
    return Points.of(recording);
  }

  /** How much was dropped, for whatever reason. */
  public long dropped() {
    long all = 0;
    for (Drops.Reason reason : Drops.Reason.values()) {
      all += drops.count(reason);
    }
    return all;
  }

  /** How much was dropped for a reason. */
  public long dropped(Drops.Reason reason) {
    return drops.count(reason);
  }

  /** Makes a call whose advice sees its end. */
  public <T extends @Nullable Object> T call(
      Advice advice, Object self, @Nullable Object arg0, Callable<T> call) throws Exception {
    long start = System.nanoTime();
    T result;
    try {
      result = call.call();
    } catch (Throwable t) {
      advice.fail(start, self, arg0, t);
      throw t;
    }
    advice.exit(start, self, arg0, result);
    return result;
  }

  /** Makes a call whose advice goes around it. */
  public <T extends @Nullable Object> T call(
      AroundAdvice advice, Object self, Callable<T> call, @Nullable Object... arguments)
      throws Exception {
    Object entered = advice.enter(self, arguments);
    T result;
    try {
      result = call.call();
    } catch (Throwable t) {
      if (entered != null) {
        advice.fail(entered, t);
      }
      throw t;
    }
    if (entered != null) {
      advice.exit(entered, result);
    }
    return result;
  }

  /** The methods of a class that an instrumentation's advice of that name sees: with descriptor. */
  public static List<String> seen(
      Instrumentation instrumentation, Class<?> owner, String simpleAdviceName) {
    List<String> found = new ArrayList<>();
    for (Target target : instrumentation.targets()) {
      if (target.adviceClass().endsWith("." + simpleAdviceName)
          && (target.className().equals(owner.getName()) || target.home() != null)) {
        for (Method method : owner.getDeclaredMethods()) {
          add(target, method.getName(), method.getReturnType(), method.getParameterTypes(), found);
        }
        for (Constructor<?> constructor : owner.getDeclaredConstructors()) {
          add(target, "<init>", void.class, constructor.getParameterTypes(), found);
        }
      }
    }
    return found;
  }

  private static void add(
      Target target, String name, Class<?> result, Class<?>[] parameters, List<String> found) {
    String descriptor = MethodType.methodType(result, parameters).toMethodDescriptorString();
    if (target.matches(name, descriptor)) {
      found.add(name + descriptor);
    }
  }
}
