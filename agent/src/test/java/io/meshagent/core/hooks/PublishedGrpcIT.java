package io.meshagent.core.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.jar.AgentJar;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLClassLoader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the hooks and the adapters of the finished jar need of gRPC, looked for in every published
 * minor version: a release that moved something fails here, with the member's name.
 */
class PublishedGrpcIT {

  /** Below it there is no way to reroute, and the adapters say so. */
  private static final int FIRST_THAT_REROUTES = 22;

  /** Below it the headers of an attempt can't be seen as it leaves. */
  private static final int FIRST_THAT_SHOWS_ATTEMPTS = 20;

  private final HookWriter writer = new HookWriter(new DoorReach(null, new File("unused")));

  static List<String> versions() throws IOException {
    return PublishedGrpc.versions();
  }

  @BeforeAll
  static void fetch() throws IOException {
    PublishedGrpc.fetch(versions());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void has_every_member_that_adapters_name(String version) throws IOException {
    try (URLClassLoader program = PublishedGrpc.load(version);
        AgentJar jar = new AgentJar()) {
      ReferenceCheck check = new ReferenceCheck(program);
      for (AdapterGroup group : AdapterGroup.values()) {
        Set<String> missing = new TreeSet<>();
        for (byte[] classFile : jar.classFiles("inst/grpc/" + group.folder())) {
          missing.addAll(check.missing(classFile));
        }
        int minor = PublishedGrpc.minor(version);
        if ((group == AdapterGroup.REROUTE && minor < FIRST_THAT_REROUTES)
            || (group == AdapterGroup.ATTEMPT && minor < FIRST_THAT_SHOWS_ATTEMPTS)) {
          assertThat(missing).as("a floor that moved").isNotEmpty();
        } else {
          assertThat(missing).as(group.name()).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void has_every_method_that_is_hooked(String version) throws IOException {
    Map<String, Set<String>> expected = new LinkedHashMap<>();
    int minor = PublishedGrpc.minor(version);
    for (HookTable.Hook hook : HookTable.ALL) {
      if (isOf(minor, hook.type)) {
        expected.computeIfAbsent(hook.type, type -> new TreeSet<>());
      }
    }
    try (URLClassLoader program = PublishedGrpc.load(version)) {
      for (String type : expected.keySet()) {
        String name = type.replace('.', '/');
        byte[] hooked = writer.transform(program, name, null, null, classFile(program, name));
        assertThat(hooked).as(type).isNotNull();
        long hooks = HookTable.ALL.stream().filter(hook -> hook.type.equals(type)).count();
        assertThat(callersOfTheDoor(hooked)).as(type).hasSize((int) hooks);
      }
    }
  }

  /**
   * A call's stream is made by one of two classes, and retried from where calls are rerouted on.
   */
  private static boolean isOf(int minor, String type) {
    return switch (type.substring(type.lastIndexOf('.') + 1)) {
      case "ManagedChannelImpl$ChannelStreamProvider" -> minor >= 32;
      case "ManagedChannelImpl$ChannelTransportProvider" ->
          minor >= FIRST_THAT_REROUTES && minor < 32;
      case "RetriableStream$Sublistener" -> minor >= FIRST_THAT_REROUTES;
      default -> true;
    };
  }

  /**
   * What is read of internals by name: without it that fact is unknown, and nothing else breaks.
   */
  @ParameterizedTest
  @MethodSource("versions")
  void has_every_field_that_is_looked_at(String version) throws IOException {
    int minor = PublishedGrpc.minor(version);
    try (URLClassLoader program = PublishedGrpc.load(version)) {
      assertThat(fields(program, "io/grpc/internal/ManagedChannelImpl"))
          .contains("target", "executor", "transportFactory", "interceptorChannel")
          .contains(minor < FIRST_THAT_REROUTES ? "target" : "retryEnabled")
          .contains(minor < 33 ? "target" : "realChannel")
          // A channel that was there before the agent is taken over by these.
          .contains("lbHelper", "syncContext", "channelStateManager", "panicMode")
          .contains(minor < 73 ? "subchannelPicker" : "delayedTransport");
      if (minor >= 73) {
        assertThat(fields(program, "io/grpc/internal/DelayedClientTransport$PickerState"))
            .contains("lastPicker");
      }
      assertThat(fields(program, "io/grpc/internal/ServerImpl"))
          .contains(minor < 19 || minor > 35 ? "transportServer" : "transportServers");
      assertThat(fields(program, "io/grpc/internal/CallCredentialsApplyingTransportFactory"))
          .contains("delegate");
      assertThat(fields(program, "io/grpc/netty/NettyServer")).contains("protocolNegotiator");
      assertThat(fields(program, "io/grpc/netty/NettyChannelBuilder$NettyTransportFactory"))
          .contains("protocolNegotiator", "channelFactory");
    }
  }

  private static byte[] classFile(ClassLoader program, String name) throws IOException {
    try (InputStream in = program.getResourceAsStream(name + ".class")) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  private static Set<String> fields(ClassLoader program, String name) throws IOException {
    Set<String> fields = new TreeSet<>();
    new ClassReader(classFile(program, name))
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public FieldVisitor visitField(
                  int access, String field, String type, String signature, Object value) {
                fields.add(field);
                return null;
              }
            },
            ClassReader.SKIP_CODE);
    return fields;
  }

  private static Set<String> callersOfTheDoor(byte[] classFile) {
    Set<String> methods = new TreeSet<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String own, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String called, String type, boolean isInterface) {
                    if (owner.equals("io/meshagent/bootstrap/Door")) {
                      methods.add(name + own);
                    }
                  }
                };
              }
            },
            0);
    return methods;
  }
}
