package io.meshagent.packing;

import java.util.List;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Makes a value of one type of a value of another, as a function's caller and its code may differ:
 * casts, boxes, unboxes. Stateless.
 *
 * @see java.lang.invoke.LambdaMetafactory
 */
final class Conversion {

  /** Each may become one of those behind it, and the first three are int to the JVM. */
  private static final List<Type> NUMBERS =
      List.of(
          Type.BYTE_TYPE,
          Type.SHORT_TYPE,
          Type.CHAR_TYPE,
          Type.INT_TYPE,
          Type.LONG_TYPE,
          Type.FLOAT_TYPE,
          Type.DOUBLE_TYPE);

  private static final int INT = 3;

  /** From int, long and float, to long, float and double. */
  private static final int[][] WIDEN = {
    {Opcodes.I2L, Opcodes.I2F, Opcodes.I2D},
    {Opcodes.NOP, Opcodes.L2F, Opcodes.L2D},
    {Opcodes.NOP, Opcodes.NOP, Opcodes.F2D}
  };

  private Conversion() {}

  /**
   * Writes it for what is on the stack.
   *
   * @throws IllegalStateException if no Java compiler would have it so
   */
  static void write(MethodVisitor to, Type from, Type wanted) {
    if (from.equals(wanted)) {
      return;
    }
    if (wanted.equals(Type.VOID_TYPE)) {
      to.visitInsn(from.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
    } else if (isObject(from) && isObject(wanted)) {
      cast(to, wanted);
    } else if (isObject(wanted)) {
      box(to, from);
      cast(to, wanted);
    } else if (isObject(from)) {
      Type inside = inside(from, wanted);
      unbox(to, inside);
      widen(to, inside, wanted);
    } else {
      widen(to, from, wanted);
    }
  }

  private static boolean isObject(Type type) {
    return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
  }

  private static void cast(MethodVisitor to, Type wanted) {
    if (!wanted.getInternalName().equals("java/lang/Object")) {
      to.visitTypeInsn(Opcodes.CHECKCAST, wanted.getInternalName());
    }
  }

  private static void box(MethodVisitor to, Type from) {
    String box = boxOf(from);
    String type = "(" + from.getDescriptor() + ")L" + box + ";";
    to.visitMethodInsn(Opcodes.INVOKESTATIC, box, "valueOf", type, false);
  }

  /** What is in a box; where its type does not say that, it is what is wanted. */
  private static Type inside(Type box, Type wanted) {
    for (Type each : NUMBERS) {
      if (boxOf(each).equals(box.getInternalName())) {
        return each;
      }
    }
    return wanted;
  }

  private static void widen(MethodVisitor to, Type from, Type wanted) {
    int before = NUMBERS.indexOf(from);
    int after = NUMBERS.indexOf(wanted);
    if (from.equals(wanted) || (before >= 0 && before < after && after <= INT)) {
      return;
    }
    if (before < 0 || after <= INT || before > after) {
      throw new IllegalStateException(from + " would have to become " + wanted);
    }
    to.visitInsn(WIDEN[Math.max(0, before - INT)][after - INT - 1]);
  }

  private static void unbox(MethodVisitor to, Type wanted) {
    String box = boxOf(wanted);
    to.visitTypeInsn(Opcodes.CHECKCAST, box);
    to.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL,
        box,
        wanted.getClassName() + "Value",
        "()" + wanted.getDescriptor(),
        false);
  }

  private static String boxOf(Type primitive) {
    return switch (primitive.getSort()) {
      case Type.BOOLEAN -> "java/lang/Boolean";
      case Type.CHAR -> "java/lang/Character";
      case Type.BYTE -> "java/lang/Byte";
      case Type.SHORT -> "java/lang/Short";
      case Type.INT -> "java/lang/Integer";
      case Type.LONG -> "java/lang/Long";
      case Type.FLOAT -> "java/lang/Float";
      case Type.DOUBLE -> "java/lang/Double";
      default -> throw new IllegalStateException("no value is a " + primitive);
    };
  }
}
