package io.meshagent.jar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The walls of the jar, held by reading the constant pools of what is in it. */
class LayersIT {

  private static final String CORE = "inst/core/";
  private static final String GRPC = "inst/grpc/";
  private static final String BOOTSTRAP = "io/meshagent/bootstrap/";
  private static final String API = "io/meshagent/core/api/";
  private static final String CALL = "io/meshagent/core/call/";
  private static final int JAVA_8 = 52;
  private static final long MOST_BYTES = 12_000_000;

  private static AgentJar jar;

  @BeforeAll
  static void open() throws IOException {
    jar = new AgentJar();
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void the_manifest_names_the_entry_points() throws IOException {
    var main = jar.file().getManifest().getMainAttributes();
    for (String entry : List.of("Premain-Class", "Agent-Class", "Main-Class")) {
      assertThat(main.getValue(entry)).isEqualTo("io.meshagent.bootstrap.MeshAgent");
    }
    assertThat(main.getValue("Can-Retransform-Classes")).isEqualTo("true");
    assertThat(main.getValue("Implementation-Version")).isNotBlank();
    assertThat(main.getValue("Boot-Class-Path")).isNull();
  }

  @Test
  void the_root_shows_the_program_nothing_but_our_few_classes() {
    assertThat(jar.entries(""))
        .filteredOn(name -> !name.startsWith("inst/"))
        .allSatisfy(
            name ->
                assertThat(name)
                    .matches(
                        BOOTSTRAP
                            + "[\\w$-]+\\.class|META-INF/MANIFEST\\.MF|META-INF/(LICENSE|NOTICE)"));
    assertThat(jar.entries(BOOTSTRAP)).hasSizeLessThan(18);
  }

  @Test
  void the_top_of_the_jar_costs_a_program_without_grpc_next_to_nothing() {
    assertThat(jar.file().stream()).hasSizeLessThan(26);
  }

  @Test
  void our_loader_finds_no_second_version_of_a_class() {
    assertThat(jar.entries("inst/")).noneMatch(name -> name.contains("META-INF/versions"));
    assertThat(jar.entries("inst/")).noneMatch(name -> name.endsWith("module-info.class"));
  }

  @Test
  void no_class_stands_in_two_layers() {
    Set<String> seen = new HashSet<>();
    Set<String> twice = new TreeSet<>();
    for (String layer : List.of(CORE, GRPC)) {
      for (String name : jar.entries(layer)) {
        if (name.endsWith(".class") && !seen.add(name.substring(layer.length()))) {
          twice.add(name);
        }
      }
    }
    for (String name : jar.entries(BOOTSTRAP)) {
      if (seen.contains(name)) {
        twice.add(name);
      }
    }
    assertThat(twice).isEmpty();
  }

  @Test
  void all_classes_run_on_java_8() {
    assertThat(jar.entries(""))
        .filteredOn(name -> name.endsWith(".class"))
        .allMatch(name -> jar.classFileVersion(name) <= JAVA_8);
  }

  @Test
  void bootstrap_needs_the_jdk_only() {
    assertReferences(BOOTSTRAP, type -> isJdk(type) || type.startsWith(BOOTSTRAP));
  }

  @Test
  void bootstrap_reaches_for_nothing_that_a_program_may_want_to_set_up_itself() {
    for (String name : jar.entries(BOOTSTRAP)) {
      // Comes with the engine, which needs java.nio anyway, and not at the start of the program.
      boolean withEngine = name.equals(BOOTSTRAP + "UnnamedFile.class");
      assertThat(jar.referencesOf(name))
          .as(name)
          .noneMatch(
              type ->
                  type.startsWith("java/util/logging/")
                      || (type.startsWith("java/nio/") && !withEngine)
                      || type.startsWith("javax/management/")
                      || type.equals("java/lang/invoke/LambdaMetafactory"));
    }
  }

  @Test
  void adapters_see_grpc_and_cores_api_and_call_and_nothing_else_of_ours() {
    assertReferences(
        GRPC,
        type ->
            isJdk(type)
                || type.startsWith("io/grpc/")
                || type.startsWith("io/meshagent/grpc/")
                || type.startsWith(API)
                || type.startsWith(CALL));
  }

  @Test
  void adapters_keep_to_grpcs_public_api() {
    for (String name : jar.entries(GRPC)) {
      assertThat(jar.referencesOf(name))
          .as(name)
          .noneMatch(
              type ->
                  type.startsWith("io/grpc/internal/")
                      || type.startsWith("io/grpc/netty/")
                      || type.startsWith("io/grpc/okhttp/"));
    }
  }

  @Test
  void cores_api_and_call_are_jdk_types_only() {
    assertReferences(CORE + API, type -> isJdk(type) || type.startsWith(API));
    assertReferences(
        CORE + CALL, type -> isJdk(type) || type.startsWith(API) || type.startsWith(CALL));
  }

  @Test
  void of_byte_buddy_there_is_its_asm_and_nothing_that_costs_time_at_start() {
    assertThat(jar.entries(CORE + "net/bytebuddy/"))
        .isNotEmpty()
        .allMatch(name -> name.startsWith(CORE + "net/bytebuddy/jar/asm/"));
  }

  @Test
  void core_uses_grpc_only_where_it_talks_to_etcd_and_to_the_collector() {
    for (String name : jar.entries(CORE + "io/meshagent/core/")) {
      boolean may =
          name.contains("/registry/etcd/connection/")
              || name.contains("/registry/etcd/access/EtcdTls")
              || name.contains("/telemetry/otlp/");
      if (name.endsWith(".class") && !may) {
        assertThat(jar.referencesOf(name)).as(name).noneMatch(type -> type.startsWith("io/grpc/"));
      }
    }
  }

  @Test
  void what_is_named_of_ours_is_there_libraries_that_were_given_a_class_of_ours_included() {
    Set<String> named = new TreeSet<>();
    for (String name : jar.entries("")) {
      if (name.endsWith(".class")) {
        named.addAll(jar.referencesOf(name));
      }
    }
    named.removeIf(type -> !type.startsWith("io/meshagent/"));
    named.removeIf(
        type ->
            jar.contains(type + ".class")
                || jar.contains(CORE + type + ".class")
                || jar.contains(GRPC + type + ".class"));
    assertThat(named).as("classes that are named and not there").isEmpty();
  }

  @Test
  void core_never_names_an_adapter() {
    for (String name : jar.entries(CORE + "io/meshagent/core/")) {
      if (name.endsWith(".class")) {
        assertThat(jar.referencesOf(name))
            .as(name)
            .noneMatch(type -> type.startsWith("io/meshagent/grpc/"));
      }
    }
  }

  @Test
  void no_library_of_ours_can_reach_the_programs_logging() {
    for (String name : jar.entries(CORE)) {
      if (name.endsWith(".class")) {
        assertThat(jar.referencesOf(name))
            .as(name)
            .doesNotContain("java/util/logging/Logger", "java/util/logging/LogManager");
      }
    }
  }

  @Test
  void no_native_code_is_brought_along() {
    assertThat(jar.entries("inst/"))
        .noneMatch(name -> name.endsWith(".so") || name.endsWith(".dll") || name.endsWith("lib"));
  }

  @Test
  void the_jar_stays_small() {
    assertThat(new File(jar.file().getName()).length()).isLessThan(MOST_BYTES);
  }

  private static void assertReferences(String folder, Predicate<String> allowed) {
    List<String> classes =
        jar.entries(folder).stream().filter(name -> name.endsWith(".class")).toList();
    assertThat(classes).isNotEmpty();
    for (String name : classes) {
      assertThat(jar.referencesOf(name)).as(name).allMatch(allowed);
    }
  }

  private static boolean isJdk(String type) {
    return type.startsWith("java/") || type.startsWith("javax/") || type.length() == 1;
  }
}
