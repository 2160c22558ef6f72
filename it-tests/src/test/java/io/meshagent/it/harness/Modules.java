package io.meshagent.it.harness;

import io.meshagent.it.programs.LoadClient;
import io.meshagent.it.tools.Places;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Class paths turned into modules, as their users turn them. Stateless. */
public final class Modules {

  /** The module of the test programs. */
  public static final String PROGRAMS = "programs";

  private Modules() {}

  /** The jars as they are, each an automatic module. */
  public static String automatic(String classPath) {
    Path packed = Places.newDirectory("modules");
    List<String> path = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      boolean programs = from.equals(Places.codeOf(LoadClient.class));
      Path named = packed.resolve((programs ? PROGRAMS : "other" + path.size()) + ".jar");
      if (Files.isDirectory(from)) {
        path.add(jar(from, named).toString());
      } else {
        path.add(programs ? copy(from, named).toString() : entry);
      }
    }
    return String.join(File.pathSeparator, path);
  }

  private static Path copy(Path from, Path to) {
    try {
      return Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All in one module with a {@code module-info}, which exports everything and opens nothing. */
  public static String closed(String classPath) {
    Path merged = Places.newDirectory("merged");
    Map<String, Set<String>> services = new TreeMap<>();
    try {
      for (String entry : classPath.split(File.pathSeparator, -1)) {
        Path from = Path.of(entry);
        if (Files.isDirectory(from)) {
          merge(from, merged, services);
        } else {
          try (FileSystem jar = FileSystems.newFileSystem(from)) {
            merge(jar.getPath("/"), merged, services);
          }
        }
      }
      Path source = Places.newDirectory("source").resolve("module-info.java");
      Files.writeString(source, moduleInfo(merged, services));
      run("javac", "--patch-module", PROGRAMS + "=" + merged, "-d", merged, source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jar(merged, Places.newDirectory("modules").resolve(PROGRAMS + ".jar")).toString();
  }

  /** A Java of the JDK that runs this build, with these modules and no others: jlink's work. */
  public static Path image(String... modules) {
    Path image = Places.newDirectory("image").resolve("java");
    run("jlink", "--add-modules", String.join(",", modules), "--output", image);
    return image;
  }

  private static String moduleInfo(Path merged, Map<String, Set<String>> services)
      throws IOException {
    StringBuilder info = new StringBuilder("module " + PROGRAMS + " {\n");
    info.append("requires java.logging; requires jdk.unsupported;\n");
    try (Stream<Path> files = Files.walk(merged)) {
      Set<String> packages = new TreeSet<>();
      files
          .filter(file -> file.toString().endsWith(".class"))
          .forEach(file -> packages.add(name(merged.relativize(file.getParent()))));
      packages.forEach(name -> info.append("exports ").append(name).append(";\n"));
    }
    services.forEach(
        (service, providers) -> {
          if (Files.exists(merged.resolve(service.replace('.', '/') + ".class"))) {
            info.append("uses " + service + "; provides " + service + " with ")
                .append(String.join(", ", providers).replace('$', '.'))
                .append(";\n");
          }
        });
    return info.append("}\n").toString();
  }

  private static void merge(Path from, Path to, Map<String, Set<String>> services)
      throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = from.relativize(file).toString();
        if (name.startsWith("META-INF/services/")) {
          List<String> lines = Files.readAllLines(file);
          lines.removeIf(line -> line.isBlank() || line.startsWith("#"));
          services
              .computeIfAbsent(file.getFileName().toString(), key -> new LinkedHashSet<>())
              .addAll(lines);
        } else if (name.endsWith(".class")
            && !name.startsWith("META-INF")
            && !name.endsWith("module-info.class")) {
          Path target = to.resolve(name);
          Places.create(target.getParent());
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static String name(Path folder) {
    return folder.toString().replace('/', '.');
  }

  /** Packs a directory. */
  static Path jar(Path directory, Path jar) {
    run("jar", "--create", "--no-compress", "--file", jar, "-C", directory, ".");
    return jar;
  }

  /** A tool of the JDK that runs this build. */
  static void run(String tool, Object... arguments) {
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    int exit = ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, words);
    if (exit != 0) {
      throw new IllegalStateException(tool + " " + String.join(" ", words) + " failed");
    }
  }
}
