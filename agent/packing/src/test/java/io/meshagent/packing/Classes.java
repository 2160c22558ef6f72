package io.meshagent.packing;

import java.util.Map;
import java.util.TreeMap;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;

/** Class files made up for a test. Not thread-safe. */
final class Classes {

  final Map<String, byte[]> entries = new TreeMap<>();

  /** A class that names others in one way: a parent, or a text of its constant pool. */
  Classes with(String layer, String name, String parent, String... constants) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, name, null, parent, null);
    for (String constant : constants) {
      writer.newConst(constant);
    }
    writer.visitEnd();
    entries.put(layer + name + ".class", writer.toByteArray());
    return this;
  }

  Classes alone(String name) {
    return with("core/", name, "java/lang/Object");
  }
}
