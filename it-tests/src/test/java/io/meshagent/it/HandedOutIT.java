package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Maven;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is handed out is complete, and anybody who builds the same tree gets the same bytes. */
@Thorough
class HandedOutIT {

  private static final Set<String> NOT_COPIED = Set.of("target", ".git");

  private final Path one = Places.newDirectory("handed-out");
  private final Path other = Places.newDirectory("handed-out-in-another-folder");

  @AfterEach
  void delete() {
    Commands.deleteTree(one);
    Commands.deleteTree(other);
  }

  @Test
  void the_same_tree_gives_the_same_bytes_on_two_machines() throws IOException {
    Map<String, Path> here =
        built(one, "0022", "LC_ALL=C.UTF-8", "TZ=UTC", "JAVA_TOOL_OPTIONS=-Duser.language=en");
    // Turkish, where i is no small I; a day ahead; files that nobody else may read.
    Map<String, Path> there =
        built(
            Files.createDirectories(other.resolve("with a space")),
            "0077",
            "LC_ALL=C",
            "TZ=Pacific/Kiritimati",
            "JAVA_TOOL_OPTIONS=-Duser.language=tr -Duser.country=TR"
                + " -Duser.timezone=Pacific/Kiritimati");

    assertThat(here.keySet())
        .isEqualTo(there.keySet())
        .extracting(name -> name.replaceFirst(".*/mesh-agent-[\\d.]+(-SNAPSHOT)?", ""))
        .contains(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json", ".pom", ".pom.sha1");
    here.forEach((name, file) -> assertThat(there.get(name)).as(name).hasSameBinaryContentAs(file));
  }

  /** The files that are handed out, by their place. */
  private static Map<String, Path> built(Path folder, String umask, String... environment)
      throws IOException {
    copy(Places.root(), folder);
    List<String> command = new ArrayList<>(List.of("env", "GIT_DIR=none"));
    command.addAll(List.of(environment));
    command.addAll(List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
    command.addAll(
        Maven.command(
            folder.resolve("pom.xml"),
            List.of("-Prelease", "package", "-Dmaven.test.skip=true", "-pl", "agent", "-am")));
    Commands.Result build = Commands.run(folder, command);
    assertThat(build.ok()).as(() -> build.tail()).isTrue();
    Path repository = folder.resolve("agent/target/release/repository");
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(repository)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(repository.relativize(file).toString(), file));
    }
    return files;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes unused)
              throws IOException {
            if (NOT_COPIED.contains(folder.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes unused)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
