package io.meshagent.it.tools;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a command to its end. */
public final class Commands {

  /** What came of it: the exit code, and stdout and stderr as one text. */
  public record Result(int exitCode, String output) {
    public boolean ok() {
      return exitCode == 0;
    }

    /** The end of the output, for a sentence. */
    public String tail() {
      String text = output.strip();
      return text.length() <= 600 ? text : "…" + text.substring(text.length() - 600);
    }
  }

  /** A first build of a framework downloads some hundred jars. */
  private static final int MOST_MINUTES = 10;

  private Commands() {}

  public static Result run(Path directory, List<String> command) {
    return run(directory, Map.of(), command);
  }

  /** With some variables of the environment set. */
  static Result run(Path directory, Map<String, String> environment, List<String> command) {
    try {
      Path output = Files.createTempFile(Places.create(Places.target().resolve("run")), "out", "");
      ProcessBuilder builder =
          new ProcessBuilder(new ArrayList<>(command))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(devNull().toFile()));
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return new Result(-1, "gave up on it after " + MOST_MINUTES + " minutes");
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      return new Result(process.exitValue(), text);
    } catch (IOException e) {
      return new Result(-1, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result(-1, "interrupted");
    }
  }

  public static Result run(Path directory, String... command) {
    return run(directory, List.of(command));
  }

  /** A program on the PATH. */
  public static Optional<Path> onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public static void deleteTree(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path devNull() {
    return Path.of("/dev/null");
  }
}
