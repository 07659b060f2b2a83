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
 * Object call = null;
 * try {
 *   Object[] arguments = {a, b, c};
 *   call = enter(self, arguments);
 *   a = (A) arguments[0];
 *   b = (B) arguments[1]; // not for primitives
 * } catch (Throwable ignored) {}
 * try {
 *   ...
 *   try { result = (R) leave(result, call); } catch (Throwable ignored) {}
 *   return result;
 * } catch (Throwable t) {
 *   try { abort(t, call); } catch (Throwable ignored) {}
 *   throw t;
 * }
 * }</pre>
 *
 * <p>Implementation notes. As in {@link MethodPatcher} the one new local, {@code call}, stands
 * behind all existing ones and is set before anything else, so every existing frame stays true with
 * it appended. One more local, in no existing frame, holds the arguments, and later the outcome. An
 * argument is only replaced by one of its parameter's type, so the frames stay true for it too.
 */
final class AroundPatcher extends MethodVisitor {
  private static final String ENTER = "(Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;";
  private static final String LEAVE = "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;";
  private static final String ABORT = "(Ljava/lang/Throwable;Ljava/lang/Object;)V";
  private static final String OBJECT = "java/lang/Object";
  private static final String THROWABLE = "java/lang/Throwable";
  private static final int ENTER_STACK = 4;
  private static final int LEAVE_STACK = 2;

  private final Handle bootstrap;
  private final String adviceClass;
  private final Type owner;
  private final boolean isStatic;
  private final Type[] parameters;
  private final Type result;
  private final int maxLocals;
  private final int callLocal;
  private final int otherLocal;
  private final int newMaxLocals;
  private final Label begin = new Label();
  private final Label leaveFailed = new Label();
  private final Label[] leaveBegins;
  private final Label[] leaveEnds;
  private int returns;

  AroundPatcher(
      MethodVisitor next,
      Handle bootstrap,
      String adviceClass,
      String owner,
      int access,
      String descriptor,
      int maxLocals,
      int returns) {
    super(Opcodes.ASM9, next);
    this.bootstrap = bootstrap;
    this.adviceClass = adviceClass;
    this.owner = Type.getObjectType(owner);
    this.isStatic = (access & Opcodes.ACC_STATIC) != 0;
    this.parameters = Type.getArgumentTypes(descriptor);
    this.result = Type.getReturnType(descriptor);
    this.maxLocals = maxLocals;
    this.callLocal = maxLocals;
    this.otherLocal = maxLocals + 1;
    this.newMaxLocals = otherLocal + Math.max(1, result.getSize());
    this.leaveBegins = MethodPatcher.labels(returns);
    this.leaveEnds = MethodPatcher.labels(returns);
    if (newMaxLocals > 0xFFFF) {
      throw new IllegalArgumentException("locals: " + newMaxLocals);
    }
  }

  @Override
  public void visitCode() {
    super.visitCode();
    Label enterBegin = new Label();
    Label enterEnd = new Label();
    Label enterFailed = new Label();
    Label entered = new Label();
    super.visitTryCatchBlock(enterBegin, enterEnd, enterFailed, null);
    for (int i = 0; i < leaveBegins.length; i++) {
      super.visitTryCatchBlock(leaveBegins[i], leaveEnds[i], leaveFailed, null);
    }
    super.visitInsn(Opcodes.ACONST_NULL);
    super.visitVarInsn(Opcodes.ASTORE, callLocal);
    super.visitLabel(enterBegin);
    visitEnter();
    super.visitLabel(enterEnd);
    super.visitJumpInsn(Opcodes.GOTO, entered);
    super.visitLabel(enterFailed);
    visitFirstFrame(THROWABLE);
    super.visitInsn(Opcodes.POP);
    super.visitLabel(entered);
    visitFirstFrame(null);
    super.visitInsn(Opcodes.NOP); // the method's own first instruction may have a frame too
    super.visitLabel(begin);
  }

  private void visitEnter() {
    super.visitIntInsn(Opcodes.SIPUSH, parameters.length);
    super.visitTypeInsn(Opcodes.ANEWARRAY, OBJECT);
    super.visitVarInsn(Opcodes.ASTORE, otherLocal);
    int local = isStatic ? 0 : 1;
    for (int i = 0; i < parameters.length; i++) {
      super.visitVarInsn(Opcodes.ALOAD, otherLocal);
      super.visitIntInsn(Opcodes.SIPUSH, i);
      super.visitVarInsn(parameters[i].getOpcode(Opcodes.ILOAD), local);
      box(parameters[i]);
      super.visitInsn(Opcodes.AASTORE);
      local += parameters[i].getSize();
    }
    if (isStatic) {
      super.visitLdcInsn(owner);
    } else {
      super.visitVarInsn(Opcodes.ALOAD, 0);
    }
    super.visitVarInsn(Opcodes.ALOAD, otherLocal);
    super.visitInvokeDynamicInsn("enter", ENTER, bootstrap, adviceClass);
    super.visitVarInsn(Opcodes.ASTORE, callLocal);
    local = isStatic ? 0 : 1;
    for (int i = 0; i < parameters.length; i++) {
      if (isReference(parameters[i])) {
        super.visitVarInsn(Opcodes.ALOAD, otherLocal);
        super.visitIntInsn(Opcodes.SIPUSH, i);
        super.visitInsn(Opcodes.AALOAD);
        super.visitTypeInsn(Opcodes.CHECKCAST, parameters[i].getInternalName());
        super.visitVarInsn(Opcodes.ASTORE, local);
      }
      local += parameters[i].getSize();
    }
  }

