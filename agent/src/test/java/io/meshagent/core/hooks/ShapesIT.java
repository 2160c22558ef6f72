package io.meshagent.core.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.SimpleRemapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hooks do what Byte Buddy's advice does, whatever code they are written into. */
class ShapesIT {

  private static final String OURS = Shapes.class.getName().replace('.', '/') + "$";
  private static final String THEIRS = "io/grpc/internal/";

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void hooks_do_what_byte_buddys_advice_does(int mode) throws Exception {
    Map<String, String> ours =
        behaviour(mode, (name, bytes) -> new HookedClass(name, bytes).write(), "Transport");
    Map<String, String> advice = behaviour(mode, ShapesIT::advice, "Transport");
    assertThat(ours).isEqualTo(advice);
    assertThat(ours).hasSize(11 * 9);
    if (mode == 0) {
      assertThat(ours.get(THEIRS + "ServerImpl start GIVES_NOTHING"))
          .isEqualTo("[[2, this, null, null, null]] returned this");
      assertThat(ours.get(THEIRS + "ManagedChannelImpl newCall GIVES_WHAT_FITS"))
          .isEqualTo("[[0, this, interceptorChannel, argument 0, argument 1]] returned ours");
      assertThat(ours.get(THEIRS + "ManagedChannelImpl newCall THROWS"))
          .endsWith("threw java.lang.IllegalStateException in gives: of ours");
      assertThat(ours.get(THEIRS + "ManagedChannelImpl$LbHelperImpl updateBalancingState THROWS"))
          .endsWith("returned [argument 0, argument 1]");
      assertThat(ours.get(THEIRS + "StatsTraceContext newServerContext GIVES_WHAT_FITS"))
          .isEqualTo(
              "[[10, java.lang.Class, argument 0, null, null]] returned [ours, argument 1,"
                  + " argument 2]");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void hooks_of_older_versions_do_so_too(int mode) throws Exception {
    Map<String, String> ours =
        behaviour(mode, (name, bytes) -> new HookedClass(name, bytes).write(), "OlderTransport");
    assertThat(ours).isEqualTo(behaviour(mode, ShapesIT::advice, "OlderTransport"));
    if (mode == 0) {
      assertThat(
              ours.get(
                  THEIRS
                      + "ServerImpl$ServerTransportListenerImpl startWrappedCall GIVES_WHAT_FITS"))
          .isEqualTo("[[1, this, argument 1, null, null]] returned ours");
    }
  }

  private static byte[] advice(String name, byte[] bytes) {
    return AdviceWriter.write(ShapesIT.class.getClassLoader(), name, bytes);
  }

  private static Map<String, String> behaviour(
      int mode, BiFunction<String, byte[], byte[]> writer, String transport) throws Exception {
    Map<String, String> names = new HashMap<>();
    names.put("Thing", "io/grpc/ServerMethodDefinition");
    names.put("Server", THEIRS + "ServerImpl");
    names.put(transport, THEIRS + "ServerImpl$ServerTransportListenerImpl");
    names.put("Channel", THEIRS + "ManagedChannelImpl");
    names.put("Helper", THEIRS + "ManagedChannelImpl$LbHelperImpl");
    names.put("Provider", THEIRS + "ManagedChannelImpl$ChannelStreamProvider");
    names.put("Tracers", THEIRS + "StatsTraceContext");
    names.put("Sublistener", THEIRS + "RetriableStream$Sublistener");
    ClassLoader program = new Renamed(names, writer);
    Shapes.mode = mode;
    Map<String, String> seen = new TreeMap<>();
    for (HookTable.Hook hook : HookTable.ALL) {
      String type = hook.type.replace('.', '/');
      if (names.containsValue(type)) {
        new HookProbe(Class.forName(hook.type, true, program))
            .ofEach(hook)
            .forEach((what, how) -> seen.put(type + " " + what, how));
      }
    }
    return seen;
  }

  /** Has the shapes under the names of what is hooked. */
  private static final class Renamed extends ClassLoader {
    private final Map<String, String> shapes = new HashMap<>();
    private final Map<String, String> renaming = new HashMap<>();
    private final BiFunction<String, byte[], byte[]> writer;

    Renamed(Map<String, String> names, BiFunction<String, byte[], byte[]> writer) {
      super(ShapesIT.class.getClassLoader());
      this.writer = writer;
      names.forEach(
          (shape, name) -> {
            shapes.put(name.replace('/', '.'), shape);
            renaming.put(OURS + shape, name);
          });
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Class<?> known = findLoadedClass(name);
      if (known != null || !shapes.containsKey(name)) {
        return known != null ? known : super.loadClass(name, resolve);
      }
      try {
        String file = OURS + shapes.get(name);
        byte[] shape = HookedLoader.classFile(getParent(), file.replace('/', '.'));
        ClassWriter renamed = new ClassWriter(0);
        new ClassReader(shape)
            .accept(new ClassRemapper(renamed, new SimpleRemapper(Opcodes.ASM9, renaming)), 0);
        byte[] plain = renamed.toByteArray();
        boolean hooked = HookTable.ALL.stream().anyMatch(hook -> hook.type.equals(name));
        byte[] bytes = hooked ? writer.apply(name, plain) : plain;
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
