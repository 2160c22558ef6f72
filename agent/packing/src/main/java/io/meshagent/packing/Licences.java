package io.meshagent.packing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Which library is under which licence: a folder with {@code libraries.txt}, whose lines are a
 * group or a {@code group:artifact} and an expression of SPDX, and beside it {@code ID.txt}, the
 * text of a licence that a library asks for and does not bring. Immutable.
 */
final class Licences {

  private final Path folder;
  private final Map<String, String> byName = new HashMap<>();

  Licences(Path folder) throws IOException {
    this.folder = folder;
    for (String line : Files.readAllLines(folder.resolve("libraries.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] nameAndLicence = line.strip().split("\\s+", 2);
        if (nameAndLicence.length < 2) {
          throw new IOException("libraries.txt names no licence of " + line);
        }
        byName.put(nameAndLicence[0], nameAndLicence[1]);
      }
    }
  }

  /**
   * Of a library.
   *
   * @throws IOException where nobody has looked yet
   */
  String of(Library library) throws IOException {
    String licence = byName.getOrDefault(library.name(), byName.get(library.group()));
    if (licence == null) {
      throw new IOException(
          library
              + " is in the jar, and its licence in no line of agent/src/main/licences/libraries.txt;"
              + " look it up and write it there");
    }
    return licence;
  }

  /** What is to be said of a library beside what it says itself; empty for nothing. */
  String textFor(Library library) throws IOException {
    Path text = folder.resolve(library.artifact() + ".txt");
    return Files.exists(text) ? Files.readString(text).strip() : "";
  }
}
