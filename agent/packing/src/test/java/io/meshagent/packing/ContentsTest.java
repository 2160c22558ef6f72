package io.meshagent.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the libraries in the jar. */
class ContentsTest {

  @TempDir private Path folder;
  private Path list;
  private Licences licences;

  @BeforeEach
  void write() throws IOException {
    Path one = jar("one-1.0.jar", Map.of("a/A.class", "", "META-INF/NOTICE", "One is by Ann.\r\n"));
    Path two = jar("two-2.0.jar", Map.of("b/B.class", "", "META-INF/LICENSE.txt", apache()));
    Path three = jar("three-3.0.jar", Map.of("c/C.class", ""));
    list =
        Files.writeString(
            folder.resolve("list"),
            """

            The following files have been resolved:
               org.x:two:jar:2.0:runtime:%s -- module x.two [auto]
               org.x:one:jar:1.0:compile:%s
               org.y:three:jar:3.0:compile:%s -- module y
            """
                .formatted(two, one, three));
    Files.writeString(folder.resolve("libraries.txt"), "# all\norg.x Apache-2.0\norg.x:one MIT\n");
    Files.writeString(folder.resolve("two.txt"), "Two is by Bob.\n");
    licences = new Licences(folder);
  }

  private static String apache() {
    return "Apache License, Version 2.0, January 2004" + " word".repeat(3_000);
  }

  private Path jar(String name, Map<String, String> entries) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> each : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        zip.write(each.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  private List<Library> inside(String... classes) throws IOException {
    return Contents.inside(Library.read(list), Set.of(classes));
  }

  @Test
  void only_libraries_of_which_a_class_is_in_the_jar_are_named_and_in_order() throws IOException {
    assertThat(inside("b/B.class", "a/A.class").toString())
        .isEqualTo("[org.x:one:1.0, org.x:two:2.0]");
    assertThat(inside("META-INF/NOTICE")).isEmpty();
  }

  @Test
  void the_notice_has_their_licences_and_what_they_ask_to_be_said() throws IOException {
    assertThat(Notice.of(inside("b/B.class", "a/A.class"), licences))
        .contains("  org.x:one:1.0  MIT\n  org.x:two:2.0  Apache-2.0\n")
        .contains("org.x:one, META-INF/NOTICE\n\nOne is by Ann.\n")
        .contains("org.x:two\n\nTwo is by Bob.\n")
        .doesNotContain("word", "\r");
  }

  @Test
  void a_library_whose_licence_nobody_looked_up_stops_the_build() throws IOException {
    List<Library> inside = inside("c/C.class");

    assertThatThrownBy(() -> Notice.of(inside, licences))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("org.y:three:3.0 is in the jar")
        .hasMessageContaining("agent/src/main/licences/libraries.txt");
  }

  @Test
  void the_bill_of_materials_is_the_same_text_for_the_same_libraries() throws IOException {
    String bill = Sbom.of("1.2", "2026-11-22T00:00:00Z", inside("a/A.class"), licences);

    assertThat(bill)
        .contains("\"specVersion\": \"1.5\"", "pkg:maven/org.x/one@1.0?type=jar", "\"id\": \"MIT\"")
        .contains("pkg:maven/io.meshagent/mesh-agent@1.2?type=jar")
        .isEqualTo(Sbom.of("1.2", "2026-11-22T00:00:00Z", inside("a/A.class"), licences));
  }
}
