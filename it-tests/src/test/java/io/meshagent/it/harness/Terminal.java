package io.meshagent.it.harness;

import io.meshagent.it.tools.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A shell as a person has it before him: one command after the other, in one folder, and what was
 * started in the background goes on until the end. For one thread.
 */
public final class Terminal implements AutoCloseable {

  private static final Tool ETCD = new Tool("etcd", "ETCD", "etcd-server");
  private static final Tool ETCDCTL = new Tool("etcdctl", "ETCDCTL", "etcd-client");

  private static final String END = "--- that was all, with status ";

  /** What commands said, and the status of the last of them. */
  public record Answer(int status, String text) {}

  private final Process shell;
  private final Output output;

  /** Etcd and its command are on the PATH, and so is the JDK that runs this build. */
  public Terminal(Path directory, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder("bash").directory(directory.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(
            key -> key.startsWith("ETCD") || key.startsWith("MESH_") || key.startsWith("JAVA_"));
    builder.environment().put("PATH", path());
    builder.environment().putAll(environment);
    try {
      shell = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    output = new Output(shell.getInputStream(), "terminal");
    // The shell ends with its input, so with this JVM, however that ends.
    type("trap 'kill -9 $(jobs -p) 2> /dev/null' EXIT", Jvm.PATIENCE);
  }

  private static String path() {
    return List.of(
                Path.of(System.getProperty("java.home"), "bin"),
                ETCD.path().toAbsolutePath().getParent(),
                ETCDCTL.path().toAbsolutePath().getParent())
            .stream()
            .map(Path::toString)
            .collect(Collectors.joining(":"))
        + ":"
        + System.getenv("PATH");
  }

  /** Types the commands, and waits until the last of them that is not in the background ends. */
  public Answer type(String commands, Duration patience) {
    int from = output.size();
    String typed = commands + "\nprintf '\\n" + END + "%s\\n' $?\n";
    try {
      shell.getOutputStream().write(typed.getBytes(StandardCharsets.UTF_8));
      shell.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String end = output.await(from, line -> line.startsWith(END), patience);
    List<String> lines = new ArrayList<>(output.lines());
    List<String> said = lines.subList(from, lines.size());
    if (end == null) {
      throw new AssertionError("No end of:\n" + commands + "\n" + String.join("\n", said));
    }
    String text = String.join("\n", said.subList(0, said.indexOf(end)));
    return new Answer(Integer.parseInt(end.substring(END.length())), text.stripTrailing());
  }

  /** All that it has started ends with it. */
  @Override
  public void close() {
    shell.descendants().forEach(ProcessHandle::destroyForcibly);
    shell.destroyForcibly();
  }
}
