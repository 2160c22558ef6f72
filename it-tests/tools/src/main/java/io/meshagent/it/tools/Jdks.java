package io.meshagent.it.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JDK and JRE homes by major version: what is named ({@code JAVA8_HOME}, {@code -Dmesh.jdks}), what
 * is installed, and else what {@code get-jdks.sh} fetches. Never skips: a version that can't be had
 * fails the test with a sentence. Thread-safe.
 */
public final class Jdks {

  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(?:1\\.)?(\\d+)");
  private static final Map<Integer, Path> HOMES = new ConcurrentHashMap<>();

  private Jdks() {}

  public static Path home(int major) {
    return HOMES.computeIfAbsent(major, Jdks::find);
  }

  private static Path find(int major) {
    if (major == Runtime.version().feature()) {
      return Path.of(System.getProperty("java.home"));
    }
    List<Path> candidates = new ArrayList<>();
    String named = System.getenv("JAVA" + major + "_HOME");
    if (named != null) {
      candidates.add(Path.of(named));
    }
    String jdks = Places.setting("mesh.jdks", "");
    if (!jdks.isEmpty()) {
      candidates.add(Path.of(jdks, "j" + major));
    }
    candidates.addAll(installed(major));
    Path fetched = Places.target().resolve("jdks/j" + major);
    candidates.add(fetched);
    for (Path candidate : candidates) {
      if (Files.isExecutable(candidate.resolve("bin/java"))) {
        return candidate;
      }
    }
    return Fetching.alone("jdks", () -> fetch(major, fetched));
  }

  private static List<Path> installed(int major) {
    List<Path> homes = new ArrayList<>();
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return homes;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(all)) {
      for (Path home : entries) {
        Path release = home.resolve("release");
        if (Files.isRegularFile(release)) {
          Matcher matcher = VERSION.matcher(Files.readString(release));
          if (matcher.find() && Integer.parseInt(matcher.group(1)) == major) {
            homes.add(home);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return homes;
  }

  private static Path fetch(int major, Path home) {
    if (Files.isExecutable(home.resolve("bin/java"))) {
      return home;
    }
    Fetching.say("Java " + major + " from Debian's packages");
    Path script = Places.root().resolve("it-tests/get-jdks.sh");
    Commands.Result result =
        Commands.run(
            Places.target(),
            script.toString(),
            home.getParent().toString(),
            Integer.toString(major));
    if (!result.ok() || !Files.isExecutable(home.resolve("bin/java"))) {
      throw new IllegalStateException(
          "The tests need Java "
              + major
              + " and could not get one: set JAVA"
              + major
              + "_HOME to a JDK or JRE of that version. What was tried: it-tests/get-jdks.sh, which"
              + " said: "
              + result.tail());
    }
    return home;
  }
}
