package io.meshagent.core.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages for people, as they stand in the project. Stateless. */
final class Pages {

  /** Tests run in the module's directory. */
  static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  static final Path DOCS = ROOT.resolve("agent/docs");

  private Pages() {}

  /** All pages, decisions included. */
  static List<Path> all() {
    return Stream.concat(top(), markdownBelow(DOCS)).toList();
  }

  /** The pages for those who use the agent: without decisions, which may name what is gone. */
  static List<Path> forUsers() {
    return Stream.concat(top(), markdownBelow(DOCS))
        .filter(page -> !page.startsWith(DOCS.resolve("adr")))
        .toList();
  }

  private static Stream<Path> top() {
    return Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(ROOT::resolve);
  }

  private static Stream<Path> markdownBelow(Path folder) {
    return below(folder, ".md").stream();
  }

  /** All files below a folder whose names end so, in order. */
  static List<Path> below(Path folder, String end) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String textForUsers() {
    return forUsers().stream().map(Pages::text).collect(Collectors.joining("\n"));
  }

  static String name(Path page) {
    return ROOT.relativize(page).toString();
  }
}
