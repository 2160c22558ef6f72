package io.meshagent.packing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Whether all is there that Maven Central asks for, and is about this version. For one thread. */
final class BundleCheck {

  /** Central asks for the first two; people compare the last. */
  static final List<String> SUMS = List.of("MD5", "SHA-1", "SHA-256");

  private static final String OURS = "io/meshagent/";

  private final Path folder;
  private final String start;
  private final String version;
  private final List<String> wrong = new ArrayList<>();

  BundleCheck(Path folder, String name, String version) {
    this.folder = folder;
    this.start = name + "-" + version;
    this.version = version;
  }

  static String endOf(String algorithm) {
    return "." + algorithm.toLowerCase(Locale.ROOT).replace("-", "");
  }

  /** A sentence for each fault; empty if there is none. */
  List<String> wrong() throws IOException {
    boolean all = true;
    for (String end : List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json", ".pom")) {
      all &= isThere(end);
    }
    if (all) {
      Set<String> classes = jar();
      sources(classes);
      javadoc(classes);
      wrong.addAll(PomCheck.wrong(file(".pom"), version));
      expect(
          Files.readString(file("-cyclonedx.json")).contains("mesh-agent@" + version + "?"),
          "-cyclonedx.json is not about " + version);
    }
    return wrong;
  }

  private Path file(String end) {
    return folder.resolve(start + end);
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }

  private boolean isThere(String end) throws IOException {
    Path file = file(end);
    if (!Files.isRegularFile(file)) {
      wrong.add(file.getFileName() + " is missing");
      return false;
    }
    byte[] bytes = Files.readAllBytes(file);
    for (String algorithm : SUMS) {
      Path sum = Path.of(file + endOf(algorithm));
      expect(
          Files.exists(sum) && Files.readString(sum).equals(Checksum.of(algorithm, bytes)),
          sum.getFileName() + " is missing or not that of its file");
    }
    return true;
  }

  /** All classes of ours that are in no other, those of the layers included. */
  private Set<String> jar() throws IOException {
    Set<String> classes = new TreeSet<>();
    try (JarFile jar = new JarFile(file(".jar").toFile())) {
      var manifest = jar.getManifest().getMainAttributes();
      expect(
          version.equals(manifest.getValue("Implementation-Version")),
          "the manifest is not of " + version);
      for (String key : List.of("Premain-Class", "Agent-Class", "Main-Class")) {
        expect(manifest.getValue(key) != null, "the manifest has no " + key);
      }
      for (String text : List.of("META-INF/LICENSE", "META-INF/NOTICE")) {
        expect(jar.getEntry(text) != null, "the jar has no " + text);
      }
      jar.stream().forEach(entry -> add(entry.getName(), classes));
      ZipEntry inner = jar.getEntry("inst/layers.zip");
      expect(inner != null, "the jar has no layers");
      if (inner != null) {
        try (InputStream in = jar.getInputStream(inner);
            ZipInputStream layers = new ZipInputStream(in)) {
          for (ZipEntry each = layers.getNextEntry(); each != null; each = layers.getNextEntry()) {
            add(each.getName().replaceFirst("^[^/]+/", ""), classes);
          }
        }
      }
    }
    return classes;
  }

  private static void add(String entry, Set<String> classes) {
    if (entry.startsWith(OURS) && entry.endsWith(".class") && entry.indexOf('$') < 0) {
      classes.add(entry.substring(0, entry.length() - ".class".length()));
    }
  }

  private void sources(Set<String> classes) throws IOException {
    try (JarFile sources = new JarFile(file("-sources.jar").toFile())) {
      Set<String> missing = new TreeSet<>(classes);
      missing.removeIf(name -> sources.getEntry(name + ".java") != null);
      expect(missing.isEmpty(), "the sources lack those of " + missing);
      expect(classes.size() > 1, "the jar has no classes of ours");
    }
  }

  /**
   * Not every class is public, but every package of the jar has one that is, or says what it is.
   */
  private void javadoc(Set<String> classes) throws IOException {
    Set<String> missing = new TreeSet<>();
    try (JarFile javadoc = new JarFile(file("-javadoc.jar").toFile())) {
      expect(javadoc.getEntry("index.html") != null, "the Javadoc has no index.html");
      for (String name : classes) {
        String page = name.replaceFirst("[^/]+$", "package-summary.html");
        if (javadoc.getEntry(page) == null) {
          missing.add(page);
        }
      }
    }
    expect(missing.isEmpty(), "the Javadoc lacks " + missing);
  }
}
