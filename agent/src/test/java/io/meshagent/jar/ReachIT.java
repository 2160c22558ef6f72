package io.meshagent.jar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What was left out of the jar is nothing that could be loaded: its class files are read a second
 * time, and in another way than by who has packed them.
 */
class ReachIT {

  private static final String INNER = "inst/";
  private static final String CLASS = ".class";

  /** What a class does to load another one by name: owner and method. */
  private static final Set<String> LOADS =
      Set.of(
          "java/lang/Class.forName",
          "java/lang/ClassLoader.loadClass",
          "java/util/ServiceLoader.load",
          "java/util/ServiceLoader.loadInstalled",
          "java/lang/invoke/MethodHandles$Lookup.findClass");

  private static AgentJar jar;

  /** All that there was to pack, by the names that it would have in the jar. */
  private static Set<String> all;

  @BeforeAll
  static void open() throws IOException {
    jar = new AgentJar();
    Path layers = Path.of(jar.file().getName()).resolveSibling("layers");
    all = new TreeSet<>();
    try (Stream<Path> files = Files.walk(layers)) {
      files
          .filter(Files::isRegularFile)
          .forEach(
              file ->
                  all.add(
                      INNER + layers.relativize(file).toString().replace(File.separatorChar, '/')));
    }
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void whatever_a_class_in_the_jar_names_is_there_too() {
    Map<String, String> missing = new HashMap<>();
    for (String entry : jar.entries(INNER)) {
      if (entry.endsWith(CLASS)) {
        Set<String> named = jar.typesOf(entry);
        named.addAll(jar.stringsOf(entry));
        for (String type : named) {
          for (String layer : List.of("inst/core/", "inst/grpc/")) {
            String file = layer + type + CLASS;
            if (all.contains(file) && !jar.contains(file)) {
              missing.put(file, entry);
            }
          }
        }
      }
    }
    assertThat(missing).as("classes that were left out, and who names them").isEmpty();
  }

  @Test
  void all_of_ours_is_there_and_so_are_all_files_that_are_no_classes() {
    Set<String> expected = new TreeSet<>(all);
    expected.removeIf(name -> name.endsWith(CLASS) && !name.contains("/io/meshagent/"));

    assertThat(expected).hasSizeGreaterThan(500).allMatch(jar::contains);
    assertThat(all).as("what was left out").hasSizeGreaterThan(jar.entries(INNER).size() + 1_000);
  }

  @Test
  void every_provider_of_a_service_is_there() throws IOException {
    for (String name : jar.entries("inst/core/META-INF/services/")) {
      for (String line : jar.textOf(name).split("\n", -1)) {
        String provider = line.replaceFirst("#.*", "").trim();
        assertThat(provider.isEmpty() || jar.contains(classFile(provider))).as(line).isTrue();
      }
    }
  }

  private static String classFile(String type) {
    return "inst/core/" + type.replace('.', '/') + CLASS;
  }

  @Test
  void who_loads_classes_by_name_was_looked_at() throws IOException {
    List<String> known = new ArrayList<>();
    for (String line : Files.readAllLines(list("loads-by-name.txt"))) {
      if (!line.startsWith("#")) {
        assertThat(line).matches("(constant|service|nested|given|jdk|absent) +\\S+");
        known.add(line.replaceFirst("\\S+ +", ""));
      }
    }
    List<String> loading = new ArrayList<>();
    for (String entry : jar.entries("inst/core/")) {
      if (entry.endsWith(CLASS)
          && !entry.startsWith("inst/core/io/meshagent/")
          && jar.methodsCalledBy(entry).stream().anyMatch(LOADS::contains)) {
        loading.add(entry.substring("inst/core/".length(), entry.length() - CLASS.length()));
      }
    }
    assertThat(loading)
        .as(
            "classes that load others by name; a new one belongs in loads-by-name.txt, with a reason")
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void what_a_start_loads_first_is_stored() throws IOException {
    List<String> first = new ArrayList<>(Files.readAllLines(list("start-classes.txt")));
    first.removeIf(line -> line.startsWith("#"));
    first.subList(500, first.size()).clear();

    // Classes come and go; a list that is no longer about these is to be made again.
    assertThat(first.stream().filter(name -> jar.isStored(INNER + name)).count())
        .isGreaterThan(450);
    assertThat(jar.isStored("inst/core/io/meshagent/core/cli/CheckCommand.class")).isFalse();
  }

  private static Path list(String name) {
    return Path.of(System.getProperty("it.root")).resolve("agent/src/main/layers").resolve(name);
  }
}
