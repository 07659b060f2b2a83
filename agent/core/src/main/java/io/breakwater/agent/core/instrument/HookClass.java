package io.breakwater.agent.core.instrument;

import io.breakwater.agent.bootstrap.Hook;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes the {@link Hook} visible to every class, as a class of {@code java.base}.
 *
 * <p>The alternative, appending to the boot class path, makes the JVM print a warning and stop
 * sharing the application's classes.
 */
final class HookClass {
  /** Its internal name there: the package is exported to everyone. */
  static final String NAME = "java/util/concurrent/BreakwaterHook";

  private static final Class<?> NEIGHBOUR = TimeUnit.class;
  private static final String ORIGINAL = "io/breakwater/agent/bootstrap/Hook";

  private HookClass() {}

  /**
   * Defines it; possible once in a JVM.
   *
   * @param original class file of {@link Hook}
   * @throws IllegalAccessException if the JVM does not let us
   * @throws LinkageError if it has been defined before
   */
  static Class<?> define(Instrumentation jvm, byte[] original) throws IllegalAccessException {
    jvm.redefineModule(
        NEIGHBOUR.getModule(),
        Set.of(),
        Map.of(),
        Map.of(NEIGHBOUR.getPackageName(), Set.of(HookClass.class.getModule())),
        Set.of(),
        Map.of());
    return MethodHandles.privateLookupIn(NEIGHBOUR, MethodHandles.lookup())
        .defineClass(renamed(original));
  }

  private static byte[] renamed(byte[] original) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(original).accept(new Rename(writer), ClassReader.SKIP_DEBUG);
    return writer.toByteArray();
  }

  private static final class Rename extends ClassVisitor {
    Rename(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        String signature,
        String superName,
        String[] interfaces) {
      super.visit(version, access, NAME, null, superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, null, exceptions);
      return new MethodVisitor(Opcodes.ASM9, next) {
        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String fieldDescriptor) {
          super.visitFieldInsn(
              opcode, owner.equals(ORIGINAL) ? NAME : owner, field, fieldDescriptor);
        }
      };
    }
  }
}
