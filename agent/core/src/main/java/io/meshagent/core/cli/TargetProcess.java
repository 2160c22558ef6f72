package io.meshagent.core.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What the system tells of a process without touching it, on Linux; elsewhere nothing is known. To
 * be asked before the attach API: that sends a signal, which ends a process that is no JVM and
 * makes a JVM that can't be attached to print all its threads.
 */
final class TargetProcess {

  private static final Pattern AGENT = Pattern.compile("-javaagent:[^\\s\0]*mesh-agent[^\\s\0]*");

  private final Path proc;
  private final Path folder;
  private final String pid;

  /**
   * @param proc {@code /proc}
   */
  TargetProcess(Path proc, String pid) {
    this.proc = proc;
    this.folder = proc.resolve(pid);
    this.pid = pid;
  }

  private boolean isKnown() {
    return Files.isDirectory(proc.resolve("self"));
  }

  /**
   * Why it makes no sense to try, as half a sentence; null if nothing speaks against it.
   *
   * @param listed whether it is among the JVMs that the attach API sees
   */
  String obstacle(boolean listed) {
    if (!isKnown()) {
      return listed ? null : "is none of the JVMs that can be seen from here.";
    }
    if (!Files.isDirectory(folder) || state() == 'Z') {
      return "there is no such process.";
    }
    String owner = owner(folder);
    String own = owner(proc.resolve("self"));
    if (owner != null && own != null && !own.equals("root") && !own.equals(owner)) {
      return "belongs to " + owner + "; give the command as that user.";
    }
    if (isNoJvm(listed)) {
      return "is no Java program, or not one of this machine's HotSpot JVMs.";
    }
    if (isStopped()) {
      return "is stopped, so it was left as it is; kill -CONT "
          + pid
          + " lets it go on, and then give the command again.";
    }
    if (text("cmdline").contains("-XX:-EnableDynamicAgentLoading")) {
      // The attach API of Java 8 would not understand that it was refused.
      return AttachTrouble.NOT_DYNAMIC;
    }
    if (text("cmdline").contains("-XX:+DisableAttachMechanism")) {
      return "was started with -XX:+DisableAttachMechanism; start it with -javaagent instead.";
    }
    return null;
  }

  /**
   * The list is believed where nothing better is known: a JVM of a container that shares {@code
   * /tmp} with us is in it by the pid that it has there, which is another process here.
   *
   * @param listed whether it is among the JVMs that the attach API sees
   */
  boolean isNoJvm(boolean listed) {
    String maps = text("maps");
    // OpenJ9 has a way of its own, which only its own attach API knows; it dumps its memory for
    // ours.
    boolean unsure = maps.isEmpty() || maps.contains("libj9vm");
    return unsure ? !listed : !maps.contains("libjvm");
  }

  /** By a signal or a debugger. It takes orders then, and answers when it goes on. */
  boolean isStopped() {
    return state() == 'T' || state() == 't';
  }

  /** As in {@code ps}: the letter behind the name, which is in parentheses; blank if unknown. */
  private char state() {
    String stat = text("stat");
    int at = stat.lastIndexOf(')') + 2;
    return at >= 2 && at < stat.length() ? stat.charAt(at) : ' ';
  }

  /** Whether it was started with the agent. */
  boolean hasAgentFlag() {
    return AGENT.matcher(text("cmdline")).find() || AGENT.matcher(text("environ")).find();
  }

  /** Whether somebody attached to it before, so that doing so again disturbs it no more. */
  boolean isListening() {
    String socket = ".java_pid" + pid;
    return Files.exists(folder.resolve("root/tmp").resolve(socket))
        || new File("/tmp", socket).exists();
  }

  private static String owner(Path path) {
    try {
      return Files.getOwner(path).getName();
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }

  /** Empty if it may not be read. */
  private String text(String file) {
    try {
      return new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
