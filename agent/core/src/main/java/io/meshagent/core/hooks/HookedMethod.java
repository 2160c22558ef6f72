package io.meshagent.core.hooks;

import io.meshagent.bootstrap.Door;
import io.meshagent.core.hooks.HookCode.Place;
import io.meshagent.core.hooks.HookCode.Value;
import java.util.Map;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Copies the code of one method and writes a hook into it, which names nothing but the {@link Door}
 * and the JDK, because it runs in the program's class. It does what Byte Buddy's {@code Advice}
 * would do, and a test compares the two.
 *
 * <p>What has to be known of types at each branch (stack map frames) is stated and never computed,
 * which would take the program's classes: a hook before the code knows the arguments and nothing on
 * the stack, one behind it keeps the object itself and the result, and forgets all other variables.
 * Compilers leave nothing on the stack where a method returns, and don't assign to {@code this}.
 */
final class HookedMethod extends MethodVisitor {

  private static final String DOOR = Door.class.getName().replace('.', '/');
  private static final String FUNCTION = "java/util/function/Function";
  private static final String OBJECT = "java/lang/Object";
  private static final String OBJECTS = "[Ljava/lang/Object;";
  private static final String THROWABLE = "java/lang/Throwable";

  /** The hook's number and its four values. */
  private static final int SEEN = 5;

  /** The most that a hook has on the stack: function, array, array, index, value. */
  private static final int MOST_STACK = 5;

  /** Where a hook behind the code keeps the result, or what was thrown. */
  private static final int KEPT = 1;

  private static final Object[] NOTHING = {};

  private final HookCode code;
  private final String owner;
  private final boolean isStatic;
  private final Type[] arguments;
  private final Type result;
  private final Map<String, String> fields;

  /** Class files of Java 5 and older have none. */
  private final boolean hasFrames;

  private final Label begin = new Label();
  private final Label end = new Label();

  /** Whether the end can be reached. */
  private boolean returns;

  /** What is in the variables behind the code; null for the arguments, as at the beginning. */
  private Object[] variables;

  /**
   * @param owner the class, with slashes
   * @param isStatic whether the method has no object; then a hook has to be before its code
   * @param fields its fields and their types
   * @param version of the class file
   * @throws IllegalStateException if the hook needs what the class or the method does not have
   */
  HookedMethod(
      MethodVisitor to,
      HookCode code,
      String owner,
      boolean isStatic,
      String descriptor,
      Map<String, String> fields,
      int version) {
    super(Opcodes.ASM9, to);
    this.code = code;
    this.owner = owner;
    this.isStatic = isStatic;
    this.fields = fields;
    this.arguments = Type.getArgumentTypes(descriptor);
    this.result = Type.getReturnType(descriptor);
    this.hasFrames = (version & 0xffff) >= Opcodes.V1_6;
    check();
  }

  private void check() {
    need(!isStatic || code.place == Place.BEFORE, "method of an object");
    for (Value value : code.values) {
      if (value.field != null) {
        need(fields.get(value.field) != null, "field " + value.field);
      } else if (value.argument >= 0) {
        needArgument(value.argument);
      }
    }
    for (int argument : code.replaced) {
      needArgument(argument);
    }
    boolean isVoid = result.getSort() == Type.VOID;
    if (code.place == Place.AT_THE_END) {
      need(isVoid, "method without a result");
    } else if (code.place == Place.IN_PLACE_OF || code.replacesResult) {
      need(isReference(result), "method with an object as its result");
    } else if (code.place == Place.AFTER) {
      need(isVoid || isReference(result), "method without a number as its result");
    }
  }

  private void needArgument(int index) {
    need(
        index < arguments.length && isReference(arguments[index]),
        "method with an object as argument " + index);
  }

  private void need(boolean there, String what) {
    if (!there) {
      throw new IllegalStateException(
          owner + " has no " + what + ", which hook " + code.number + " needs");
    }
  }

  private static boolean isReference(Type type) {
    return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
  }

