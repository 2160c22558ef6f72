package io.meshagent.packing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the archive of layers, the same bytes for the same files. What a start loads comes first,
 * in the order in which it is loaded, and the most of it stored and not compressed: to be read it
 * has only to be copied. All else follows by name.
 */
public final class Pack {

  /** In bytes: makes the jar some 1.5 MB larger, and keeps it below what it may have. */
  static final int MOST_STORED = 2_150_000;

  /** The folder of the layer whose classes a start loads; others are asked for what they hold. */
  private static final String CORE = "core/";

  private Pack() {}

  /**
   * Run by the build.
   *
   * @param args the folder of the layers; the list of entries that a start loads; the time that all
   *     entries have; the archive to write
   */
  public static void main(String[] args) throws IOException {
    Map<String, byte[]> entries = read(Path.of(args[0]));
    Set<String> kept = Reach.of(entries);
    strip(entries, kept);
    List<String> started =
        withoutLambdas(entries, kept, started(Files.readAllLines(Path.of(args[1]))));
    LocalDateTime time =
        OffsetDateTime.parse(args[2]).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    try (OutputStream out = Files.newOutputStream(Path.of(args[3]))) {
      write(entries, kept, started, time, out);
    }
    System.out.println(
        kept.size() + " of " + entries.size() + " files can be reached and are in the archive");
  }

  private static Map<String, byte[]> read(Path folder) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        entries.put(
            folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    return entries;
  }

  /** Ours stay as they are: people look into them. */
  private static void strip(Map<String, byte[]> entries, Set<String> kept) {
    for (String name : kept) {
      if (name.endsWith(".class") && !name.contains(Reach.OURS)) {
        entries.compute(name, (same, classFile) -> Stripped.of(classFile));
      }
    }
  }

  /**
   * Our own classes among those that a start loads get classes for their functions.
   *
   * @return those and all that a start loads, in its order
   */
  static List<String> withoutLambdas(
      Map<String, byte[]> entries, Set<String> kept, List<String> started) {
    List<String> order = new ArrayList<>();
    for (String name : started) {
      order.add(name);
      if (kept.contains(name) && name.startsWith(CORE + Reach.OURS)) {
        Lambdas.of(entries.get(name))
            .forEach(
                (type, classFile) -> {
                  String entry = CORE + type + ".class";
                  entries.put(entry, classFile);
                  kept.add(entry);
                  order.add(entry);
                });
      }
    }
    return order;
  }

  /** The entries of a list: one a line, but for comments. */
  static List<String> started(List<String> lines) {
    return lines.stream().map(String::trim).filter(line -> !line.matches("#.*|")).toList();
  }

  /**
   * Writes an archive.
   *
   * @param started those to begin with and, until there are {@link #MOST_STORED} of bytes, to
   *     store; as far as they are among the kept ones
   */
  static void write(
      Map<String, byte[]> entries,
      Set<String> kept,
      List<String> started,
      LocalDateTime time,
      OutputStream to)
      throws IOException {
    Set<String> first = new LinkedHashSet<>(started);
    first.retainAll(kept);
    Set<String> order = new LinkedHashSet<>(first);
    order.addAll(kept);
    try (ZipOutputStream out = new ZipOutputStream(to)) {
      out.setLevel(Deflater.BEST_COMPRESSION);
      int stored = 0;
      for (String name : order) {
        byte[] bytes = entries.get(name);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(time);
        if (first.contains(name) && stored + bytes.length <= MOST_STORED) {
          stored += bytes.length;
          CRC32 sum = new CRC32();
          sum.update(bytes);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(bytes.length);
          entry.setCrc(sum.getValue());
        }
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
      }
    }
  }
}
