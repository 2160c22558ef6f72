package io.meshagent.core.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFilesTest {

  @TempDir private Path directory;

  @Test
  void a_jar_that_was_replaced_is_read_anew_though_nobody_closed_its_first_loader()
      throws IOException {
    Path jar = jar("app.jar", "first");
    try (URLClassLoader first = loader(jar)) {
      assertThat(read(first, "some/Type")).isEqualTo("first");
      Files.move(jar("new.jar", "second"), jar, StandardCopyOption.REPLACE_EXISTING);
      try (URLClassLoader second = loader(jar)) {
        assertThat(read(second, "some/Type")).isEqualTo("second");
      }
    }
  }

  @Test
  void a_class_that_is_not_there_is_null() throws IOException {
    try (URLClassLoader loader = loader(jar("app.jar", "first"))) {
      assertThat(ClassFiles.open(loader, "some/Other")).isNull();
      assertThat(read(loader, "some/Type")).isEqualTo("first");
    }
  }

  private Path jar(String name, String content) throws IOException {
    Path jar = directory.resolve(name);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file)) {
      entries.putNextEntry(new JarEntry("some/Type.class"));
      entries.write(content.getBytes(UTF_8));
      entries.closeEntry();
    }
    return jar;
  }

  private static URLClassLoader loader(Path jar) throws IOException {
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
  }

  private static String read(ClassLoader loader, String name) throws IOException {
    try (InputStream in = ClassFiles.open(loader, name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
