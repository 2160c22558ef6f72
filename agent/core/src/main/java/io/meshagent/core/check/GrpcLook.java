package io.meshagent.core.check;

import io.meshagent.core.hooks.GrpcVersion;
import java.io.IOException;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which gRPC the program has, and what works with it. */
final class GrpcLook implements Look {

  static final String NAME = "grpc";

  /** With older ones servers are not registered. */
  private static final int SERVERS_FROM = 19;

  private static final Pattern VERSION = Pattern.compile("1\\.(\\d+)(\\..*)?");

  private final String program;

  /**
   * @param program a jar, a directory of classes, or a class path of such
   */
  GrpcLook(String program) {
    this.program = program;
  }

  @Override
  public Finding late() {
    return Finding.hint(NAME, program + " was not read through in time", "give the command again");
  }

  @Override
  public void look(Consumer<Finding> told) {
    ProgramFiles files = new ProgramFiles();
    try {
      files.read(program);
    } catch (IOException | RuntimeException e) {
      told.accept(
          Finding.wrong(NAME, program + " can't be read (" + e + ")", "correct what --app names"));
      return;
    }
    tell(files.versions(), told);
    for (String copy : files.relocated()) {
      told.accept(
          Finding.hint(
              NAME,
              "a relocated copy of gRPC (" + copy + ") is in the program, which is left alone",
              "have the program use io.grpc itself if its calls are to be governed"));
    }
    for (String agent : files.launcherAgents()) {
      told.accept(AgentsLook.found(agent, program));
    }
    if (files.versions().isEmpty() && files.relocated().isEmpty()) {
      told.accept(
          Finding.hint(
              NAME,
              "there is no gRPC in " + program + ", so the agent has nothing to do there",
              "name all of its class path, as for java -cp, if there should be"));
    }
  }

  static void tell(Collection<String> versions, Consumer<Finding> told) {
    versions.forEach(version -> told.accept(of(version)));
  }

  private static Finding of(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return Finding.hint(
          NAME,
          "the program's gRPC is " + version,
          "look at the line that the agent says at start: it tells what works");
    }
    int minor = Integer.parseInt(matcher.group(1));
    if (minor < GrpcVersion.FIRST_MINOR) {
      return Finding.wrong(
          NAME,
          "gRPC "
              + version
              + " is too old: "
              + (minor < SERVERS_FROM
                  ? "only its clients' calls are governed, no server is registered, and calls go to"
                      + " their original targets"
                  : "servers register and calls are governed, but go to their original targets"),
          "use gRPC 1." + GrpcVersion.FIRST_MINOR + " or newer");
    }
    return minor > GrpcVersion.LAST_MINOR
        ? Finding.hint(
            NAME,
            "gRPC "
                + version
                + " is newer than what the agent was tried with, "
                + GrpcVersion.TESTED,
            "look at the line that the agent says at start: it tells what works")
        : Finding.good(NAME, "gRPC " + version + ": all works");
  }
}