  /** Makes an object of the primitive value on top of the stack, if it is one. */
  private void box(Type type) {
    String name = boxName(type);
    if (name != null) {
      String descriptor = "(" + type.getDescriptor() + ")L" + name + ";";
      super.visitMethodInsn(Opcodes.INVOKESTATIC, name, "valueOf", descriptor, false);
    }
  }

  private static @Nullable String boxName(Type type) {
    switch (type.getSort()) {
      case Type.BOOLEAN:
        return "java/lang/Boolean";
      case Type.CHAR:
        return "java/lang/Character";
      case Type.BYTE:
        return "java/lang/Byte";
      case Type.SHORT:
        return "java/lang/Short";
      case Type.INT:
        return "java/lang/Integer";
      case Type.FLOAT:
        return "java/lang/Float";
      case Type.LONG:
        return "java/lang/Long";
      case Type.DOUBLE:
        return "java/lang/Double";
      default:
        return null;
    }
  }

  private static boolean isReference(Type type) {
    return type.getSort() >= Type.ARRAY;
  }

  /** The frame before the method's own first instruction: its parameters and the call. */
  private void visitFirstFrame(@Nullable String thrown) {
    Object[] locals = new Object[parameters.length + 1];
    int count = 0;
    if (!isStatic) {
      locals[count++] = owner.getInternalName();
    }
    for (Type parameter : parameters) {
      locals[count++] = MethodPatcher.frameType(parameter);
    }
    visitFrame(Opcodes.F_NEW, count, locals, thrown == null ? 0 : 1, new Object[] {thrown});
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
    padded[all++] = OBJECT;
    super.visitFrame(type, all, padded, stackCount, stack);
  }

  @Override
  public void visitInsn(int opcode) {
    if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
      visitLeave();
    }
    super.visitInsn(opcode);
  }

  private void visitLeave() {
    if (result.getSize() > 0) {
      super.visitVarInsn(result.getOpcode(Opcodes.ISTORE), otherLocal);
    }
    super.visitLabel(leaveBegins[returns]);
    if (result.getSize() == 0) {
      super.visitInsn(Opcodes.ACONST_NULL);
    } else {
      super.visitVarInsn(result.getOpcode(Opcodes.ILOAD), otherLocal);
      box(result);
    }
    super.visitVarInsn(Opcodes.ALOAD, callLocal);
    super.visitInvokeDynamicInsn("leave", LEAVE, bootstrap, adviceClass);
    if (isReference(result)) {
      super.visitTypeInsn(Opcodes.CHECKCAST, result.getInternalName());
      super.visitVarInsn(Opcodes.ASTORE, otherLocal);
    } else {
      super.visitInsn(Opcodes.POP);
    }
    super.visitLabel(leaveEnds[returns]);
    returns++;
    loadResult();
  }

  private void loadResult() {
    if (result.getSize() > 0) {
      super.visitVarInsn(result.getOpcode(Opcodes.ILOAD), otherLocal);
    }
  }

  @Override
  public void visitMaxs(int maxStack, int ignored) {
    if (returns > 0) {
      super.visitLabel(leaveFailed); // it returns all the same
      visitHandlerFrame(result.getSize() == 0 ? null : MethodPatcher.frameType(result));
      super.visitInsn(Opcodes.POP);
      loadResult();
      super.visitInsn(result.getOpcode(Opcodes.IRETURN));
    }
    visitAbort();
    super.visitMaxs(Math.max(maxStack + LEAVE_STACK, ENTER_STACK), newMaxLocals);
  }

  private void visitAbort() {
    Label handler = new Label();
    Label hookBegin = new Label();
    Label hookEnd = new Label();
    Label hookFailed = new Label();
    super.visitTryCatchBlock(hookBegin, hookEnd, hookFailed, null);
    super.visitTryCatchBlock(begin, handler, handler, null);
    super.visitLabel(handler);
    visitHandlerFrame(null);
    super.visitVarInsn(Opcodes.ASTORE, otherLocal);
    super.visitLabel(hookBegin);
    super.visitVarInsn(Opcodes.ALOAD, otherLocal);
    super.visitVarInsn(Opcodes.ALOAD, callLocal);
    super.visitInvokeDynamicInsn("abort", ABORT, bootstrap, adviceClass);
    super.visitLabel(hookEnd);
    super.visitVarInsn(Opcodes.ALOAD, otherLocal);
    super.visitInsn(Opcodes.ATHROW);
    super.visitLabel(hookFailed);
    visitHandlerFrame(THROWABLE);
    super.visitInsn(Opcodes.POP);
    super.visitVarInsn(Opcodes.ALOAD, otherLocal);
    super.visitInsn(Opcodes.ATHROW);
  }

  /** A frame with nothing but the call, the outcome if it has a type, and a throwable. */
  private void visitHandlerFrame(@Nullable Object outcome) {
    Object[] locals = new Object[newMaxLocals];
    Arrays.fill(locals, 0, maxLocals, Opcodes.TOP);
    int count = maxLocals;
    locals[count++] = OBJECT;
    if (outcome != null) {
      locals[count++] = outcome;
    }
    super.visitFrame(Opcodes.F_NEW, count, locals, 1, new Object[] {THROWABLE});
  }
}
