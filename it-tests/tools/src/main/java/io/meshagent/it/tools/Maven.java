package io.meshagent.it.tools;

import io.meshagent.it.tools.ring.Costs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the Maven that runs this build, with its settings and its repository, for what tests need
 * from Maven Central in many versions. Thread-safe.
 */
public final class Maven {

  private Maven() {}

  /**
   * Runs goals on a pom and waits.
   *
   * @param what for the message, if it fails
   * @throws IllegalStateException if Maven fails, with its last words
   */
  public static void run(Path pom, String what, List<String> goals) {
    List<String> command = command(pom, goals);
    Costs.count("maven runs");
    Commands.Result maven =
        Fetching.alone(
            () -> {
              Fetching.say("Maven: " + what);
              return Commands.run(pom.getParent(), command);
            });
    if (!maven.ok()) {
      throw new IllegalStateException(
          "Maven can't get "
              + what
              + " for the tests; it needs Maven Central or a mirror of it in settings.xml once. It"
              + " said: "
              + maven.tail());
    }
  }

  /** The command that runs goals on a pom, for who has to run it in an environment of its own. */
  public static List<String> command(Path pom, List<String> goals) {
    List<String> command = new ArrayList<>();
    String home = Places.setting("it.maven.home", "");
    command.add(home.isEmpty() ? Places.root().resolve("mvnw").toString() : home + "/bin/mvn");
    command.add("-q");
    command.add("-B");
    command.add("-ntp");
    if (Places.setting("it.maven.offline", "").equals("offline:true")) {
      command.add("-o");
    }
    String settings = Places.setting("it.maven.settings", "").replaceFirst("^settings:", "");
    if (!settings.isEmpty() && Files.isRegularFile(Path.of(settings))) {
      command.add("-s");
      command.add(settings);
    }
    String repository = Places.setting("it.maven.repository", "");
    if (!repository.isEmpty()) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    command.add("-f");
    command.add(pom.toString());
    command.addAll(goals);
    return command;
  }
}
