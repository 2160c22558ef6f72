package io.meshagent.core.hooks;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Reads the version of a copy of gRPC out of a constant in its class file. Loads nothing. */
public final class GrpcVersion {

  /** The minor version of 1 from which on all works. */
  public static final int FIRST_MINOR = 22;

  /** The last one that the tests run. */
  public static final int LAST_MINOR = 85;

  /** The versions that the tests run, for sentences about others. */
  public static final String TESTED = "1." + FIRST_MINOR + " to 1." + LAST_MINOR;

  /** The class that knows it, as a file below the root of a class path. */
  public static final String FILE = "io/grpc/internal/GrpcUtil.class";

  private static final String UNKNOWN = "of unknown version";

  private GrpcVersion() {}

  /** The version, {@code 1.45.4}, or {@code of unknown version}. */
  static String of(ClassLoader program) {
    try (InputStream in = ClassFiles.open(program, FILE.substring(0, FILE.lastIndexOf('.')))) {
      return in == null ? UNKNOWN : in(in);
    } catch (IOException e) {
      return "of unreadable version";
    }
  }

  /** The same of the class file itself. */
  public static String in(InputStream classFile) throws IOException {
    AtomicReference<String> version = new AtomicReference<>(UNKNOWN);
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public FieldVisitor visitField(
                  int access, String name, String type, String sig, Object value) {
                if (name.equals("IMPLEMENTATION_VERSION") && value instanceof String) {
                  version.set((String) value);
                }
                return null;
              }
            },
            ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return version.get();
  }
}
