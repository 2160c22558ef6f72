package io.meshagent.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is to be handed out is complete, or the build fails and says what is not. */
class BundleTest {

  private static final Path POM = Path.of("../src/main/release/pom.xml");

  @TempDir private Path folder;

  @BeforeEach
  void build() throws IOException {
    jar("1-SNAPSHOT", "io/meshagent/a/A.class");
    zip("mesh-agent-sources.jar", "io/meshagent/a/A.java", "io/meshagent/b/B.java");
    zip(
        "mesh-agent-javadoc.jar",
        "index.html",
        "io/meshagent/a/package-summary.html",
        "io/meshagent/b/package-summary.html");
    bill("1-SNAPSHOT");
  }

  private void jar(String version, String entry) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    main.put(Attributes.Name.MAIN_CLASS, "io.meshagent.a.A");
    main.putValue("Premain-Class", "io.meshagent.a.A");
    main.putValue("Agent-Class", "io.meshagent.a.A");
    try (OutputStream out = Files.newOutputStream(folder.resolve("mesh-agent.jar"));
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (String name : new String[] {entry, "META-INF/LICENSE", "META-INF/NOTICE"}) {
        jar.putNextEntry(new ZipEntry(name));
      }
      jar.putNextEntry(new ZipEntry("inst/layers.zip"));
      jar.write(Files.readAllBytes(zip("layers", "core/io/meshagent/b/B.class", "core/c/C.class")));
    }
  }

  private Path zip(String name, String... entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
      }
    }
    return folder.resolve(name);
  }

  private void bill(String version) throws IOException {
    Path unused =
        Files.writeString(
            folder.resolve("mesh-agent-cyclonedx.json"), "mesh-agent@" + version + "?type=jar");
  }

  private void bundle(Path pom, String version) throws IOException {
    Bundle.main(
        new String[] {
          folder.toString(), pom.toString(), version, folder.resolve("repository").toString()
        });
  }

  @Test
  void all_of_it_stands_in_the_folders_of_a_repository_with_its_sums() throws IOException {
    bundle(POM, "1-SNAPSHOT");

    Path repository = folder.resolve("repository/io/meshagent/mesh-agent/1-SNAPSHOT");
    try (var files = Files.list(repository)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .hasSize(5 * 4)
          .contains(
              "mesh-agent-1-SNAPSHOT.jar",
              "mesh-agent-1-SNAPSHOT-sources.jar",
              "mesh-agent-1-SNAPSHOT-javadoc.jar.sha1",
              "mesh-agent-1-SNAPSHOT-cyclonedx.json.sha256",
              "mesh-agent-1-SNAPSHOT.pom.md5");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mesh-agent.jar",
        "mesh-agent-sources.jar",
        "mesh-agent-javadoc.jar",
        "mesh-agent-cyclonedx.json"
      })
  void a_file_that_is_missing_is_told(String file) throws IOException {
    Files.delete(folder.resolve(file));

    assertThatThrownBy(() -> bundle(POM, "1-SNAPSHOT"))
        .hasMessageContaining(file.replace("mesh-agent", "mesh-agent-1-SNAPSHOT") + " is missing");
  }

  @Test
  void sources_and_javadoc_have_to_be_of_all_that_is_in_the_jar() throws IOException {
    zip("mesh-agent-sources.jar", "io/meshagent/a/A.java");
    zip("mesh-agent-javadoc.jar", "io/meshagent/b/package-summary.html");

    assertThatThrownBy(() -> bundle(POM, "1-SNAPSHOT"))
        .hasMessageContaining("the sources lack those of [io/meshagent/b/B]")
        .hasMessageContaining("no index.html")
        .hasMessageContaining("the Javadoc lacks [io/meshagent/a/package-summary.html]");
  }

  @Test
  void a_release_has_no_placeholders() throws IOException {
    jar("1.0", "io/meshagent/a/A.class");
    bill("1.0");

    assertThatThrownBy(() -> bundle(POM, "1.0")).hasMessageContaining("placeholders");
    Path pom = folder.resolve("pom.xml");
    Files.writeString(pom, Files.readString(POM).replace("example.org", "mesh.test"));
    assertThatCode(() -> bundle(pom, "1.0")).doesNotThrowAnyException();
    assertThatThrownBy(() -> bundle(pom, "1.1")).hasMessageContaining("manifest is not of 1.1");
  }

  @ParameterizedTest
  @CsvSource({
    "<name>mesh-agent</name>, '', the pom has no name",
    "(?s)<scm>.*</scm>, '', the pom has no scm/connection",
    "(?s)<licenses>.*</licenses>, '', the pom has no licenses/license/name",
    "(?s)<developers>.*</developers>, '', the pom has no developers/developer/name",
    "<packaging>, <parent>x</parent><packaging>, the pom has parent",
    "@version@, 7, the pom is not of 1-SNAPSHOT",
    "</project>, '', the pom cannot be read",
  })
  void a_pom_that_is_not_complete_is_told(String what, String by, String sentence)
      throws IOException {
    Path pom = folder.resolve("pom.xml");
    Files.writeString(pom, Files.readString(POM).replaceAll(what, by));

    assertThatThrownBy(() -> bundle(pom, "1-SNAPSHOT")).hasMessageContaining(sentence);
  }
}