  @Override
  public void visitCode() {
    super.visitCode();
    if (code.place == Place.BEFORE) {
      askAndSwallow();
    } else if (code.place == Place.IN_PLACE_OF) {
      askInPlace();
    } else {
      visitLabel(begin);
    }
  }

  @Override
  public void visitInsn(int opcode) {
    boolean isReturn = opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
    if (isReturn && (code.place == Place.AFTER || code.place == Place.AT_THE_END)) {
      returns = true;
      super.visitJumpInsn(Opcodes.GOTO, end);
    } else {
      super.visitInsn(opcode);
    }
  }

  @Override
  public void visitMaxs(int stack, int locals) {
    if (code.place == Place.AFTER && returns) {
      writeBehindReturn();
    } else if (code.place == Place.AT_THE_END) {
      writeBehindAll();
    }
    super.visitMaxs(Math.max(stack, MOST_STACK), Math.max(locals, KEPT + 1));
  }

  private void writeBehindReturn() {
    boolean isVoid = result.getSort() == Type.VOID;
    variables = new Object[] {owner};
    visitLabel(end);
    if (isVoid) {
      frame();
    } else {
      frame(result.getInternalName());
      visitVarInsn(Opcodes.ASTORE, KEPT);
      variables = new Object[] {owner, result.getInternalName()};
    }
    askAndSwallow();
    if (isVoid) {
      super.visitInsn(Opcodes.RETURN);
    } else {
      visitVarInsn(Opcodes.ALOAD, KEPT);
      super.visitInsn(Opcodes.ARETURN);
    }
  }

  /** What the method threw is thrown again; last among its handlers, so that its own come first. */
  private void writeBehindAll() {
    Label behind = new Label();
    Label thrown = new Label();
    Label both = new Label();
    visitLabel(behind);
    visitTryCatchBlock(begin, behind, thrown, THROWABLE);
    variables = new Object[] {owner};
    if (returns) {
      visitLabel(end);
      frame();
      super.visitInsn(Opcodes.ACONST_NULL);
      visitVarInsn(Opcodes.ASTORE, KEPT);
      visitJumpInsn(Opcodes.GOTO, both);
    }
    visitLabel(thrown);
    frame(THROWABLE);
    visitVarInsn(Opcodes.ASTORE, KEPT);
    variables = new Object[] {owner, THROWABLE};
    visitLabel(both);
    frame();
    askAndSwallow();
    Label well = new Label();
    visitVarInsn(Opcodes.ALOAD, KEPT);
    visitJumpInsn(Opcodes.IFNULL, well);
    visitVarInsn(Opcodes.ALOAD, KEPT);
    super.visitInsn(Opcodes.ATHROW);
    visitLabel(well);
    frame();
    super.visitInsn(Opcodes.RETURN);
  }

  private void askInPlace() {
    Label own = new Label();
    ask();
    super.visitInsn(Opcodes.DUP);
    visitJumpInsn(Opcodes.IFNULL, own);
    visitTypeInsn(Opcodes.CHECKCAST, result.getInternalName());
    super.visitInsn(Opcodes.ARETURN);
    visitLabel(own);
    frame(OBJECT);
    super.visitInsn(Opcodes.POP);
  }

  private void askAndSwallow() {
    Label from = new Label();
    Label to = new Label();
    Label caught = new Label();
    Label on = new Label();
    visitTryCatchBlock(from, to, caught, THROWABLE);
    visitLabel(from);
    ask();
    take();
    visitLabel(to);
    visitJumpInsn(Opcodes.GOTO, on);
    visitLabel(caught);
    frame(THROWABLE);
    super.visitInsn(Opcodes.POP);
    visitLabel(on);
    frame();
    // The code that follows may begin with a frame, and there can't be two at one place.
    super.visitInsn(Opcodes.NOP);
  }

