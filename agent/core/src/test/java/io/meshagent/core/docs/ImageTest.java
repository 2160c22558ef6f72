package io.meshagent.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image that brings the jar into a pod, as far as that can be told without Docker: its file is
 * read, what it would copy is there, its command is run, and the page's deployment fits both.
 */
class ImageTest {

  private static final Path FILE = Pages.ROOT.resolve("agent/docker/Dockerfile");

  @TempDir private Path folder;

  private static List<String> instructions() {
    return Pages.text(FILE)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  /** What stands behind the one instruction of a name. */
  private static String the(String name) {
    List<String> found =
        instructions().stream().filter(line -> line.startsWith(name + " ")).toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0).substring(name.length() + 1).strip();
  }

  @Test
  void it_comes_from_one_version_and_copies_what_the_build_makes() {
    assertThat(instructions()).allMatch(line -> line.matches("(FROM|COPY|USER|CMD) .+"));
    assertThat(instructions().get(0)).matches("FROM [a-z]+:\\d[\\w.-]*");
    assertThat(the("COPY")).isEqualTo("mesh-agent.jar /mesh-agent.jar");
    assertThat(Pages.text(Pages.ROOT.resolve("agent/pom.xml")))
        .contains("<finalName>mesh-agent</finalName>");
    assertThat(the("USER"))
        .as("not root, and as numbers, or runAsNonRoot refuses it")
        .matches("[1-9]\\d*:[1-9]\\d*");
  }

  @Test
  void its_command_copies_the_jar_and_leaves_nothing_else() throws Exception {
    Path mesh = Files.createDirectory(folder.resolve("mesh"));
    Files.writeString(folder.resolve("mesh-agent.jar"), "the new jar");
    Files.writeString(mesh.resolve("mesh-agent.jar"), "an older one");

    Matcher words = Pattern.compile("\"([^\"]*)\"").matcher(the("CMD"));
    List<String> command =
        words.results().map(word -> word.group(1).replaceAll("(?<= )/", folder + "/")).toList();
    Process process = new ProcessBuilder(command).inheritIO().start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(names(mesh)).containsExactly("mesh-agent.jar");
    assertThat(mesh.resolve("mesh-agent.jar")).hasContent("the new jar");
  }

  private static List<String> names(Path of) throws IOException {
    try (var files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void the_deployment_on_the_page_mounts_the_folder_that_it_writes() {
    String page = Pages.text(Pages.DOCS.resolve("kubernetes.md"));
    String init =
        page.substring(page.indexOf("initContainers:"), page.indexOf("      containers:"));

    assertThat(init).contains("{name: mesh, mountPath: /mesh}").doesNotContain("command:");
    assertThat(page)
        .contains(
            "-javaagent:/mesh/mesh-agent.jar", "{name: mesh, mountPath: /mesh, readOnly: true}")
        .contains(
            "docker build -t registry.example.org/mesh-agent:0.1.0 -f agent/docker/Dockerfile");
    String built = "-f agent/docker/Dockerfile agent/target";
    assertThat(page).contains(built);
    assertThat(Pages.text(FILE)).contains(built);
  }
}
