package io.meshagent.it.harness;

import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands before a program's command line to take something from it that this machine has: a
 * disk that can be written to, processors, file descriptors. Each says in a sentence what it needs
 * if it is not to be had. Stateless.
 */
public final class Surroundings {

  private Surroundings() {}

  /**
   * Every disk read-only, in a mount namespace of the program's own: for root, or as root there.
   */
  public static List<String> readOnlyDisk() {
    String remount =
        "mount --make-rprivate / && for at in / $(awk '$3 ~ /^(tmpfs|ext.|xfs|btrfs|overlay)$/"
            + " {print $2}' /proc/self/mounts); do mount -o remount,bind,ro $at || exit 99; done;"
            + " exec \"$@\"";
    return inNamespace(
        "-m",
        remount,
        List.of("sh", "-c", "! touch " + Places.target().resolve("written")),
        "makes the disk read-only for a program, with unshare and mount in a namespace of its own."
            + " It needs util-linux");
  }

  /**
   * A network of the program's own, with an address beside loopback's: who connects to that comes
   * from another machine, as far as the program can see. For root, or as root there.
   */
  public static List<String> networkWith(String address) {
    String up = "ip link set lo up && ip address add " + address + "/32 dev lo && exec \"$@\"";
    return inNamespace(
        "-n",
        up,
        List.of("true"),
        "gives a program a network of its own, with unshare and ip. It needs util-linux, iproute2");
  }

  /**
   * As root, or as root in the namespace.
   *
   * @param option of unshare, for the kind of namespace
   * @param script what is done there before the program begins, which is its arguments
   * @param probe what has to succeed there
   * @param need what the test does and needs
   */
  private static List<String> inNamespace(
      String option, String script, List<String> probe, String need) {
    List<String> said = new ArrayList<>();
    for (List<String> options : List.of(List.of(option), List.of("-r", option))) {
      List<String> command = new ArrayList<>(List.of("unshare"));
      command.addAll(options);
      command.addAll(List.of("sh", "-c", script, "sh"));
      List<String> whole = new ArrayList<>(command);
      whole.addAll(probe);
      Commands.Result result = Commands.run(Places.target(), whole);
      if (result.ok()) {
        return command;
      }
      said.add(result.tail());
    }
    throw new IllegalStateException(
        "This test "
            + need
            + ", and root or a kernel that lets users make namespaces. They said: "
            + said);
  }

  /** What somebody sees who asks for a page in the network of a program: status, line, body. */
  public static String curl(Jvm jvm, String... arguments) {
    needs("curl");
    List<String> command = new ArrayList<>(List.of("nsenter", "--target", "" + jvm.pid(), "--net"));
    if (!System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("--user", "--preserve-credentials"));
    }
    command.addAll(List.of("curl", "--silent", "--include", "--max-time", "20"));
    command.addAll(List.of(arguments));
    Commands.Result result = Commands.run(Places.target(), command);
    return result.ok() ? result.output() : "curl failed: " + result.output();
  }

  /** One processor of those that this process may use. */
  public static List<String> oneProcessor() {
    needs("taskset");
    return List.of("taskset", "-c", "0");
  }

  /** No more than so many open files and sockets. */
  public static List<String> openFiles(int most) {
    return List.of("sh", "-c", "ulimit -n " + most + " && exec \"$@\"", "sh");
  }

  /** What is taken from the rights of a file that the program makes. */
  public static List<String> mask(String octal) {
    return List.of("sh", "-c", "umask " + octal + " && exec \"$@\"", "sh");
  }

  /**
   * A working directory deep down, with spaces and letters beyond ASCII in its path, and a copy of
   * the agent there as {@code mesh agent.jar}. Made by the shell: this JVM may have no way to name
   * it.
   */
  public static List<String> deepFolder(Path agentJar) {
    String script =
        "at=\"$0/$(printf '\\303\\251t\\303\\251 \\344\\275\\240')\"; for i in 1 2 3 4 5 6 7 8 9 10;"
            + " do at=\"$at/ten letters + more\"; done; mkdir -p \"$at\" && cp "
            + agentJar
            + " \"$at/mesh agent.jar\" && cd \"$at\" && exec \"$@\"";
    return List.of("sh", "-c", script, Places.newDirectory("deep").toString());
  }

  /** Without a variable that every login sets. */
  public static List<String> without(String variable) {
    needs("env");
    return List.of("env", "-u", variable);
  }

  private static void needs(String program) {
    if (Commands.onPath(program).isEmpty()) {
      throw new IllegalStateException(
          "This test needs '"
              + program
              + "' on the PATH; on Debian it is in util-linux or coreutils.");
    }
  }
}
