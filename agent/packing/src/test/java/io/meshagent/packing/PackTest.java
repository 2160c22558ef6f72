package io.meshagent.packing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackTest {

  private static final LocalDateTime TIME = LocalDateTime.of(2026, 11, 22, 0, 0);

  private final Map<String, byte[]> entries = new TreeMap<>();

  @Test
  void begins_with_what_a_start_loads_and_stores_it() throws IOException {
    entry("core/a");
    entry("core/b");
    entry("core/c");
    entry("core/left-out");
    List<String> started =
        Pack.started(List.of("# a comment", "core/c", "", "core/gone", "core/left-out", " core/b"));

    List<ZipEntry> written = read(written(List.of("core/a", "core/b", "core/c"), started));

    assertThat(written).extracting(ZipEntry::getName).containsExactly("core/c", "core/b", "core/a");
    assertThat(written)
        .extracting(ZipEntry::getMethod)
        .containsExactly(ZipEntry.STORED, ZipEntry.STORED, ZipEntry.DEFLATED);
    assertThat(written).extracting(ZipEntry::getTimeLocal).containsOnly(TIME);
    // A stored entry has nothing between its name and its bytes.
    assertThat(written.get(0).getExtra()).isNull();
  }

  @Test
  void stores_no_more_than_there_is_room_for() throws IOException {
    entries.put("core/a", new byte[Pack.MOST_STORED - 10]);
    entries.put("core/b", new byte[11]);
    entries.put("core/c", new byte[10]);

    assertThat(read(written(List.of("core/a", "core/b", "core/c"), List.copyOf(entries.keySet()))))
        .extracting(ZipEntry::getMethod)
        .containsExactly(ZipEntry.STORED, ZipEntry.DEFLATED, ZipEntry.STORED);
  }

  @Test
  void writes_the_same_bytes_again() throws IOException {
    entry("core/a");
    entry("core/b");

    assertThat(written(List.of("core/a", "core/b"), List.of("core/b")))
        .isEqualTo(written(List.of("core/b", "core/a"), List.of("core/b")));
  }

  @Test
  void packs_a_folder(@TempDir Path folder) throws IOException {
    Classes classes = new Classes().alone("io/meshagent/Engine").alone("lib/Unused");
    for (Map.Entry<String, byte[]> entry : classes.entries.entrySet()) {
      Path file = folder.resolve("layers").resolve(entry.getKey());
      Path unused = Files.createDirectories(file.getParent());
      unused = Files.write(file, entry.getValue());
    }
    Path list = Files.writeString(folder.resolve("list"), "core/io/meshagent/Engine.class\n");
    Path archive = folder.resolve("layers.zip");

    Pack.main(
        new String[] {
          folder.resolve("layers").toString(),
          list.toString(),
          "2026-11-22T00:00:00Z",
          archive.toString()
        });

    assertThat(read(Files.readAllBytes(archive)))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.getName()).isEqualTo("core/io/meshagent/Engine.class");
              assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
            });
  }

  /** Behind the class they are of: that is when they are needed. */
  @Test
  void what_a_start_loads_of_ours_has_classes_for_its_lambdas() {
    String shapes = "io/meshagent/packing/LambdaShapes.class";
    entries.put("core/" + shapes, LambdasTest.classFile("io/meshagent/packing/LambdaShapes"));
    entries.put("grpc/" + shapes, entries.get("core/" + shapes));
    entries.put("core/lib/Last.class", new byte[1]);
    Set<String> kept = new TreeSet<>(entries.keySet());
    byte[] before = entries.get("core/" + shapes);

    List<String> started =
        Pack.withoutLambdas(
            entries,
            kept,
            List.of("core/gone", "core/" + shapes, "grpc/" + shapes, "core/lib/Last.class"));

    assertThat(started)
        .startsWith("core/gone", "core/" + shapes)
        .endsWith("grpc/" + shapes, "core/lib/Last.class")
        .contains("core/io/meshagent/packing/LambdaShapes$LambdaSupplier.class");
    assertThat(kept).containsAll(started.subList(1, started.size()));
    assertThat(entries.keySet()).containsAll(kept);
    assertThat(entries.get("core/" + shapes)).isNotEqualTo(before);
    assertThat(entries.get("grpc/" + shapes)).isEqualTo(before);
  }

  private void entry(String name) {
    entries.put(name, ("what is in " + name).repeat(9).getBytes(StandardCharsets.UTF_8));
  }

  private byte[] written(List<String> kept, List<String> started) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Pack.write(entries, new TreeSet<>(kept), started, TIME, out);
    return out.toByteArray();
  }

  private static List<ZipEntry> read(byte[] archive) throws IOException {
    List<ZipEntry> read = new ArrayList<>();
    ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive));
    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      read.add(entry);
    }
    return read;
  }
}
