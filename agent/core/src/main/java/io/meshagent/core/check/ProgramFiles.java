package io.meshagent.core.check;

import io.meshagent.core.hooks.GrpcVersion;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * What is in a program's jars, as far as it concerns the agent: a plain jar, its class path, a fat
 * jar with jars in it (Spring Boot, a WAR), one with everything unpacked into it. Loads nothing.
 * Made for one look.
 */
final class ProgramFiles {

  /** More are no program's. */
  private static final int MOST_JARS = 5_000;

  private static final String[] ROOTS = {"", "BOOT-INF/classes/", "WEB-INF/classes/"};

  private final Set<String> versions = new TreeSet<>();
  private final Set<String> relocated = new TreeSet<>();
  private final Set<String> launcherAgents = new TreeSet<>();
  private final Deque<File> due = new ArrayDeque<>();
  private final Set<File> seen = new HashSet<>();

  /**
   * Reads all of a program.
   *
   * @param classPath as for {@code java -cp}, with {@code dir/*} for the jars of a directory
   */
  void read(String classPath) throws IOException {
    for (String word : classPath.split(File.pathSeparator, -1)) {
      if (word.endsWith("*")) {
        addJarsOf(new File(word.substring(0, word.length() - 1)));
      } else if (!word.isEmpty()) {
        File file = new File(word);
        if (!file.exists()) {
          throw new FileNotFoundException(word);
        }
        add(file);
      }
    }
    for (File next = due.poll(); next != null; next = due.poll()) {
      if (next.isDirectory()) {
        readClasses(next);
      } else if (next.isFile()) {
        readJar(next);
      }
    }
  }

  private void add(File file) {
    if (seen.size() < MOST_JARS && seen.add(file.getAbsoluteFile())) {
      due.add(file);
    }
  }

  private void addJarsOf(File directory) {
    File[] jars =
        directory.listFiles(
            (dir, name) -> name.toLowerCase(java.util.Locale.ROOT).endsWith(".jar"));
    for (File jar : jars == null ? new File[0] : jars) {
      add(jar);
    }
  }

  private void readClasses(File directory) throws IOException {
    File grpc = new File(directory, GrpcVersion.FILE);
    if (grpc.isFile()) {
      try (InputStream in = Files.newInputStream(grpc.toPath())) {
        versions.add(GrpcVersion.in(in));
      }
    }
  }

  private void readJar(File file) throws IOException {
    try (JarFile jar = new JarFile(file, false)) {
      readManifest(jar, file);
      List<ZipEntry> jars = new ArrayList<>();
      for (ZipEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().endsWith(GrpcVersion.FILE)) {
          try (InputStream in = jar.getInputStream(entry)) {
            grpc(entry.getName(), in);
          }
        } else if (entry.getName().endsWith(".jar")) {
          jars.add(entry);
        }
      }
      // By their names first: to look through all of a large program takes its time.
      boolean found = readNested(jar, jars, true);
      if (!found && versions.isEmpty()) {
        readNested(jar, jars, false);
      }
    }
  }

  private boolean readNested(JarFile jar, List<ZipEntry> jars, boolean named) throws IOException {
    boolean found = false;
    for (ZipEntry each : jars) {
      if (each.getName().contains("grpc") == named) {
        try (ZipInputStream inside =
            new ZipInputStream(new BufferedInputStream(jar.getInputStream(each)))) {
          found |= readNested(inside);
        }
      }
    }
    return found;
  }

  private boolean readNested(ZipInputStream inside) throws IOException {
    for (ZipEntry entry = inside.getNextEntry(); entry != null; entry = inside.getNextEntry()) {
      if (entry.getName().endsWith(GrpcVersion.FILE)) {
        grpc(entry.getName(), inside);
        return true;
      }
    }
    return false;
  }

  private void grpc(String name, InputStream in) throws IOException {
    for (String root : ROOTS) {
      if (name.equals(root + GrpcVersion.FILE)) {
        versions.add(GrpcVersion.in(in));
        return;
      }
    }
    String folder = name.substring(0, name.length() - "/internal/GrpcUtil.class".length());
    relocated.add(folder.replace('/', '.'));
  }

  private void readManifest(JarFile jar, File file) throws IOException {
    Manifest manifest = jar.getManifest();
    if (manifest == null) {
      return;
    }
    Attributes main = manifest.getMainAttributes();
    String agent = main.getValue("Launcher-Agent-Class");
    if (agent != null) {
      launcherAgents.add(agent);
    }
    String classPath = main.getValue(Attributes.Name.CLASS_PATH);
    URI here = file.getAbsoluteFile().toURI();
    for (String word : classPath == null ? new String[0] : classPath.trim().split(" +", -1)) {
      try {
        URI there = here.resolve(word);
        if ("file".equals(there.getScheme())) {
          add(new File(there));
        }
      } catch (IllegalArgumentException e) {
        // The JVM passes over what is no address, too.
      }
    }
  }

  /** Of each copy of gRPC that is where its authors put it. */
  Set<String> versions() {
    return versions;
  }

  /** Packages to which others were moved. */
  Set<String> relocated() {
    return relocated;
  }

  /** Agents that the jar brings by its manifest. */
  Set<String> launcherAgents() {
    return launcherAgents;
  }
}
