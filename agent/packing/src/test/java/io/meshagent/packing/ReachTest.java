package io.meshagent.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {

  private static final String OBJECT = "java/lang/Object";

  private final Classes classes = new Classes();

  @Test
  void keeps_ours_and_nothing_that_nobody_names() throws IOException {
    classes.alone("io/meshagent/core/Engine").alone("lib/Unused");

    assertThat(reached()).containsExactly("core/io/meshagent/core/Engine.class");
  }

  @Test
  void keeps_what_is_named_by_what_is_kept() throws IOException {
    classes
        .with("core/", "io/meshagent/core/Engine", "lib/Parent")
        .with("core/", "lib/Parent", "lib/Grandparent")
        .alone("lib/Grandparent")
        .with("core/", "lib/Child", "lib/Parent");

    assertThat(reached())
        .contains("core/lib/Parent.class", "core/lib/Grandparent.class")
        .doesNotContain("core/lib/Child.class");
  }

  @Test
  void keeps_what_another_layer_names() throws IOException {
    classes.with("grpc/", "io/meshagent/grpc/Adapter", OBJECT, "lib.OfCore").alone("lib/OfCore");

    assertThat(reached()).contains("core/lib/OfCore.class");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lib.Loaded",
        "lib/Loaded",
        "(ILlib/Loaded;J)V",
        "[[Llib/Loaded;",
        "<T:Llib/Loaded;>Ljava/lang/Object;",
        "Ljava/util/List<Llib/Loaded;>;",
        "Llib/Loaded<TT;>;",
        "()Llib/Loaded;"
      })
  void keeps_what_stands_in_a_text_as_the_name_of_a_class_or_in_a_type(String text)
      throws IOException {
    classes.with("core/", "io/meshagent/core/Engine", OBJECT, text).alone("lib/Loaded");

    assertThat(reached()).contains("core/lib/Loaded.class");
  }

  @Test
  void keeps_all_files_and_what_service_files_name() throws IOException {
    classes.alone("lib/Provider").alone("lib/Inner$Provider").alone("lib/Unused");
    file(
        "core/META-INF/services/lib.Service",
        "# none\nlib.Provider # the best\n\nlib.Inner$Provider");
    file("core/lib/unused.properties", "lib.Unused");

    assertThat(reached())
        .contains(
            "core/lib/Provider.class",
            "core/lib/Inner$Provider.class",
            "core/lib/unused.properties",
            "core/META-INF/services/lib.Service")
        .doesNotContain("core/lib/Unused.class");
  }

  @Test
  void reads_all_kinds_of_constants() throws IOException {
    String name = ReachTest.class.getName().replace('.', '/');
    byte[] itself = ReachTest.class.getResourceAsStream("ReachTest.class").readAllBytes();

    assertThat(ClassNames.in(itself))
        .contains(name, OBJECT, "io/meshagent/packing/Classes", "lib/Loaded", "java/util/Set");
    assertThat(ClassNames.in(Long.class.getResourceAsStream("Long.class").readAllBytes()))
        .contains("java/lang/Number", "java/lang/Comparable");
  }

  @Test
  void stops_the_build_at_what_is_no_class_file() {
    classes.entries.put("core/io/meshagent/Broken.class", new byte[20]);

    assertThatThrownBy(this::reached).isInstanceOf(IOException.class);
  }

  private void file(String name, String text) {
    classes.entries.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Set<String> reached() throws IOException {
    return Reach.of(classes.entries);
  }
}
