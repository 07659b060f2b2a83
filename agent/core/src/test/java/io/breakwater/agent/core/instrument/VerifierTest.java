package io.breakwater.agent.core.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Asks this JVM's own verifier about patched classes. */
class VerifierTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.assertj.core.api.Assertions",
        "org.junit.jupiter.engine.JupiterTestEngine",
        "net.bytebuddy.ByteBuddy",
        "org.junit.jupiter.api.Test",
        "io.opentelemetry.sdk.metrics.SdkMeterProvider"
      })
  void everyMethodOfEveryClassOfALibrary_patched_isAccepted(String classOfLibrary)
      throws Exception {
    List<String> names = classesBeside(Class.forName(classOfLibrary));
    assertAccepted(names, new PatchingClassLoader(names::contains, name -> true));
    assertAccepted(
        names, new PatchingClassLoader(names::contains, name -> true, AroundHook.NAME, true));
  }

  private static void assertAccepted(List<String> names, ClassLoader loader) throws Exception {
    List<String> rejected = new ArrayList<>();
    int accepted = 0;

    for (String name : names) {
      try {
        loader.loadClass(name).getDeclaredMethods(); // links the class, which verifies it
        accepted++;
      } catch (VerifyError | ClassFormatError e) {
        rejected.add(name + ": " + e.getMessage());
      } catch (NoClassDefFoundError | IllegalArgumentException e) {
        continue; // something optional is not there, or it is older than Java 7
      }
    }

    assertThat(rejected).isEmpty();
    assertThat(accepted).isGreaterThan(names.size() / 2);
  }

  private static List<String> classesBeside(Class<?> type) throws Exception {
    Path jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF"))
          .filter(name -> !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .collect(Collectors.toUnmodifiableSet())
          .stream()
          .sorted()
          .collect(Collectors.toUnmodifiableList());
    }
  }

  @Test
  void frameAtTheFirstInstruction_staysTrue() throws Exception {
    MethodVisitor code = newMethod("(I)V", 1);
    Label top = new Label();
    code.visitLabel(top);
    code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    code.visitIincInsn(0, -1);
    code.visitVarInsn(Opcodes.ILOAD, 0);
    code.visitJumpInsn(Opcodes.IFGT, top);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(1, 1);

    runPatched("(I)V", 3);

    assertThat(TestHook.EVENTS).hasSize(1);
  }

  @Test
  void localThatChangesItsType_staysTrue() throws Exception {
    MethodVisitor code = newMethod("(Ljava/lang/Object;)V", 1);
    Label end = new Label();
    code.visitInsn(Opcodes.DCONST_1);
    code.visitVarInsn(Opcodes.DSTORE, 0); // over the argument and beyond
    code.visitInsn(Opcodes.ICONST_0);
    code.visitJumpInsn(Opcodes.IFEQ, end);
    code.visitInsn(Opcodes.LCONST_1);
    code.visitVarInsn(Opcodes.LSTORE, 1);
    code.visitLabel(end);
    code.visitFrame(Opcodes.F_FULL, 0, new Object[0], 0, new Object[0]);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(2, 3);

    runPatched("(Ljava/lang/Object;)V", "argument");

    assertThat(TestHook.EVENTS.get(0).arg0).isEqualTo("argument");
  }

  @ParameterizedTest
  @ValueSource(ints = {253, 254, 255, 256, 4_000, 65_530})
  void manyLocals_areLeftWhereTheyAre(int locals) throws Exception {
    MethodVisitor code = newMethod("(I)V", locals);
    Label end = new Label();
    code.visitInsn(Opcodes.ICONST_5);
    code.visitVarInsn(Opcodes.ISTORE, locals - 1);
    code.visitVarInsn(Opcodes.ILOAD, 0);
    code.visitJumpInsn(Opcodes.IFEQ, end);
    code.visitIincInsn(locals - 1, 1);
    code.visitLabel(end);
    code.visitFrame(Opcodes.F_FULL, 1, new Object[] {Opcodes.INTEGER}, 0, new Object[0]);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(1, locals);

    runPatched("(I)V", 1);

    assertThat(TestHook.EVENTS).hasSize(1);
  }

  @Test
  void noRoomForLocals_isRefused() {
    MethodVisitor code = newMethod("(I)V", 0xFFFE);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0xFFFE);

    assertThatThrownBy(() -> runPatched("(I)V", 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void jumpThatOutgrowsItsInstruction_isWidened() throws Exception {
    MethodVisitor code = newMethod("(I)V", 1);
    Label end = new Label();
    code.visitVarInsn(Opcodes.ILOAD, 0);
    code.visitJumpInsn(Opcodes.IFEQ, end);
    Label next = null;
    for (int i = 0; i < 4_000; i++) { // 7 bytes each, and more with the hook before each return
      next = new Label();
      code.visitVarInsn(Opcodes.ILOAD, 0);
      code.visitJumpInsn(Opcodes.IFNE, next);
      code.visitInsn(Opcodes.RETURN);
      code.visitLabel(next);
      code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }
    code.visitLabel(end);
    code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(1, 1);

    runPatched("(I)V", 1);

    assertThat(TestHook.EVENTS).hasSize(1);
  }

  @Test
  void classOlderThanJava7_isRefused() {
    ClassWriter old = new ClassWriter(0);
    old.visit(Opcodes.V1_6, Opcodes.ACC_PUBLIC, "Old", null, "java/lang/Object", null);
    old.visitEnd();

    assertThatThrownBy(() -> new ClassPatcher(TestHook.NAME).patch(old.toByteArray(), List.of()))
        .hasMessage("class file version 50 (expected: >= 51)");
  }

  private final ClassWriter generated = new ClassWriter(0);

  private MethodVisitor newMethod(String descriptor, int locals) {
    generated.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, "Generated", null, "java/lang/Object", null);
    MethodVisitor code =
        generated.visitMethod(
            Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "run", descriptor, null, null);
    code.visitCode();
    return code;
  }

  private void runPatched(String descriptor, Object argument) throws Exception {
    generated.visitEnd();
    TestHook.EVENTS.clear();
    byte[] patched =
        new ClassPatcher(TestHook.NAME)
            .patch(
                generated.toByteArray(),
                List.of(Target.of("Generated", "run", descriptor::equals, "advice")));
    Class<?> type =
        new ClassLoader(getClass().getClassLoader()) {
          Class<?> define(byte[] bytes) {
            return defineClass("Generated", bytes, 0, bytes.length);
          }
        }.define(patched);
    type.getMethods()[0].invoke(null, argument);
  }
}
