package io.breakwater.agent.core.instrument;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Writes the calls of the hook into the methods that targets name.
 *
 * <p>Adds no member to the class and computes no stack map frame, so it never has to ask what a
 * type's super types are: the existing frames get the new locals appended, see {@link
 * MethodPatcher}. The same class file always gives the same result.
 *
 * <p>Stateless and safe for use by many threads.
 */
final class ClassPatcher {
  private final String hook;

  /**
   * A patcher.
   *
   * @param hook internal name of the class whose {@code link} links the calls
   */
  ClassPatcher(String hook) {
    this.hook = requireNonNull(hook, "hook");
  }

  /**
   * The class with its matching methods patched, or null if none matches.
   *
   * @throws IllegalArgumentException if the class file is older than Java 7, which has no linked
   *     call sites, or newer than what can be read
   */
  byte @Nullable [] patch(byte[] classFile, List<Target> targets) {
    ClassReader reader = new ClassReader(classFile);
    if (reader.readUnsignedShort(6) < Opcodes.V1_7) {
      throw new IllegalArgumentException(
          "class file version "
              + reader.readUnsignedShort(6)
              + " (expected: >= "
              + Opcodes.V1_7
              + ")");
    }
    Survey survey = new Survey(targets);
    reader.accept(survey, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    if (survey.found.isEmpty()) {
      return null;
    }
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new Patch(writer, reader.getClassName(), survey.found), ClassReader.EXPAND_FRAMES);
    return writer.toByteArray();
  }

  /** First reading: which methods match, and how many locals they have. */
  private static final class Survey extends ClassVisitor {
    final Map<String, Site> found = new HashMap<>();
    private final List<Target> targets;

    Survey(List<Target> targets) {
      super(Opcodes.ASM9);
      this.targets = targets;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
        return null;
      }
      for (Target target : targets) {
        if (target.matches(name, descriptor)) {
          return new LocalsSurvey(name + descriptor, name.equals("<init>"), target);
        }
      }
      return null;
    }

    private final class LocalsSurvey extends MethodVisitor {
      private final String method;
      private final boolean constructor;
      private final Target target;
      private boolean reusesThis;
      private int returns;

      LocalsSurvey(String method, boolean constructor, Target target) {
        super(Opcodes.ASM9);
        this.method = method;
        this.constructor = constructor;
        this.target = target;
      }

      @Override
      public void visitInsn(int opcode) {
        returns += opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN ? 1 : 0;
      }

      @Override
      public void visitVarInsn(int opcode, int local) {
        reusesThis |= local == 0 && opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
      }

      @Override
      public void visitMaxs(int maxStack, int maxLocals) {
        if (!(constructor && reusesThis)) { // its object cannot be told from others at the end
          found.put(method, new Site(target, maxLocals, returns));
        }
      }
    }
  }

  /** A method to patch. */
  private static final class Site {
    final Target target;
    final int maxLocals;
    final int returns;

    Site(Target target, int maxLocals, int returns) {
      this.target = target;
      this.maxLocals = maxLocals;
      this.returns = returns;
    }
  }

  /** Second reading: methods that do not match are copied as they are. */
  private final class Patch extends ClassVisitor {
    private final String owner;
    private final Map<String, Site> sites;

    Patch(ClassVisitor next, String owner, Map<String, Site> sites) {
      super(Opcodes.ASM9, next);
      this.owner = owner;
      this.sites = sites;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      Site site = sites.get(name + descriptor);
      if (site == null) {
        return next;
      }
      if (site.target.isAround()) {
        return new AroundPatcher(
            next,
            MethodPatcher.bootstrap(hook),
            site.target.adviceClass(),
            owner,
            access,
            descriptor,
            site.maxLocals,
            site.returns);
      }
      return new MethodPatcher(
          next,
          hook,
          site.target.adviceClass(),
          owner,
          access,
          name,
          descriptor,
          site.maxLocals,
          site.returns);
    }
  }
}
