package io.meshagent.packing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * A class whose lambdas and method references are ordinary classes, as they were before Java 8: the
 * JVM else makes a class for each at run time, which is most of what a start of ours would cost.
 * All of a class's functions of one interface share a class, {@link FunctionClass}. Made for one
 * class file; not thread-safe.
 *
 * <p>Left as they are: interfaces, whose methods can't be seen by their package alone, and lambdas
 * that are serializable or have more than one interface.
 */
final class Lambdas extends ClassVisitor {

  private static final int API = Opcodes.ASM9;
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";

  private final Map<String, byte[]> made = new LinkedHashMap<>();
  private final Map<String, FunctionClass> functions = new LinkedHashMap<>();

  /** What is called for each function: a method of the class itself, and static. */
  private final Map<Handle, Handle> entries = new LinkedHashMap<>();

  private String name;
  private boolean isInterface;
  private int version;

  private Lambdas(ClassWriter to) {
    super(API, to);
  }

  /**
   * Rewrites a class file.
   *
   * @return name with slashes to class file: first the class, and then those of its functions
   */
  static Map<String, byte[]> of(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(0);
    Lambdas lambdas = new Lambdas(writer);
    reader.accept(lambdas, 0);
    lambdas.made.put(reader.getClassName(), writer.toByteArray());
    lambdas.functions.forEach((ofName, of) -> lambdas.made.put(ofName, of.classFile()));
    return lambdas.made;
  }

  @Override
  public void visit(
      int ofVersion, int access, String own, String sig, String parent, String[] interfaces) {
    name = own;
    version = ofVersion;
    isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
    super.visit(ofVersion, access, own, sig, parent, interfaces);
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String method, String type, String signature, String[] exceptions) {
    if (isInterface) {
      return super.visitMethod(access, method, type, signature, exceptions);
    }
    boolean isCalled = isLambda(method) && (access & Opcodes.ACC_STATIC) != 0;
    int seen = isCalled ? access & ~Opcodes.ACC_PRIVATE : access;
    MethodVisitor to = super.visitMethod(seen, method, type, signature, exceptions);
    return new MethodVisitor(API, to) {
      @Override
      public void visitInvokeDynamicInsn(
          String function, String factory, Handle bootstrap, Object... arguments) {
        if (isPlain(bootstrap)) {
          Handle maker = maker(function, factory, arguments);
          visitMethodInsn(
              Opcodes.INVOKESTATIC, maker.getOwner(), maker.getName(), maker.getDesc(), false);
        } else {
          super.visitInvokeDynamicInsn(function, factory, bootstrap, arguments);
        }
      }
    };
  }

  /** Whether it is a function of one interface and no more. */
  static boolean isPlain(Handle bootstrap) {
    return bootstrap.getOwner().equals(FACTORY) && bootstrap.getName().equals("metafactory");
  }

  private Handle maker(String function, String factory, Object[] arguments) {
    String type = Type.getReturnType(factory).getInternalName();
    String simple = type.substring(Math.max(type.lastIndexOf('/'), type.lastIndexOf('$')) + 1);
    String ofName = name + "$Lambda" + simple;
    while (functions.containsKey(ofName) && !functions.get(ofName).isOf(type)) {
      ofName += "_";
    }
    return functions
        .computeIfAbsent(ofName, unused -> new FunctionClass(version, unused, type))
        .add(
            function,
            Type.getArgumentTypes(factory),
            (Type) arguments[0],
            (Type) arguments[2],
            entry((Handle) arguments[1]));
  }

  /** What javac calls the code of a lambda. */
  private static boolean isLambda(String method) {
    return method.startsWith("lambda$");
  }

  /**
   * The code of a lambda that is static is called as it is, all else by a method of the class that
   * may do so: it can be private, a constructor, or protected and of a parent.
   */
  private Handle entry(Handle target) {
    return isStaticLambda(target)
        ? target
        : entries.computeIfAbsent(
            target,
            unused ->
                new Handle(
                    Opcodes.H_INVOKESTATIC,
                    name,
                    "function$" + entries.size(),
                    Type.getMethodDescriptor(result(target), parameters(target)),
                    false));
  }

  private boolean isStaticLambda(Handle target) {
    return target.getTag() == Opcodes.H_INVOKESTATIC
        && target.getOwner().equals(name)
        && isLambda(target.getName());
  }

  private static Type result(Handle target) {
    return target.getTag() == Opcodes.H_NEWINVOKESPECIAL
        ? Type.getObjectType(target.getOwner())
        : Type.getReturnType(target.getDesc());
  }

  private Type[] parameters(Handle target) {
    List<Type> all = new ArrayList<>();
    switch (target.getTag()) {
      case Opcodes.H_INVOKESTATIC, Opcodes.H_NEWINVOKESPECIAL -> {}
      // A method of a parent is called on the class itself, which may do so.
      case Opcodes.H_INVOKESPECIAL -> all.add(Type.getObjectType(name));
      default -> all.add(Type.getObjectType(target.getOwner()));
    }
    all.addAll(List.of(Type.getArgumentTypes(target.getDesc())));
    return all.toArray(new Type[0]);
  }

  @Override
  public void visitEnd() {
    entries.forEach(this::writeEntry);
    super.visitEnd();
  }

  private void writeEntry(Handle target, Handle entry) {
    MethodVisitor to =
        super.visitMethod(
            Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
            entry.getName(),
            entry.getDesc(),
            null,
            null);
    to.visitCode();
    boolean isNew = target.getTag() == Opcodes.H_NEWINVOKESPECIAL;
    int variable = 0;
    if (isNew) {
      to.visitTypeInsn(Opcodes.NEW, target.getOwner());
      to.visitInsn(Opcodes.DUP);
    }
    for (Type each : Type.getArgumentTypes(entry.getDesc())) {
      to.visitVarInsn(each.getOpcode(Opcodes.ILOAD), variable);
      variable += each.getSize();
    }
    to.visitMethodInsn(
        switch (target.getTag()) {
          case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
          case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
          case Opcodes.H_INVOKEVIRTUAL -> Opcodes.INVOKEVIRTUAL;
          default -> Opcodes.INVOKESPECIAL;
        },
        target.getOwner(),
        target.getName(),
        target.getDesc(),
        target.isInterface());
    Type result = Type.getReturnType(entry.getDesc());
    to.visitInsn(result.getOpcode(Opcodes.IRETURN));
    to.visitMaxs(variable + 2, variable);
    to.visitEnd();
  }
}
