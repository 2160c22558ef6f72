package io.meshagent.core.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshagent.core.hooks.GrpcVersion;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramFilesTest {

  @TempDir Path dir;

  /** The class that knows the version, of a copy of gRPC. */
  private static byte[] grpc(String version) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(
        Opcodes.V1_8,
        Opcodes.ACC_PUBLIC,
        "io/grpc/internal/GrpcUtil",
        null,
        "java/lang/Object",
        null);
    writer
        .visitField(
            Opcodes.ACC_STATIC | Opcodes.ACC_FINAL,
            "IMPLEMENTATION_VERSION",
            "Ljava/lang/String;",
            null,
            version)
        .visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(bytes, entries);
    return bytes.toByteArray();
  }

  private static void write(OutputStream to, Map<String, byte[]> entries) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(to)) {
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        zip.write(each.getValue());
        zip.closeEntry();
      }
    }
  }

  private Path jar(String name, Map<String, byte[]> entries) throws IOException {
    return Files.write(dir.resolve(name), zip(entries));
  }

  private static ProgramFiles of(Object classPath) throws IOException {
    ProgramFiles files = new ProgramFiles();
    files.read(classPath.toString());
    return files;
  }

  private static Map<String, byte[]> grpcJar(String version) {
    return Map.of(GrpcVersion.FILE, grpc(version));
  }

  @Test
  void a_jar_with_everything_unpacked_into_it() throws IOException {
    assertThat(of(jar("app.jar", grpcJar("1.60.0"))).versions()).containsExactly("1.60.0");
  }

  @Test
  void a_fat_jar_of_spring_boot_and_a_war() throws IOException {
    for (String folder : List.of("BOOT-INF/lib/", "WEB-INF/lib/")) {
      Map<String, byte[]> entries = new LinkedHashMap<>();
      entries.put(folder + "a.jar", zip(Map.of("a.txt", new byte[0])));
      entries.put(
          folder + "grpc-api-1.58.0.jar", zip(Map.of("io/grpc/Channel.class", new byte[9])));
      entries.put(folder + "grpc-core-1.58.0.jar", zip(grpcJar("1.58.0")));
      assertThat(of(jar("fat.jar", entries)).versions()).containsExactly("1.58.0");
    }
  }

  @Test
  void a_jar_in_a_jar_whose_name_tells_nothing() throws IOException {
    Path jar = jar("fat.jar", Map.of("lib/all.jar", zip(grpcJar("1.58.0"))));
    assertThat(of(jar).versions()).containsExactly("1.58.0");
  }

  @Test
  void the_class_path_of_a_plain_jar() throws IOException {
    Files.createDirectory(dir.resolve("lib"));
    jar("lib/grpc core.jar", grpcJar("1.45.4"));
    String manifest = "Manifest-Version: 1.0\nClass-Path: no.jar lib/grpc%20core.jar app.jar\n\n";
    Path app = jar("app.jar", Map.of("META-INF/MANIFEST.MF", manifest.getBytes(UTF_8)));
    assertThat(of(app).versions()).containsExactly("1.45.4");
  }

  @Test
  void directories_and_all_jars_of_one() throws IOException {
    Path classes = dir.resolve("classes/io/grpc/internal");
    Files.createDirectories(classes);
    Files.write(classes.resolve("GrpcUtil.class"), grpc("1.30.0"));
    Files.createDirectory(dir.resolve("jars"));
    jar("jars/b.jar", grpcJar("1.31.0"));
    String classPath = dir.resolve("classes") + File.pathSeparator + dir.resolve("jars") + "/*";
    assertThat(of(classPath).versions()).containsExactly("1.30.0", "1.31.0");
  }

  @Test
  void a_relocated_copy_is_told_from_one_that_is_governed() throws IOException {
    Path app = jar("app.jar", Map.of("a/b/" + GrpcVersion.FILE, grpc("1.30.0")));
    assertThat(of(app).versions()).isEmpty();
    assertThat(of(app).relocated()).containsExactly("a.b.io.grpc");
  }

  @Test
  void an_agent_that_the_jar_brings() throws IOException {
    String manifest = "Manifest-Version: 1.0\nLauncher-Agent-Class: a.Agent\n\n";
    Path app = jar("app.jar", Map.of("META-INF/MANIFEST.MF", manifest.getBytes(UTF_8)));
    assertThat(of(app).launcherAgents()).containsExactly("a.Agent");
  }

  @Test
  void what_is_not_there_or_no_jar_is_said() throws IOException {
    assertThatThrownBy(() -> of(dir.resolve("no.jar"))).isInstanceOf(FileNotFoundException.class);
    Path text = Files.writeString(dir.resolve("text.jar"), "no jar");
    List<Finding> told = new ArrayList<>();
    new GrpcLook(text.toString()).look(told::add);
    assertThat(told).singleElement().extracting(Finding::sentence).asString().contains("--app");
  }

  @Test
  void what_works_depends_on_the_version() {
    assertThat(mark("1.18.0")).isEqualTo(Finding.Mark.WRONG);
    assertThat(mark("1.21.1")).isEqualTo(Finding.Mark.WRONG);
    assertThat(mark("1.22.0")).isEqualTo(Finding.Mark.GOOD);
    assertThat(mark("1.85.1")).isEqualTo(Finding.Mark.GOOD);
    assertThat(mark("1.86.0-SNAPSHOT")).isEqualTo(Finding.Mark.HINT);
    assertThat(mark("2.0.0")).isEqualTo(Finding.Mark.HINT);
    assertThat(mark("of unknown version")).isEqualTo(Finding.Mark.HINT);
  }

  private static Finding.Mark mark(String version) {
    List<Finding> told = new ArrayList<>();
    GrpcLook.tell(List.of(version), told::add);
    return told.get(0).mark();
  }
}
