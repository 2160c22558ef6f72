package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.Surroundings;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program takes its surroundings as they are: little memory, no disk to write to, a language with
 * digits of its own. In each of them a server is found by a client with a dead target, calls are
 * answered, and nothing is said but the line at start.
 */
class RightsIT {

  private static final String GREETER = "/services/helloworld.Greeter/";
  private static final String NO_TMP = "WARNING: Failed to get the temporary directory;";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  @Thorough
  @ParameterizedTest(name = "{1}-{2} {3} in {4} on Java {0}")
  @CsvSource("17, tr, TR, '', UTF-16")
  @ThoroughRows({
    "8, th, TH, TH, UTF-16",
    "8, tr, TR,, Cp1047",
    "17, ar, EG,, IBM1047",
    "21, hi, IN,, IBM1047"
  })
  void languages_and_encodings(
      int jdk, String language, String country, String variant, String encoding) {
    world.with(Classpaths.MIDDLE, jdk);
    works(
        program ->
            program
                .property("user.language", language)
                .property("user.country", country)
                .property("user.variant", variant)
                .property("file.encoding", encoding)
                // What the test reads; the second for newer Java.
                .property("sun.stdout.encoding", "UTF-8")
                .property("stdout.encoding", "UTF-8"));
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {8, 17})
  void names_that_the_systems_encoding_does_not_have(int jdk) throws IOException {
    world.with(Classpaths.MIDDLE, jdk);
    Path file = Places.newDirectory("config").resolve("mesh-agent.properties");
    Files.writeString(file, "app.name=gr\u00fc\u00dfer \u4f60\u597d\n");
    works(program -> program.env("LC_ALL", "C").property("mesh.config", file.toString()));
  }

  @Test
  void ipv6_first_and_a_server_on_its_loopback_address() {
    String key =
        works(
            program ->
                program
                    .property("java.net.preferIPv6Addresses", "true")
                    .withoutMesh("register.host"),
            "host=::1");
    assertThat(key).startsWith(GREETER + "[::1]:");
  }

  @Thorough
  @Test
  void ipv4_only() {
    works(program -> program.property("java.net.preferIPv4Stack", "true"));
  }

  @Thorough
  @Test
  void one_processor_and_a_heap_of_64_megabytes() {
    works(program -> program.option("-XX:ActiveProcessorCount=1").option("-Xmx64m"));
  }

  @Thorough
  @Test
  void one_processor_and_a_heap_of_64_megabytes_on_java_8() {
    world.with(Classpaths.MIDDLE, 8);
    works(program -> program.in(Surroundings.oneProcessor()).option("-Xmx64m"));
  }

  @Thorough
  @Test
  void few_open_files() {
    works(program -> program.in(Surroundings.openFiles(64)));
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {8, 17})
  void no_home_and_no_temporary_directory(int jdk) {
    world.with(Classpaths.MIDDLE, jdk);
    works(
        program ->
            program
                .in(Surroundings.without("HOME"))
                .property("user.home", "?")
                .property("java.io.tmpdir", "/dev/null/none"));
  }

  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = 17)
  @ThoroughRows({"8", "25"})
  void a_mask_that_lets_everybody_write_what_a_program_makes(int jdk) throws IOException {
    world.with(Classpaths.MIDDLE, jdk);
    Jvm server = world.flakyServer("a").in(Surroundings.mask("000")).start();
    server.awaitPort();
    server.awaitError(line -> line.contains("governs gRPC"), Jvm.PATIENCE);
    List<Path> copies = new ArrayList<>();
    try (Stream<Path> open = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
      for (Path each : open.toList()) {
        if (Files.readSymbolicLink(each)
            .toString()
            .matches(".*/mesh-agent-\\w+\\.tmp \\(deleted\\)")) {
          copies.add(each);
        }
      }
    }
    assertThat(copies).as(() -> server.described("the copy of the layers")).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copies.get(0))))
        .as("of what the engine takes its classes from")
        .isEqualTo("rw-------");
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = 17)
  @ThoroughRows("8")
  void a_disk_that_cannot_be_written_to(int jdk) {
    world.with(Classpaths.MIDDLE, jdk);
    List<String> readOnly = Surroundings.readOnlyDisk();
    works(program -> program.in(readOnly));
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {8, 17})
  void the_jar_and_the_program_in_a_deep_folder_of_another_script(int jdk) {
    world.with(Classpaths.MIDDLE, jdk);
    works(
        program ->
            program
                .env("LC_ALL", "C.UTF-8")
                .in(Surroundings.deepFolder(Places.agentJar()))
                .agentJar(Path.of("mesh agent.jar")));
  }

  private String works(UnaryOperator<JvmBuilder> surroundings, Object... serverArgs) {
    Jvm server = surroundings.apply(world.flakyServer("a", serverArgs)).leavingFast().start();
    server.awaitPort();
    Jvm client = surroundings.apply(world.loadClient()).start();
    client.await("ready");
    client.awaitInstances(1);
    assertThat(client.load("calls n=20").okBy())
        .as(() -> client.described("calls"))
        .isEqualTo(Map.of("a", 20));
    assertThat(client.load("stream messages=3").okBy())
        .as(() -> client.described("a stream"))
        .isEqualTo(Map.of("a", 3));
    Map<String, EtcdKeys.Entry> registered = ETCD.keys().get(GREETER);
    assertThat(registered).as(() -> server.described("registered")).hasSize(1);
    client.say("quit");
    assertThat(client.awaitExit()).isZero();
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(ETCD.keys().get(GREETER)).as(() -> server.described("withdrawn")).isEmpty();
    assertQuiet(server);
    assertQuiet(client);
    return registered.keySet().iterator().next();
  }

  private static void assertQuiet(Jvm jvm) {
    List<String> said = new ArrayList<>(jvm.stderr());
    assertThat(said.removeIf(line -> line.contains("governs gRPC"))).isTrue();
    // The program's Netty says that it looks for a temporary directory elsewhere.
    said.removeIf(line -> line.contains("PlatformDependent tmpdir") || line.contains(NO_TMP));
    assertThat(said).as(() -> jvm.described("all but the line at start")).isEmpty();
  }
}
