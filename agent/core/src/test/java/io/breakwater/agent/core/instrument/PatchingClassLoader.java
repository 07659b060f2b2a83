package io.breakwater.agent.core.instrument;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Defines classes itself, patched, in place of its parent's. */
final class PatchingClassLoader extends ClassLoader {
  private final Predicate<String> own;
  private final Predicate<String> methods;
  private final ClassPatcher patcher;
  private final boolean around;

  /**
   * A loader.
   *
   * @param own names of the classes to define, with dots
   * @param methods names of the methods to patch
   */
  PatchingClassLoader(Predicate<String> own, Predicate<String> methods) {
    this(own, methods, TestHook.NAME);
  }

  PatchingClassLoader(Predicate<String> own, Predicate<String> methods, String hook) {
    this(own, methods, hook, false);
  }

  PatchingClassLoader(
      Predicate<String> own, Predicate<String> methods, String hook, boolean around) {
    super(PatchingClassLoader.class.getClassLoader());
    this.around = around;
    this.patcher = new ClassPatcher(hook);
    this.own = own;
    this.methods = methods;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!own.test(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] original = classFile(name);
    byte[] patched = patcher.patch(original, targets(original));
    byte[] defined = patched == null ? original : patched;
    return defineClass(name, defined, 0, defined.length);
  }

  private List<Target> targets(byte[] classFile) {
    Set<String> names = new TreeSet<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String signature, String[] thrown) {
                names.add(name);
                return null;
              }
            },
            ClassReader.SKIP_CODE);
    return names.stream()
        .filter(methods)
        .filter(name -> !(around && name.equals("<init>")))
        .map(
            name ->
                around
                    ? Target.around("any", name, descriptor -> true, "advice")
                    : Target.of("any", name, descriptor -> true, "advice"))
        .collect(Collectors.toList());
  }

  private byte[] classFile(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
