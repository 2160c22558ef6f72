package io.meshagent.core.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookWriterTest {

  private final ClassLoader program = HookWriterTest.class.getClassLoader();
  private final HookWriter writer = new HookWriter(new DoorReach(null, new File("unused")));

  @ParameterizedTest
  @CsvSource({
    "ServerImpl, 'shutdown,shutdownNow,start'",
    "ServerImpl$ServerTransportListenerImpl, wrapMethod",
    "ManagedChannelImpl, 'exitIdleMode,newCall,shutdownNameResolverAndLoadBalancer'",
    "ManagedChannelImpl$LbHelperImpl, updateBalancingState",
    "ManagedChannelImpl$ChannelStreamProvider, newStream",
    "RetriableStream$Sublistener, makeRetryDecision",
    "StatsTraceContext, newServerContext"
  })
  void writes_a_call_of_the_door_into_each_hooked_method_and_no_other(String type, String methods)
      throws IOException {
    String name = "io/grpc/internal/" + type;
    byte[] hooked = writer.transform(program, name, null, null, classFile(name));
    assertThat(String.join(",", callersOfTheDoor(hooked))).isEqualTo(methods);
  }

  @Test
  void adds_no_member_so_that_loaded_classes_can_be_hooked_too() throws IOException {
    String name = "io/grpc/internal/ManagedChannelImpl";
    byte[] before = classFile(name);
    byte[] after = writer.transform(program, name, null, null, before);
    assertThat(methodsOf(after)).isEqualTo(methodsOf(before));
  }

  @Test
  void leaves_a_class_as_it_is_that_it_cannot_read() {
    assertThat(writer.transform(program, "io/grpc/internal/ServerImpl", null, null, new byte[9]))
        .isNull();
  }

  @Test
  void leaves_what_nobody_wants_as_it_is() throws IOException {
    HookWriter without = new HookWriter(new DoorReach(null, new File("unused")), false, false);
    for (String name : List.of("io/grpc/internal/StatsTraceContext", "io/grpc/Context")) {
      assertThat(writer.transform(program, name, null, null, classFile(name))).isNotNull();
      assertThat(without.transform(program, name, null, null, classFile(name))).isNull();
    }
    String other = "io/grpc/internal/ServerImpl";
    assertThat(without.transform(program, other, null, null, classFile(other))).isNotNull();
  }

  private byte[] classFile(String name) throws IOException {
    try (InputStream in = program.getResourceAsStream(name + ".class")) {
      return in.readAllBytes();
    }
  }

  private static Set<String> methodsOf(byte[] classFile) {
    Set<String> methods = new TreeSet<>();
    visit(classFile, methods, false);
    return methods;
  }

  private static Set<String> callersOfTheDoor(byte[] classFile) {
    Set<String> methods = new TreeSet<>();
    visit(classFile, methods, true);
    return methods;
  }

  private static void visit(byte[] classFile, Set<String> methods, boolean callersOnly) {
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                if (!callersOnly) {
                  methods.add(name + type);
                  return null;
                }
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String called, String type, boolean isInterface) {
                    if (owner.equals("io/meshagent/bootstrap/Door")) {
                      methods.add(name);
                    }
                  }
                };
              }
            },
            0);
  }
}
