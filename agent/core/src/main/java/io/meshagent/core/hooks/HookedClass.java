package io.meshagent.core.hooks;

import io.meshagent.core.log.Log;
import java.util.HashMap;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * A class of gRPC and the hooks that go into it. First looks at its members to find the places,
 * then copies the class file: all but the hooked methods byte for byte. For one thread and one
 * class file.
 */
final class HookedClass {

  private final String name;
  private final ClassReader reader;

  /** By name, what type they have. */
  private final Map<String, String> fields = new HashMap<>();

  /** By name and descriptor. */
  private final Map<String, HookCode> hooks = new HashMap<>();

  /**
   * @param name with dots
   * @throws RuntimeException if it is no class file, or newer than we can read
   */
  HookedClass(String name, byte[] classFile) {
    this.name = name;
    reader = new ClassReader(classFile);
    Members members = new Members();
    reader.accept(
        members, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    for (HookTable.Hook hook : HookTable.ALL) {
      if (hook.type.equals(name)) {
        place(hook, members.methods);
      }
    }
  }

  private void place(HookTable.Hook hook, Map<String, String> methods) {
    for (HookTable.Placement placement : hook.placements()) {
      boolean placed = false;
      for (Map.Entry<String, String> method : methods.entrySet()) {
        String descriptor = method.getKey().substring(method.getValue().length());
        if (placement.matches(method.getValue(), descriptor)) {
          hooks.put(method.getKey(), placement.code);
          placed = true;
        }
      }
      if (placed) {
        return;
      }
    }
    if (hook.loss() != null) {
      Log.warn(
          "this version of gRPC has no method in "
              + name
              + " that the agent knows to hook, so "
              + hook.loss()
              + "; the program runs on");
    }
  }

  /**
   * The class file with the hooks.
   *
   * @throws RuntimeException if a hook needs what the class does not have
   */
  byte[] write() {
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(new Copy(writer), 0);
    return writer.toByteArray();
  }

  /** What the class declares itself. Bridges are left out: they would run a hook a second time. */
  private final class Members extends ClassVisitor {
    /** Name and descriptor to name. */
    final Map<String, String> methods = new HashMap<>();

    Members() {
      super(Opcodes.ASM9);
    }

    @Override
    public FieldVisitor visitField(
        int access, String field, String type, String signature, Object value) {
      fields.put(field, type);
      return null;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String type, String signature, String[] exceptions) {
      if ((access & Opcodes.ACC_SYNTHETIC) == 0) {
        methods.put(method + type, method);
      }
      return null;
    }
  }

  private final class Copy extends ClassVisitor {
    private int version;

    Copy(ClassVisitor to) {
      super(Opcodes.ASM9, to);
    }

    @Override
    public void visit(
        int newVersion, int access, String type, String sig, String parent, String[] interfaces) {
      version = newVersion;
      super.visit(newVersion, access, type, sig, parent, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String type, String signature, String[] exceptions) {
      MethodVisitor to = super.visitMethod(access, method, type, signature, exceptions);
      HookCode code = hooks.get(method + type);
      if (code == null) {
        return to;
      }
      boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
      return new HookedMethod(to, code, name.replace('.', '/'), isStatic, type, fields, version);
    }
  }
}
