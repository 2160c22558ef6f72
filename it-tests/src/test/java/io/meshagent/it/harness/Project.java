package io.meshagent.it.harness;

import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Fetching;
import io.meshagent.it.tools.Maven;
import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A small program with a pom of its own, as its users have it, out of {@code it-tests/frameworks}.
 * Built in the build directory by the Maven that runs this build, once for as long as its files
 * stay the same. Its pom finds the greeter's proto in {@code ${proto.dir}}. Thread-safe.
 */
public final class Project {

  private static final Map<String, Path> BUILT = new ConcurrentHashMap<>();

  private Project() {}

  /** The program's folder after {@code package}: what was built is in its {@code target}. */
  public static Path built(String name) {
    return BUILT.computeIfAbsent(name, wanted -> Fetching.alone(() -> build(wanted)));
  }

  /** The one file of {@code target} whose name ends like this. */
  public static Path jar(String name, String end) {
    try (Stream<Path> files = Files.list(built(name).resolve("target"))) {
      List<Path> found = files.filter(file -> file.toString().endsWith(end)).toList();
      if (found.size() != 1) {
        throw new IllegalStateException(name + " has " + found + " where one …" + end + " is due");
      }
      return found.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path build(String name) {
    Path source = Places.root().resolve("it-tests/frameworks").resolve(name);
    Path copy = Places.target().resolve("frameworks").resolve(name);
    Path stamp = copy.resolve("target/built-from");
    try {
      String state = stateOf(source);
      if (!Files.exists(stamp) || !Files.readString(stamp).equals(state)) {
        Commands.deleteTree(copy);
        copy(source, copy);
        Path proto = Places.root().resolve("proto/src/main/proto");
        Maven.run(copy.resolve("pom.xml"), name, List.of("package", "-Dproto.dir=" + proto));
        Files.writeString(stamp, state);
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names and contents of all its files. */
  private static String stateOf(Path source) throws IOException {
    StringBuilder state = new StringBuilder();
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        state.append(source.relativize(file)).append('\n').append(Files.readString(file));
      }
    }
    return state.toString();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Places.create(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
