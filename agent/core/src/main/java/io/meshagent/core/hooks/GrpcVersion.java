package io.meshagent.core.hooks;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Reads the version of a copy of gRPC out of a constant in its class file. Loads nothing. */
final class GrpcVersion {

  /** The versions that the tests run, for sentences about others. */
  static final String TESTED = "1.22 to 1.85";

  private GrpcVersion() {}

  /** The version, {@code 1.45.4}, or {@code of unknown version}. */
  static String of(ClassLoader program) {
    AtomicReference<String> version = new AtomicReference<>("of unknown version");
    try (InputStream in = ClassFiles.open(program, "io/grpc/internal/GrpcUtil")) {
      if (in != null) {
        new ClassReader(in)
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
      }
    } catch (IOException e) {
      version.set("of unreadable version");
    }
    return version.get();
  }
}
