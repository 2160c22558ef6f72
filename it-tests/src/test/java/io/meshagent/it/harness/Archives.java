package io.meshagent.it.harness;

import io.meshagent.it.programs.Rehearsal;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Fetching;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What most test programs load of gRPC, Netty and the JDK, read and verified once and mapped by
 * each JVM (class-data sharing): it spares one a fifth of the processor time of its start. Only for
 * the two class paths and the Java that nearly all scenarios use; dumped without the agent, whose
 * own classes are loaded as ever. Thread-safe.
 */
final class Archives {

  /** The first version that archives classes of programs at the end of a run. */
  private static final int OLDEST = 13;

  /** Newer ones tell on stdout that the archive was made without the module that agents need. */
  private static final int NEWEST = 23;

  private static final Map<String, Optional<Path>> MADE = new ConcurrentHashMap<>();

  private Archives() {}

  /** The archive for a program, if there is one for its Java and its class path. */
  static Optional<Path> of(int jdk, String classPath) {
    if (jdk != Runtime.version().feature() || jdk < OLDEST || jdk > NEWEST) {
      return Optional.empty();
    }
    for (String grpc : List.of(Classpaths.MIDDLE, Classpaths.NEWEST)) {
      String common = Classpaths.ofGreeter(grpc);
      // What stands behind the archived class path may be anything.
      if (classPath.equals(common) || classPath.startsWith(common + File.pathSeparator)) {
        return MADE.computeIfAbsent(
            "j" + jdk + "-grpc-" + grpc,
            name -> Fetching.alone("archives", () -> foundOrDumped(name, common)));
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> foundOrDumped(String name, String classPath) {
    List<Path> jars = Stream.of(classPath.split(File.pathSeparator, -1)).map(Path::of).toList();
    // Directories, as an IDE has them, can't be archived.
    if (!jars.stream().allMatch(Files::isRegularFile)) {
      return Optional.empty();
    }
    Path directory = Places.create(Places.target().resolve("archives"));
    Path archive = directory.resolve(name + "-" + Long.toHexString(sum(jars)) + ".jsa");
    Path refused = archive.resolveSibling(archive.getFileName() + ".refused");
    if (!Files.exists(archive) && !Files.exists(refused)) {
      try {
        dump(name, classPath, archive, refused);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Files.exists(archive) ? Optional.of(archive) : Optional.empty();
  }

  private static void dump(String name, String classPath, Path archive, Path refused)
      throws IOException {
    Path directory = archive.getParent();
    try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, name + "-*")) {
      for (Path file : old) {
        Files.delete(file);
      }
    }
    Path dumped = directory.resolve(name + "-new.jsa");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(QuickStart.flags(Runtime.version().feature()));
    command.add("-XX:ArchiveClassesAtExit=" + dumped);
    command.addAll(List.of("-classpath", classPath, Rehearsal.class.getName()));
    command.add(Integer.toString(Ports.free()));
    Commands.Result result = Commands.run(directory, command);
    if (result.ok() && Files.exists(dumped)) {
      Files.move(dumped, archive, StandardCopyOption.ATOMIC_MOVE);
    } else {
      // All works without, if slower; why, stands in the file.
      Files.writeString(refused, result.output());
    }
  }

  /** Another as soon as one of the files is: a JVM says so if its archive does not fit. */
  private static long sum(List<Path> jars) {
    long sum = Runtime.version().hashCode();
    try {
      for (Path jar : jars) {
        sum = 31 * sum + jar.hashCode();
        sum = 31 * sum + Files.size(jar);
        sum = 31 * sum + Files.getLastModifiedTime(jar).toMillis();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum;
  }
}
