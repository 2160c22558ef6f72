package io.meshagent.it.harness;

import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prometheus' own judgement of a page of metrics. */
public final class Promtool {

  private static final Tool PROMTOOL = new Tool("promtool", "PROMTOOL", "prometheus");

  private Promtool() {}

  /** What it says to a command of its own, in a directory. */
  public static String run(Path directory, String... command) {
    List<String> words = new ArrayList<>(List.of(PROMTOOL.path().toString()));
    words.addAll(List.of(command));
    return Commands.run(directory, words).output();
  }

  /** What it has to say; empty when all is well. */
  public static String check(Metrics metrics) {
    try {
      Path page = Places.newDirectory("metrics").resolve("page.txt");
      Files.writeString(page, metrics.text());
      Commands.Result result =
          Commands.run(
              page.getParent(),
              "sh",
              "-c",
              "exec \"$0\" check metrics <page.txt",
              PROMTOOL.path().toString());
      return result.ok() ? result.output().strip() : result.output().strip() + " (failed)";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
