package io.meshagent.jar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the jar says of its libraries is what is in it, found out from its classes. */
class NoticeIT {

  private static final String CORE = "inst/core/";
  private static final Pattern NAMED = Pattern.compile("(?m)^  ([\\w.-]+:[\\w.-]+:\\S+)  (\\S.*)$");
  private static final Pattern FILE =
      Pattern.compile("\\s*([\\w.-]+:[\\w.-]+):jar:([\\w.-]+):\\w+:(.+?\\.jar)(\\s.*|)");

  private static AgentJar jar;

  /** The libraries that have a class, by that class. */
  private static final Map<String, Set<String>> BY_CLASS = new HashMap<>();

  @BeforeAll
  static void open() throws IOException {
    jar = new AgentJar();
    for (String line : Files.readAllLines(at("core/target/libraries.txt"))) {
      Matcher file = FILE.matcher(line);
      if (file.matches()) {
        try (JarFile library = new JarFile(file.group(3))) {
          library.stream()
              .filter(entry -> entry.getName().endsWith(".class"))
              .forEach(
                  entry ->
                      BY_CLASS
                          .computeIfAbsent(entry.getName(), unused -> new HashSet<>())
                          .add(file.group(1) + ":" + file.group(2)));
        }
      }
    }
  }

  private static Path at(String file) {
    return Path.of(System.getProperty("it.root")).resolve("agent").resolve(file);
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  private static Map<String, String> named() {
    Map<String, String> named = new HashMap<>();
    Matcher line = NAMED.matcher(jar.textOf("META-INF/NOTICE"));
    while (line.find()) {
      named.put(line.group(1), line.group(2));
    }
    return named;
  }

  @Test
  void every_class_that_is_not_ours_is_of_a_library_that_is_named() {
    Set<String> named = named().keySet();
    Set<String> unnamed = new TreeSet<>();
    Set<String> inside = new TreeSet<>();
    for (String entry : jar.entries(CORE)) {
      if (entry.endsWith(".class") && !entry.startsWith(CORE + "io/meshagent/")) {
        Set<String> of = BY_CLASS.getOrDefault(entry.substring(CORE.length()), Set.of());
        inside.addAll(of);
        if (of.isEmpty() || !named.containsAll(of)) {
          unnamed.add(entry);
        }
      }
    }
    assertThat(unnamed).as("classes of nobody who is named").isEmpty();
    assertThat(named).as("the libraries that are named").isEqualTo(inside);
    assertThat(inside).hasSizeGreaterThan(30);
  }

  @Test
  void no_library_is_in_the_other_layers() {
    assertThat(jar.entries("inst/"))
        .allMatch(name -> name.startsWith(CORE) || name.startsWith("inst/grpc/io/meshagent/"));
  }

  @Test
  void licences_that_ask_for_their_text_have_it() {
    String notice = jar.textOf("META-INF/NOTICE");

    assertThat(named().values()).allMatch(licence -> licence.matches("[\\w. -]+"));
    assertThat(notice)
        .contains("com.google.protobuf:protobuf-java", "Copyright 2008 Google Inc.")
        .contains("ASM: a very small and fast Java bytecode manipulation framework")
        .contains("org.slf4j:slf4j-api", "QOS.ch", "Permission is hereby granted");
    assertThat(jar.textOf("META-INF/LICENSE")).contains("Version 2.0, January 2004");
  }

  @Test
  void the_bill_of_materials_has_the_same_libraries() throws IOException {
    String bill = Files.readString(at("target/mesh-agent-cyclonedx.json"));

    List<String> purls =
        Pattern.compile("\"purl\": \"pkg:maven/([^\"?]+)\\?type=jar\"")
            .matcher(bill)
            .results()
            .map(found -> found.group(1).replaceAll("[/@]", ":"))
            .toList();
    Set<String> expected = new HashSet<>(named().keySet());
    String version =
        jar.file().getManifest().getMainAttributes().getValue("Implementation-Version");
    expected.add("io.meshagent:mesh-agent:" + version);
    assertThat(purls).containsExactlyInAnyOrderElementsOf(expected);
  }
}
