package io.meshagent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerArchiveTest {

  @TempDir Path folder;

  private final Map<String, byte[]> entries = new TreeMap<>();

  @ParameterizedTest
  @CsvSource({
    "0, false",
    "1, true",
    "1, false",
    "3, true",
    "4, false",
    "6000, true",
    "6000, false"
  })
  void finds_each_of_few_and_of_thousands_and_nothing_else(int count, boolean withExtras)
      throws IOException {
    for (int i = 0; i < count; i++) {
      entries.put(
          name(i), ("content of " + i + " ").repeat(i % 7).getBytes(StandardCharsets.UTF_8));
    }
    LayerArchive archive = new LayerArchive(jar(withExtras));

    for (int i = 0; i < count; i++) {
      assertThat(archive.has(name(i))).isTrue();
      assertThat(archive.read(name(i))).isEqualTo(entries.get(name(i)));
    }
    for (int i = count; i < count + 1_000; i++) {
      assertThat(archive.has(name(i))).isFalse();
      assertThat(archive.read(name(i))).isNull();
    }
    assertThat(archive.read("")).isNull();
  }

  private static String name(int i) {
    return "core/some/package" + i % 13 + "/Class" + i + ".class";
  }

  @Test
  void tells_what_is_directly_in_a_folder() throws IOException {
    for (String name : List.of("grpc/a/A", "grpc/a/B", "grpc/a/b/C", "grpc/ab/D", "core/a/A")) {
      entries.put(name, new byte[1]);
    }
    LayerArchive archive = new LayerArchive(jar(false));

    assertThat(archive.namesIn("grpc/a/")).containsExactlyInAnyOrder("grpc/a/A", "grpc/a/B");
    assertThat(archive.namesIn("grpc/none/")).isEmpty();
  }

  @Test
  void several_read_at_once() throws Exception {
    for (int i = 0; i < 200; i++) {
      entries.put(name(i), ("content of " + i).repeat(50 + i).getBytes(StandardCharsets.UTF_8));
    }
    LayerArchive archive = new LayerArchive(jar(false));
    ExecutorService readers = Executors.newFixedThreadPool(4);
    List<Future<?>> all = new ArrayList<>();
    for (int reader = 0; reader < 4; reader++) {
      all.add(
          readers.submit(
              () -> {
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                  assertThat(archive.read(entry.getKey())).isEqualTo(entry.getValue());
                }
                return null;
              }));
    }
    for (Future<?> one : all) {
      assertThat(one.get()).isNull();
    }
    readers.shutdown();
  }

  @Test
  void goes_on_after_an_entry_that_is_damaged() throws IOException {
    entries.put("a", "something of some length".repeat(99).getBytes(StandardCharsets.UTF_8));
    entries.put("b", "good".getBytes(StandardCharsets.UTF_8));
    File jar = jar(false);
    LayerArchive archive = new LayerArchive(jar);
    try (RandomAccessFile file = new RandomAccessFile(jar, "rw")) {
      // Behind both headers and both names: the first compressed bytes.
      file.seek(2 * 30 + "inst/layers.zip".length() + "a".length());
      file.write(new byte[] {-1, -1, -1, -1});
    }

    assertThatThrownBy(() -> archive.read("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a is damaged");
    assertThat(archive.read("b")).asString().isEqualTo("good");
  }

  @Test
  void says_that_another_jar_is_not_ours() throws IOException {
    File jar = folder.resolve("other.jar").toFile();
    try (ZipOutputStream out = new ZipOutputStream(new FileOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("inst/layers.zip"));
      out.write(1);
    }

    assertThatThrownBy(() -> new LayerArchive(jar))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not the agent's own jar");
  }

  private File jar(boolean withExtras) throws IOException {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(inner)) {
      int written = 0;
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        // Every third is stored, when it is about extras.
        write(out, entry.getKey(), entry.getValue(), withExtras && written++ % 3 == 0, withExtras);
      }
    }
    File jar = folder.resolve("agent.jar").toFile();
    try (ZipOutputStream out = new ZipOutputStream(new FileOutputStream(jar))) {
      write(out, "inst/layers.zip", inner.toByteArray(), true, false);
      write(out, "META-INF/LICENSE", new byte[3], false, true);
    }
    return jar;
  }

  private static void write(
      ZipOutputStream out, String name, byte[] bytes, boolean stored, boolean withExtra)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    if (stored) {
      CRC32 sum = new CRC32();
      sum.update(bytes);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(sum.getValue());
    }
    if (withExtra) {
      entry.setExtra(new byte[] {0x75, 0x70, 3, 0, 1, 2, 3});
    }
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }
}
