package io.meshagent.core.cli;

import io.meshagent.core.attach.OrderResult;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * The JVMs that can be attached to: pid, main class, and whether the agent is in. None of them is
 * disturbed: only those that were attached to before are asked, of the others their flags tell.
 */
final class JvmList {

  private final AttachApi api;
  private final PrintStream out;
  private final Path proc;

  JvmList(AttachApi api, PrintStream out, Path proc) {
    this.api = api;
    this.out = out;
    this.proc = proc;
  }

  int run() {
    Map<String, String> jvms;
    try {
      jvms = api.list();
    } catch (AttachApi.Failure e) {
      out.println("The JVMs of this machine can't be listed: " + e.getMessage());
      return 1;
    }
    String self = ManagementFactory.getRuntimeMXBean().getName();
    jvms.keySet()
        .removeIf(pid -> self.startsWith(pid + "@") || new TargetProcess(proc, pid).isNoJvm(true));
    jvms.forEach(
        (pid, command) ->
            out.println(
                String.format(
                    "%-8s %s%s", pid, main(command), isGoverned(pid) ? "  governed" : "")));
    if (jvms.isEmpty()) {
      out.println("This user has no JVM that can be attached to.");
    }
    return 0;
  }

  /** The main class or jar, without what follows: arguments may be secrets. */
  static String main(String command) {
    String first = command.split(" ", 2)[0];
    return first.isEmpty() ? "(unknown)" : first;
  }

  private boolean isGoverned(String pid) {
    TargetProcess process = new TargetProcess(proc, pid);
    String state = process.isListening() && !process.isStopped() ? state(pid) : null;
    return state == null ? process.hasAgentFlag() : state.equals(OrderResult.GOVERNED);
  }

  private String state(String pid) {
    try (AttachApi.Session session = api.attach(pid)) {
      Properties told = session.agentProperties();
      return told.getProperty(OrderResult.STATE);
    } catch (AttachApi.Failure e) {
      return null;
    }
  }
}
