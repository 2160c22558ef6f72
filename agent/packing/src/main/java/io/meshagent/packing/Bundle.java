package io.meshagent.packing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Gathers the files that are handed out under the names that they have in a Maven repository, each
 * with its sums, and looks them over. Signatures are not made here: whoever has the key makes them.
 */
public final class Bundle {

  private static final String NAME = "mesh-agent";

  private Bundle() {}

  /**
   * Run by the build.
   *
   * @param args the folder of what was built; the pom's template; the version; the folder to write,
   *     which is the root of a repository
   * @throws IOException which says all that is wrong, if something is
   */
  public static void main(String[] args) throws IOException {
    Path built = Path.of(args[0]);
    String version = args[2];
    Path folder = Path.of(args[3]).resolve("io/meshagent/" + NAME).resolve(version);
    empty(folder);
    Map<String, String> files =
        Map.of(
            ".jar", NAME + ".jar",
            "-sources.jar", NAME + "-sources.jar",
            "-javadoc.jar", NAME + "-javadoc.jar",
            "-cyclonedx.json", NAME + "-cyclonedx.json");
    String start = NAME + "-" + version;
    for (Map.Entry<String, String> each : files.entrySet()) {
      Path file = built.resolve(each.getValue());
      if (Files.exists(file)) {
        Files.copy(
            file, folder.resolve(start + each.getKey()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    String pom = Files.readString(Path.of(args[1])).replace("@version@", version);
    Files.writeString(folder.resolve(start + ".pom"), pom);
    sums(folder);
    List<String> wrong = new BundleCheck(folder, NAME, version).wrong();
    if (!wrong.isEmpty()) {
      throw new IOException(
          "What is to be handed out is not complete:\n  " + String.join("\n  ", wrong));
    }
    System.out.println("To be signed and handed out: all of " + folder);
    if (pom.contains(PomCheck.PLACEHOLDER)) {
      System.out.println(
          "Not to be published yet: agent/src/main/release/pom.xml has placeholders at "
              + PomCheck.PLACEHOLDER);
    }
  }

  private static void empty(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> before = Files.list(folder)) {
      for (Path file : before.toList()) {
        Files.delete(file);
      }
    }
  }

  private static void sums(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        for (String algorithm : BundleCheck.SUMS) {
          String end = BundleCheck.endOf(algorithm);
          Files.writeString(Path.of(file + end), Checksum.of(algorithm, bytes));
        }
      }
    }
  }
}
