package io.breakwater.agent.core.instrument;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Patches one method, so that it reads
 *
 * <pre>{@code
 * long start = System.nanoTime();
 * try {
 *   ...
 *   try { exit(result, start, self, arg0); } catch (Throwable ignored) {}
 *   return result;
 * } catch (Throwable t) {
 *   try { fail(t, start, self, arg0); } catch (Throwable ignored) {}
 *   throw t;
 * }
 * }</pre>
 *
 * <p>The calls of the hook catch what they throw themselves, but where memory or stack is used up
 * the call as such fails, or its linking: hence the inner handlers.
 *
 * <p>Implementation notes. The start time, the receiver and the first argument are kept in locals
 * behind all existing ones, which therefore keep their numbers; the receiver and the argument too
 * because a method may reuse their locals. The new locals are set before anything else and never
 * change, so every existing frame stays true with them appended, padded up to where they begin. One
 * more local, in no existing frame, holds the outcome while the hook is called. The handler of
 * {@code fail} can be reached from everywhere, so its frame knows nothing but the new locals. It is
 * the last in the table: the method's own handlers come first, and before them those around the
 * hook. Constructors get no handler of {@code fail}, since it would cover code in which the object
 * is not initialised.
 */
final class MethodPatcher extends MethodVisitor {
  private static final String BOOTSTRAP =
      "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
          + "Ljava/lang/invoke/MethodType;Ljava/lang/String;)Ljava/lang/invoke/CallSite;";
  private static final String EXIT = "(Ljava/lang/Object;JLjava/lang/Object;Ljava/lang/Object;)V";
  private static final String FAIL =
      "(Ljava/lang/Throwable;JLjava/lang/Object;Ljava/lang/Object;)V";
  private static final String THROWABLE = "java/lang/Throwable";
  private static final int EXIT_STACK = 5;
  private static final int FAIL_STACK = 6;

  private final Handle bootstrap;
  private final String adviceClass;
  private final Type owner;
  private final boolean isStatic;
  private final boolean constructor;
  private final @Nullable Type arg0;
  private final Type result;
  private final int maxLocals;
  private final int startLocal;
  private final int selfLocal;
  private final int arg0Local;
  private final int outcomeLocal;
  private final int newMaxLocals;
  private final Label begin = new Label();
  private final Label exitFailed = new Label();
  private final Label[] exitBegins;
  private final Label[] exitEnds;
  private int exits;

  MethodPatcher(
      MethodVisitor next,
      String hook,
      String adviceClass,
      String owner,
      int access,
      String name,
      String descriptor,
      int maxLocals,
      int returns) {
    super(Opcodes.ASM9, next);
    this.bootstrap = bootstrap(hook);
    this.adviceClass = adviceClass;
    this.owner = Type.getObjectType(owner);
    this.isStatic = (access & Opcodes.ACC_STATIC) != 0;
    this.constructor = name.equals("<init>");
    this.arg0 = firstReference(descriptor);
    this.maxLocals = maxLocals;
    this.startLocal = maxLocals;
    this.selfLocal = startLocal + 2;
    this.arg0Local = keepsSelf() ? selfLocal + 1 : selfLocal;
    this.result = Type.getReturnType(descriptor);
    this.outcomeLocal = arg0 == null ? arg0Local : arg0Local + 1;
    this.newMaxLocals = outcomeLocal + Math.max(1, result.getSize());
    this.exitBegins = labels(returns);
    this.exitEnds = labels(returns);
    if (newMaxLocals > 0xFFFF) {
      throw new IllegalArgumentException("locals of " + name + ": " + newMaxLocals);
    }
  }

  /** What links the calls of the hook. */
  static Handle bootstrap(String hook) {
    return new Handle(Opcodes.H_INVOKESTATIC, hook, "link", BOOTSTRAP, false);
  }

  static Label[] labels(int count) {
    Label[] labels = new Label[count];
    for (int i = 0; i < count; i++) {
      labels[i] = new Label();
    }
    return labels;
  }

  private static @Nullable Type firstReference(String descriptor) {
    Type[] arguments = Type.getArgumentTypes(descriptor);
    return arguments.length > 0 && arguments[0].getSort() >= Type.ARRAY ? arguments[0] : null;
  }

  private boolean keepsSelf() {
    return !isStatic && !constructor;
  }

  @Override
  public void visitCode() {
    super.visitCode();
    for (int i = 0; i < exitBegins.length; i++) {
      super.visitTryCatchBlock(exitBegins[i], exitEnds[i], exitFailed, null);
    }
    super.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/System", "nanoTime", "()J", false);
    super.visitVarInsn(Opcodes.LSTORE, startLocal);
    if (keepsSelf()) {
      super.visitVarInsn(Opcodes.ALOAD, 0);
      super.visitVarInsn(Opcodes.ASTORE, selfLocal);
    }
    if (arg0 != null) {
      super.visitVarInsn(Opcodes.ALOAD, isStatic ? 0 : 1);
      super.visitVarInsn(Opcodes.ASTORE, arg0Local);
    }
    super.visitLabel(begin);
  }