  /** Leaves what the Door gives on the stack; null while it is shut. */
  private void ask() {
    Label shut = new Label();
    visitMethodInsn(
        Opcodes.INVOKESTATIC,
        DOOR,
        code.ofStreams ? "ofStreams" : "handler",
        "()L" + FUNCTION + ";",
        false);
    super.visitInsn(Opcodes.DUP);
    visitJumpInsn(Opcodes.IFNULL, shut);
    super.visitInsn(Opcodes.ICONST_5);
    visitTypeInsn(Opcodes.ANEWARRAY, OBJECT);
    for (int i = 0; i < Math.min(SEEN, 2 + code.values.size()); i++) {
      super.visitInsn(Opcodes.DUP);
      super.visitInsn(Opcodes.ICONST_0 + i);
      load(i);
      super.visitInsn(Opcodes.AASTORE);
    }
    visitMethodInsn(
        Opcodes.INVOKEINTERFACE, FUNCTION, "apply", "(L" + OBJECT + ";)L" + OBJECT + ";", true);
    visitLabel(shut);
    frame(OBJECT);
  }

  private void load(int seen) {
    if (seen == 0) {
      visitIntInsn(Opcodes.BIPUSH, code.number);
      visitMethodInsn(
          Opcodes.INVOKESTATIC, "java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;", false);
      return;
    }
    Value value = seen == 1 ? null : code.values.get(seen - 2);
    if (value == null && isStatic) {
      visitLdcInsn(Type.getObjectType(owner));
    } else if (value == null) {
      visitVarInsn(Opcodes.ALOAD, 0);
    } else if (value.field != null) {
      visitVarInsn(Opcodes.ALOAD, 0);
      visitFieldInsn(Opcodes.GETFIELD, owner, value.field, fields.get(value.field));
    } else {
      visitVarInsn(Opcodes.ALOAD, value == Value.RETURNED ? KEPT : variable(value.argument));
    }
  }

  /** Takes from the stack what the Door gave, and puts it where it belongs unless it is null. */
  private void take() {
    if (code.replaced.length == 0 && !code.replacesResult) {
      super.visitInsn(Opcodes.POP);
      return;
    }
    Label nothing = new Label();
    Label done = new Label();
    super.visitInsn(Opcodes.DUP);
    visitJumpInsn(Opcodes.IFNULL, nothing);
    if (code.replacesResult) {
      put(result, KEPT);
    } else if (code.replaced.length == 1) {
      put(arguments[code.replaced[0]], variable(code.replaced[0]));
    } else {
      visitTypeInsn(Opcodes.CHECKCAST, OBJECTS);
      for (int i = 0; i < code.replaced.length; i++) {
        super.visitInsn(Opcodes.DUP);
        super.visitInsn(Opcodes.ICONST_0 + i);
        super.visitInsn(Opcodes.AALOAD);
        put(arguments[code.replaced[i]], variable(code.replaced[i]));
      }
      super.visitInsn(Opcodes.POP);
    }
    visitJumpInsn(Opcodes.GOTO, done);
    visitLabel(nothing);
    frame(OBJECT);
    super.visitInsn(Opcodes.POP);
    visitLabel(done);
    frame();
  }

  private void put(Type type, int variable) {
    visitTypeInsn(Opcodes.CHECKCAST, type.getInternalName());
    visitVarInsn(Opcodes.ASTORE, variable);
  }

  private int variable(int argument) {
    int variable = isStatic ? 0 : 1;
    for (int i = 0; i < argument; i++) {
      variable += arguments[i].getSize();
    }
    return variable;
  }

  /**
   * @param onStack one type at most
   */
  private void frame(Object... onStack) {
    if (!hasFrames) {
      return;
    }
    if (variables != null) {
      visitFrame(Opcodes.F_FULL, variables.length, variables, onStack.length, onStack);
    } else if (onStack.length == 0) {
      visitFrame(Opcodes.F_SAME, 0, NOTHING, 0, NOTHING);
    } else {
      visitFrame(Opcodes.F_SAME1, 0, NOTHING, 1, onStack);
    }
  }
}
