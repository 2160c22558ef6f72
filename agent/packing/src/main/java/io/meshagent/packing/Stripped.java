package io.meshagent.packing;

import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * A library's class without what only debuggers and compilers read: names of local variables and of
 * parameters, and annotations that the VM does not show. Lines stay, for stack traces, and so do
 * the signatures and annotations that reflection sees. The code is the same.
 */
final class Stripped extends ClassVisitor {

  private static final int API = Opcodes.ASM9;

  private Stripped(ClassVisitor to) {
    super(API, to);
  }

  /** The class file without it. */
  static byte[] of(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile).accept(new Stripped(writer), 0);
    return writer.toByteArray();
  }

  @Override
  public AnnotationVisitor visitAnnotation(String type, boolean visible) {
    return visible ? super.visitAnnotation(type, true) : null;
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    return new MethodVisitor(
        API, super.visitMethod(access, name, descriptor, signature, exceptions)) {

      @Override
      public void visitLocalVariable(
          String variable, String type, String of, Label start, Label end, int index) {}

      @Override
      public void visitParameter(String parameter, int flags) {}

      @Override
      public AnnotationVisitor visitAnnotation(String type, boolean visible) {
        return visible ? super.visitAnnotation(type, true) : null;
      }

      @Override
      public AnnotationVisitor visitParameterAnnotation(
          int parameter, String type, boolean visible) {
        return visible ? super.visitParameterAnnotation(parameter, type, true) : null;
      }
    };
  }
}