  @Override
  public void visitFrame(int type, int count, Object[] locals, int stackCount, Object[] stack) {
    Object[] padded = Arrays.copyOf(locals, newMaxLocals);
    int used = 0;
    for (int i = 0; i < count; i++) {
      used += locals[i] == Opcodes.LONG || locals[i] == Opcodes.DOUBLE ? 2 : 1;
    }
    int all = count;
    while (used++ < maxLocals) {
      padded[all++] = Opcodes.TOP;
    }
    super.visitFrame(type, appendNewLocals(padded, all), padded, stackCount, stack);
  }

  private int appendNewLocals(Object[] locals, int count) {
    int all = count;
    locals[all++] = Opcodes.LONG;
    if (keepsSelf()) {
      locals[all++] = owner.getInternalName();
    }
    if (arg0 != null) {
      locals[all++] = arg0.getInternalName();
    }
    return all;
  }

  @Override
  public void visitInsn(int opcode) {
    if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
      visitExit();
    }
    super.visitInsn(opcode);
  }

  private void visitExit() {
    if (result.getSize() > 0) {
      super.visitVarInsn(result.getOpcode(Opcodes.ISTORE), outcomeLocal);
    }
    super.visitLabel(exitBegins[exits]);
    if (result.getSort() >= Type.ARRAY) {
      super.visitVarInsn(Opcodes.ALOAD, outcomeLocal);
    } else {
      super.visitInsn(Opcodes.ACONST_NULL);
    }
    visitHook("exit", EXIT);
    super.visitLabel(exitEnds[exits]);
    exits++;
    loadResult();
  }

  private void loadResult() {
    if (result.getSize() > 0) {
      super.visitVarInsn(result.getOpcode(Opcodes.ILOAD), outcomeLocal);
    }
  }

  private void visitHook(String name, String descriptor) {
    super.visitVarInsn(Opcodes.LLOAD, startLocal);
    if (isStatic) {
      super.visitLdcInsn(owner);
    } else {
      super.visitVarInsn(Opcodes.ALOAD, constructor ? 0 : selfLocal);
    }
    if (arg0 == null) {
      super.visitInsn(Opcodes.ACONST_NULL);
    } else {
      super.visitVarInsn(Opcodes.ALOAD, arg0Local);
    }
    super.visitInvokeDynamicInsn(name, descriptor, bootstrap, adviceClass);
  }

  @Override
  public void visitMaxs(int maxStack, int ignored) {
    if (exits > 0) {
      visitExitFailed();
    }
    if (!constructor) {
      visitHandler();
    }
    super.visitMaxs(Math.max(maxStack + EXIT_STACK, FAIL_STACK), newMaxLocals);
  }

  /** The hook failed where the method returned: it returns all the same. */
  private void visitExitFailed() {
    super.visitLabel(exitFailed);
    visitHandlerFrame(result.getSize() == 0 ? null : frameType(result));
    super.visitInsn(Opcodes.POP);
    loadResult();
    super.visitInsn(result.getOpcode(Opcodes.IRETURN));
  }

  private void visitHandler() {
    Label handler = new Label();
    Label hookBegin = new Label();
    Label hookEnd = new Label();
    Label hookFailed = new Label();
    super.visitTryCatchBlock(hookBegin, hookEnd, hookFailed, null);
    super.visitTryCatchBlock(begin, handler, handler, null);
    super.visitLabel(handler);
    visitHandlerFrame(null);
    super.visitVarInsn(Opcodes.ASTORE, outcomeLocal);
    super.visitLabel(hookBegin);
    super.visitVarInsn(Opcodes.ALOAD, outcomeLocal);
    visitHook("fail", FAIL);
    super.visitLabel(hookEnd);
    super.visitVarInsn(Opcodes.ALOAD, outcomeLocal);
    super.visitInsn(Opcodes.ATHROW);
    super.visitLabel(hookFailed);
    visitHandlerFrame(THROWABLE);
    super.visitInsn(Opcodes.POP);
    super.visitVarInsn(Opcodes.ALOAD, outcomeLocal);
    super.visitInsn(Opcodes.ATHROW);
  }

  /** A frame with the new locals, with that of the outcome if it has a type, and a throwable. */
  private void visitHandlerFrame(@Nullable Object outcome) {
    Object[] locals = new Object[newMaxLocals];
    Arrays.fill(locals, 0, maxLocals, Opcodes.TOP);
    if (constructor) {
      locals[0] = owner.getInternalName();
    }
    int count = appendNewLocals(locals, maxLocals);
    if (outcome != null) {
      locals[count++] = outcome;
    }
    super.visitFrame(Opcodes.F_NEW, count, locals, 1, new Object[] {THROWABLE});
  }

  static Object frameType(Type type) {
    switch (type.getSort()) {
      case Type.LONG:
        return Opcodes.LONG;
      case Type.DOUBLE:
        return Opcodes.DOUBLE;
      case Type.FLOAT:
        return Opcodes.FLOAT;
      case Type.ARRAY:
      case Type.OBJECT:
        return type.getInternalName();
      default:
        return Opcodes.INTEGER;
    }
  }
}
