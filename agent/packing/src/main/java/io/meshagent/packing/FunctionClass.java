package io.meshagent.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * A class of the functions of one interface that stand in one class: an object knows which of them
 * it is, and what it has captured. One that captures nothing is made once, as the JVM would. Made
 * for one class; not thread-safe.
 */
final class FunctionClass {

  private static final String OBJECT = "Ljava/lang/Object;";
  private static final String WHICH = "which";

  private record Function(List<Type> captured, Type wanted, Handle target) {}

  private final String name;
  private final String type;
  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
  private final List<Function> all = new ArrayList<>();

  /** Name and descriptor of an interface's method to the functions that are called by it. */
  private final Map<String, List<Integer>> byMethod = new LinkedHashMap<>();

  private int fields;

  FunctionClass(int version, String name, String type) {
    this.name = name;
    this.type = type;
    int access = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    writer.visit(version, access, name, null, "java/lang/Object", new String[] {type});
  }

  boolean isOf(String interfaceType) {
    return type.equals(interfaceType);
  }

  /**
   * Adds a function.
   *
   * @param method the interface's, with its type
   * @param wanted the type by which it is called, which says more than the interface's
   * @param target a static method of this package: what is captured and then what is given
   * @return the static method that makes it of what it captures
   */
  Handle add(String method, Type[] captured, Type itsType, Type wanted, Handle target) {
    int which = all.size();
    all.add(new Function(List.of(captured), wanted, target));
    byMethod.computeIfAbsent(method + itsType, unused -> new ArrayList<>()).add(which);
    fields = Math.max(fields, captured.length);
    return new Handle(
        Opcodes.H_INVOKESTATIC,
        name,
        "of" + which,
        Type.getMethodDescriptor(Type.getObjectType(type), captured),
        false);
  }

  byte[] classFile() {
    writeFields();
    for (int i = 0; i < all.size(); i++) {
      writeMaker(i, all.get(i).captured);
    }
    byMethod.forEach(this::writeMethod);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private String constructor() {
    return "(I" + OBJECT.repeat(fields) + ")V";
  }

  private void writeFields() {
    int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL;
    writer.visitField(access, WHICH, "I", null, null).visitEnd();
    MethodVisitor to = writer.visitMethod(Opcodes.ACC_PRIVATE, "<init>", constructor(), null, null);
    to.visitCode();
    to.visitVarInsn(Opcodes.ALOAD, 0);
    to.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    to.visitVarInsn(Opcodes.ALOAD, 0);
    to.visitVarInsn(Opcodes.ILOAD, 1);
    to.visitFieldInsn(Opcodes.PUTFIELD, name, WHICH, "I");
    for (int i = 0; i < fields; i++) {
      writer.visitField(access, "captured" + i, OBJECT, null, null).visitEnd();
      to.visitVarInsn(Opcodes.ALOAD, 0);
      to.visitVarInsn(Opcodes.ALOAD, 2 + i);
      to.visitFieldInsn(Opcodes.PUTFIELD, name, "captured" + i, OBJECT);
    }
    to.visitInsn(Opcodes.RETURN);
    to.visitMaxs(0, 0);
    to.visitEnd();
  }

  private void writeMaker(int which, List<Type> captured) {
    String made = Type.getMethodDescriptor(Type.getObjectType(type), captured.toArray(new Type[0]));
    MethodVisitor to = writer.visitMethod(Opcodes.ACC_STATIC, "of" + which, made, null, null);
    to.visitCode();
    if (!captured.isEmpty()) {
      writeNew(to, which, captured);
      to.visitInsn(Opcodes.ARETURN);
    } else {
      // Its fields are final, so that threads which come at once may each make one.
      String kept = "L" + name + ";";
      String field = "only" + which;
      writer
          .visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC, field, kept, null, null)
          .visitEnd();
      Label isThere = new Label();
      to.visitFieldInsn(Opcodes.GETSTATIC, name, field, kept);
      to.visitInsn(Opcodes.DUP);
      to.visitJumpInsn(Opcodes.IFNONNULL, isThere);
      to.visitInsn(Opcodes.POP);
      writeNew(to, which, captured);
      to.visitInsn(Opcodes.DUP);
      to.visitFieldInsn(Opcodes.PUTSTATIC, name, field, kept);
      to.visitLabel(isThere);
      to.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {name});
      to.visitInsn(Opcodes.ARETURN);
    }
    to.visitMaxs(0, 0);
    to.visitEnd();
  }

  private void writeNew(MethodVisitor to, int which, List<Type> captured) {
    to.visitTypeInsn(Opcodes.NEW, name);
    to.visitInsn(Opcodes.DUP);
    to.visitLdcInsn(which);
    int variable = 0;
    for (Type each : captured) {
      to.visitVarInsn(each.getOpcode(Opcodes.ILOAD), variable);
      Conversion.write(to, each, Type.getType(OBJECT));
      variable += each.getSize();
    }
    for (int i = captured.size(); i < fields; i++) {
      to.visitInsn(Opcodes.ACONST_NULL);
    }
    to.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructor(), false);
  }

  private void writeMethod(String method, List<Integer> which) {
    int split = method.indexOf('(');
    String given = method.substring(split);
    MethodVisitor to =
        writer.visitMethod(Opcodes.ACC_PUBLIC, method.substring(0, split), given, null, null);
    to.visitCode();
    Label[] labels = which.stream().map(each -> new Label()).toArray(Label[]::new);
    int last = labels.length - 1;
    if (last > 0) {
      to.visitVarInsn(Opcodes.ALOAD, 0);
      to.visitFieldInsn(Opcodes.GETFIELD, name, WHICH, "I");
      int[] keys = which.subList(0, last).stream().mapToInt(each -> each).toArray();
      to.visitLookupSwitchInsn(labels[last], keys, Arrays.copyOf(labels, last));
    }
    for (int i = 0; i <= last; i++) {
      if (last > 0) {
        to.visitLabel(labels[i]);
        to.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
      }
      writeCall(to, all.get(which.get(i)), Type.getMethodType(given));
    }
    to.visitMaxs(0, 0);
    to.visitEnd();
  }

  private void writeCall(MethodVisitor to, Function function, Type given) {
    Type[] taken = Type.getArgumentTypes(function.target.getDesc());
    int captured = function.captured.size();
    for (int i = 0; i < captured; i++) {
      to.visitVarInsn(Opcodes.ALOAD, 0);
      to.visitFieldInsn(Opcodes.GETFIELD, name, "captured" + i, OBJECT);
      Conversion.write(to, Type.getType(OBJECT), function.captured.get(i));
      Conversion.write(to, function.captured.get(i), taken[i]);
    }
    int variable = 1;
    Type[] arguments = given.getArgumentTypes();
    Type[] wanted = function.wanted.getArgumentTypes();
    for (int i = 0; i < arguments.length; i++) {
      to.visitVarInsn(arguments[i].getOpcode(Opcodes.ILOAD), variable);
      Conversion.write(to, arguments[i], wanted[i]);
      Conversion.write(to, wanted[i], taken[captured + i]);
      variable += arguments[i].getSize();
    }
    to.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        function.target.getOwner(),
        function.target.getName(),
        function.target.getDesc(),
        function.target.isInterface());
    Type result = Type.getReturnType(function.target.getDesc());
    Conversion.write(to, result, given.getReturnType());
    to.visitInsn(given.getReturnType().getOpcode(Opcodes.IRETURN));
  }
}
