package io.meshagent.packing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A library that core was compiled with, and its file. Immutable.
 *
 * @param group as Maven has it, as the two after it
 * @param file its jar
 */
record Library(String group, String artifact, String version, Path file) {

  /** A line of {@code dependency:list}: {@code group:artifact:jar:version:compile:/path -- …}. */
  private static final Pattern LINE =
      Pattern.compile("\\s*([\\w.-]+):([\\w.-]+):jar:([\\w.-]+):\\w+:(.+?\\.jar)(\\s.*|)");

  /** What a jar says for its authors, beside its classes. */
  private static final Pattern TEXT =
      Pattern.compile("(?i)(META-INF/)?((NOTICE|LICEN[SC]E)[\\w.-]*|licen[sc]es/[\\w.-]+)");

  /** All that a list names, by name. */
  static List<Library> read(Path list) throws IOException {
    List<Library> all = new ArrayList<>();
    for (String line : Files.readAllLines(list)) {
      Matcher named = LINE.matcher(line);
      if (named.matches()) {
        all.add(
            new Library(named.group(1), named.group(2), named.group(3), Path.of(named.group(4))));
      }
    }
    if (all.isEmpty()) {
      throw new IOException(list + " names no library, so the form of its lines has changed");
    }
    all.sort(Comparator.comparing(Library::toString));
    return all;
  }

  /** Whether one of its classes is among these files. */
  boolean isIn(Set<String> entries) throws IOException {
    try (ZipFile jar = new ZipFile(file.toFile())) {
      return jar.stream()
          .map(ZipEntry::getName)
          .anyMatch(name -> name.endsWith(".class") && entries.contains(name));
    }
  }

  /** The texts about licences that it brings, by name, without the agent's own licence. */
  Map<String, String> texts() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (ZipFile jar = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        if (TEXT.matcher(entry.getName()).matches()) {
          String text =
              new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
          if (!isApache(text)) {
            texts.put(entry.getName(), text.replace("\r\n", "\n").strip());
          }
        }
      }
    }
    return texts;
  }

  /** Its whole text, which the jar holds once, and not a mere mention. */
  private static boolean isApache(String text) {
    return text.contains("Version 2.0, January 2004") && text.length() > 9_000;
  }

  /** {@code group:artifact}. */
  String name() {
    return group + ":" + artifact;
  }

  @Override
  public String toString() {
    return name() + ":" + version;
  }
}
