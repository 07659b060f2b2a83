package io.breakwater.agent.core.instrument;

import io.breakwater.agent.bootstrap.AgentClassLoader;
import io.breakwater.agent.core.record.Recorder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of the agent that reads and writes class files; loaded when the first class of a known
 * library is.
 *
 * <p>Holds no lock while a class is patched. Safe for use by many threads.
 */
public final class Instrumenter {
  private final Map<String, List<Target>> targets;
  private final Set<String> superTypesWanted;
  private final SuperTypes superTypes;
  private final ClassPatcher patcher;
  private volatile boolean superTypeLoaded;

  Instrumenter(List<Instrumentation> instrumentations, String hook) {
    this.targets = byInternalName(instrumentations);
    this.superTypesWanted = superTypesOf(targets);
    this.superTypes = new SuperTypes(superTypesWanted);
    this.patcher = new ClassPatcher(hook);
  }

  /**
   * Finds the instrumentations and defines the hook.
   *
   * @param recorder asked once, when the hook is in
   * @param problems told what goes wrong later, and why
   * @throws ReflectiveOperationException if the JVM does not let the hook in
   */
  public static Instrumenter start(
      java.lang.instrument.Instrumentation jvm,
      Supplier<Recorder> recorder,
      BiConsumer<String, Throwable> problems)
      throws ReflectiveOperationException {
    byte[] hook = ((AgentClassLoader) Instrumenter.class.getClassLoader()).hookClassFile();
    if (hook == null) {
      throw new IllegalStateException("the agent's jar has no hook: it is damaged");
    }
    Class<?> defined = HookClass.define(jvm, hook);
    CallSiteLinker linker =
        new CallSiteLinker(recorder.get(), access -> open(jvm, access), problems);
    defined.getField("linker").set(null, linker);
    return new Instrumenter(installed(), HookClass.NAME);
  }

  /** What the agent's jar brings along. */
  public static List<Instrumentation> installed() {
    List<Instrumentation> found = new ArrayList<>();
    for (Instrumentation each :
        ServiceLoader.load(Instrumentation.class, Instrumenter.class.getClassLoader())) {
      found.add(each);
    }
    return found;
  }

  private static Map<String, List<Target>> byInternalName(List<Instrumentation> instrumentations) {
    Map<String, List<Target>> targets = new HashMap<>();
    for (Instrumentation each : instrumentations) {
      for (Target target : each.targets()) {
        String name = target.className().replace('.', '/');
        targets.computeIfAbsent(name, key -> new ArrayList<>()).add(target);
      }
    }
    return targets;
  }

  private static Set<String> superTypesOf(Map<String, List<Target>> targets) {
    Set<String> wanted = new HashSet<>();
    targets.forEach(
        (name, ofClass) -> {
          for (Target target : ofClass) {
            if (target.home() != null) {
              wanted.add(name);
            }
          }
        });
    return wanted;
  }

  /** Lets the advice reach private members of a library that is a named module. */
  private static void open(java.lang.instrument.Instrumentation jvm, CallSiteLinker.Access access) {
    Module library = access.library.getModule();
    if (library.isNamed() && jvm.isModifiableModule(library)) {
      jvm.redefineModule(
          library,
          Set.of(),
          Map.of(),
          Map.of(access.library.getPackageName(), Set.of(access.advice.getUnnamedModule())),
          Set.of(),
          Map.of());
    }
  }

  /**
   * Whether a type has been loaded of which subtypes are targets, so that any class may be one from
   * now on.
   */
  public boolean looksAtSuperTypes() {
    return superTypeLoaded;
  }

  /**
   * The class with its calls patched.
   *
   * @param loader the class's loader
   * @param internalName the class's name, with slashes
   * @return null if no method of it is a target's
   * @throws IllegalArgumentException if the class file cannot be read
   */
  public byte @Nullable [] patch(ClassLoader loader, String internalName, byte[] classFile) {
    List<Target> ofClass = new ArrayList<>(targets.getOrDefault(internalName, List.of()));
    if (superTypesWanted.contains(internalName)) {
      superTypeLoaded = true;
    }
    if (!superTypesWanted.isEmpty()) {
      for (String superType : superTypes.of(loader, classFile)) {
        for (Target target : targets.getOrDefault(superType, List.of())) {
          if (target.home() != null) {
            ofClass.add(target);
          }
        }
      }
    }
    return ofClass.isEmpty() ? null : patcher.patch(classFile, ofClass);
  }
}
