package io.meshagent.core.hooks;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Compares what adapters refer to with what a copy of gRPC has, on class files alone: nothing is
 * loaded or initialised. Made for one loader and thrown away; not thread-safe.
 *
 * @see <a href="https://docs.oracle.com/javase/specs/jvms/se17/html/jvms-4.html#jvms-4.4">the
 *     constant pool</a>
 */
public final class ReferenceCheck {

  private static final int FIELD = 9;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;
  private static final String GRPC = "io/grpc/";

  private final ClassLoader program;
  private final Map<String, Type> types = new HashMap<>();

  public ReferenceCheck(ClassLoader program) {
    this.program = program;
  }

  /** The members and types of {@code io.grpc} that this class file names and the program lacks. */
  public Set<String> missing(byte[] classFile) {
    Set<String> missing = new TreeSet<>();
    ClassReader reader = new ClassReader(classFile);
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      int tag = at == 0 ? 0 : reader.readByte(at - 1);
      if (tag == 7) {
        String type = reader.readUTF8(at, buffer);
        if (type.startsWith(GRPC) && type(type) == null) {
          missing.add(type);
        }
      } else if (tag == FIELD || tag == METHOD || tag == INTERFACE_METHOD) {
        String owner = reader.readClass(at, buffer);
        int nameAndType = reader.getItem(reader.readUnsignedShort(at + 2));
        String member =
            reader.readUTF8(nameAndType, buffer)
                + (tag == FIELD ? " " : "")
                + reader.readUTF8(nameAndType + 2, buffer);
        if (owner.startsWith(GRPC) && !has(owner, member)) {
          missing.add(owner + "." + member);
        }
      }
    }
    return missing;
  }

  private boolean has(String owner, String member) {
    Type type = type(owner);
    if (type == null) {
      return false;
    }
    if (type.members.contains(member)) {
      return true;
    }
    for (String parent : type.parents) {
      // What gRPC inherits from the JDK is there as long as the JDK is.
      if (parent.startsWith(GRPC) ? has(parent, member) : !parent.equals("java/lang/Object")) {
        return true;
      }
    }
    return OBJECT.contains(member);
  }

  private static final Set<String> OBJECT = membersOfObject();

  private static Set<String> membersOfObject() {
    Set<String> members = new HashSet<>();
    members.add("<init>()V");
    members.add("equals(Ljava/lang/Object;)Z");
    members.add("hashCode()I");
    members.add("toString()Ljava/lang/String;");
    members.add("getClass()Ljava/lang/Class;");
    return members;
  }

  private Type type(String name) {
    if (!types.containsKey(name)) {
      types.put(name, read(name));
    }
    return types.get(name);
  }

  private Type read(String name) {
    try (InputStream in = ClassFiles.open(program, name)) {
      if (in == null) {
        return null;
      }
      Type type = new Type();
      new ClassReader(in)
          .accept(type, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      return type;
    } catch (IOException e) {
      return null;
    }
  }

  /** The members and parents of one class file. */
  private static final class Type extends ClassVisitor {
    final Set<String> members = new HashSet<>();
    final Set<String> parents = new HashSet<>();

    Type() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visit(
        int version, int access, String name, String sig, String parent, String[] interfaces) {
      if (parent != null) {
        parents.add(parent);
      }
      for (String each : interfaces) {
        parents.add(each);
      }
    }

    @Override
    public FieldVisitor visitField(int access, String name, String type, String sig, Object value) {
      members.add(name + " " + type);
      return null;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String type, String sig, String[] exceptions) {
      members.add(name + type);
      return null;
    }
  }
}
