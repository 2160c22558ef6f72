package io.meshagent.packing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipFile;

/** Writes what is in the archive of layers for people, and for programs. */
public final class Contents {

  private Contents() {}

  /**
   * Run by the build.
   *
   * @param args the list of libraries; the archive of layers; the folder of licences; the agent's
   *     version; the time that all files have; the notice to write; the list for programs to write
   */
  public static void main(String[] args) throws IOException {
    List<Library> inside = inside(Library.read(Path.of(args[0])), coreOf(Path.of(args[1])));
    Licences licences = new Licences(Path.of(args[2]));
    Files.writeString(Path.of(args[5]), Notice.of(inside, licences));
    Files.writeString(Path.of(args[6]), Sbom.of(args[3], args[4], inside, licences));
  }

  /** Those of which a class is there. */
  static List<Library> inside(List<Library> all, Set<String> entries) throws IOException {
    List<Library> inside = new ArrayList<>();
    for (Library each : all) {
      if (each.isIn(entries)) {
        inside.add(each);
      }
    }
    return inside;
  }

  /** The files of the layer that has libraries. */
  private static Set<String> coreOf(Path archive) throws IOException {
    Set<String> names = new HashSet<>();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      zip.stream()
          .filter(entry -> entry.getName().startsWith("core/"))
          .forEach(entry -> names.add(entry.getName().substring("core/".length())));
    }
    return names;
  }
}
