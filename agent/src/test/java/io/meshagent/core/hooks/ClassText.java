package io.meshagent.core.hooks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** A class file as lines that can be compared: its members, and the instructions of each method. */
final class ClassText {

  private final Map<String, List<String>> methods = new LinkedHashMap<>();
  private final Map<String, Integer> members = new TreeMap<>();
  private final TreeSet<String> asking = new TreeSet<>();

  ClassText(byte[] classFile) {
    new ClassReader(classFile).accept(new Members(), ClassReader.SKIP_FRAMES);
  }

  /** By name and descriptor. */
  Map<String, List<String>> methods() {
    return methods;
  }

  /** Fields and methods to their modifiers. */
  Map<String, Integer> members() {
    return members;
  }

  boolean asksTheDoor(String method) {
    return asking.contains(method);
  }

  /** What of the second list does not stand in the first, in this order. */
  static List<String> without(List<String> all, List<String> part) {
    int at = 0;
    for (String line : all) {
      if (at < part.size() && part.get(at).equals(line)) {
        at++;
      }
    }
    return part.subList(at, part.size());
  }

  /** Every type in the constant pool. */
  static Set<String> types(byte[] classFile) {
    TreeSet<String> types = new TreeSet<>();
    ClassReader reader = new ClassReader(classFile);
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && reader.readByte(at - 1) == 7) {
        types.add(reader.readUTF8(at, buffer));
      }
    }
    return types;
  }

  static String text(byte[] classFile) {
    return new String(classFile, StandardCharsets.ISO_8859_1);
  }

  private final class Members extends ClassVisitor {

    Members() {
      super(Opcodes.ASM9);
    }

    @Override
    public FieldVisitor visitField(
        int access, String name, String type, String signature, Object value) {
      members.put(name + " " + type, access);
      return null;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String type, String signature, String[] exceptions) {
      members.put(name + type + signature + Arrays.toString(exceptions), access);
      List<String> lines = methods.computeIfAbsent(name + type, unused -> new ArrayList<>());
      return new Lines(name + type, lines);
    }
  }

  /** Returns are left out: a hook behind the code turns them into jumps. */
  private final class Lines extends MethodVisitor {
    private final String method;
    private final List<String> lines;

    Lines(String method, List<String> lines) {
      super(Opcodes.ASM9);
      this.method = method;
      this.lines = lines;
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode < Opcodes.IRETURN || opcode > Opcodes.RETURN) {
        lines.add("" + opcode);
      }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      lines.add(opcode + " " + operand);
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
      lines.add(opcode + " " + variable);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      lines.add(opcode + " " + type);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String type) {
      lines.add(opcode + " " + owner + "." + name + " " + type);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String type, boolean isInterface) {
      lines.add(opcode + " " + owner + "." + name + type + isInterface);
      if (owner.equals("io/meshagent/bootstrap/Door")) {
        asking.add(method);
      }
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String type, Handle bootstrap, Object... arguments) {
      lines.add("dynamic " + name + type + bootstrap + Arrays.toString(arguments));
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      lines.add("" + opcode);
    }

    @Override
    public void visitLdcInsn(Object value) {
      lines.add("constant " + value);
    }

    @Override
    public void visitIincInsn(int variable, int by) {
      lines.add("increment " + variable + " " + by);
    }

    @Override
    public void visitLineNumber(int line, Label start) {
      lines.add("line " + line);
    }

    @Override
    public void visitLocalVariable(
        String name, String type, String signature, Label start, Label end, int index) {
      lines.add("variable " + name + " " + type + " " + index);
    }
  }
}
