package io.meshagent.bootstrap;

import java.io.File;
import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;

/**
 * Where the JVM enters: {@code premain} for {@code -javaagent}, {@code agentmain} for attaching,
 * {@code main} for the command line.
 *
 * <p>Premain runs before the program and on its thread, so it does next to nothing: it registers a
 * transformer that compares class names. A program without gRPC pays for opening the jar and no
 * more.
 */
public final class MeshAgent {

  private static final String COMMANDS = "io.meshagent.core.cli.CommandLine";

  private MeshAgent() {}

  /** Called by the JVM before the program's main. Never throws: the program must start. */
  public static void premain(String argument, Instrumentation instrumentation) {
    AgentKey.check(instrumentation);
    try {
      if (isUnwanted()) {
        return;
      }
      if (HookTrigger.installed() != null) {
        System.err.println(
            "[mesh-agent] warn: the agent is named twice among this JVM's options, those in"
                + " JAVA_TOOL_OPTIONS included; the first one counts, the other does nothing");
        return;
      }
      new HookTrigger(argument, instrumentation, null).install();
    } catch (Throwable e) {
      complain("the agent did not start, the program runs without it", e);
    }
  }

  /**
   * Called by the JVM when the agent is loaded into a running program, to govern it or to let it
   * go. On the VM's thread for such requests, which serves one after the other: hands over.
   */
  public static void agentmain(String argument, Instrumentation instrumentation) {
    AgentKey.check(instrumentation);
    try {
      if (FullRights.isNeeded() && !FullRights.isGranted()) {
        System.err.println(
            "[mesh-agent] warn: the security manager does not let the agent come or go while the"
                + " program runs, so nothing was changed; grant the agent's jar AllPermission, or"
                + " use -javaagent, which works without");
        return;
      }
      new OrderThread(argument, instrumentation).start();
    } catch (Throwable e) {
      complain("the agent did not start, the program runs on without it", e);
    }
  }

  /** The command line, {@code java -jar mesh-agent.jar COMMAND …}. */
  public static void main(String[] args) throws Exception {
    int exit;
    try {
      Class<?> commands = Class.forName(COMMANDS, true, AgentLoader.forCommand(jarFile()));
      exit =
          (Integer)
              commands
                  .getMethod("run", String[].class, PrintStream.class, PrintStream.class)
                  .invoke(null, args, System.out, System.err);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    }
    System.exit(exit);
  }

  /**
   * Whether to leave this JVM alone. Only what is cheap to ask; the engine looks at the file and
   * the environment.
   */
  public static boolean isUnwanted() {
    try {
      return "false".equals(System.getProperty("mesh.enabled"))
          || JdkTool.isRunning(
              System.getProperty("jdk.module.main"), System.getProperty("sun.java.command"));
    } catch (SecurityException e) {
      // A security manager is in force, and we may not ask yet; tools have none.
      return false;
    }
  }

  /** The agent's own jar. Not asked for in premain: even a URI costs milliseconds there. */
  public static File jarFile() throws URISyntaxException {
    return new File(MeshAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** One line on the error stream, for the failures that come before the agent's own log. */
  static void complain(String what, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    System.err.println("[mesh-agent] error: " + what + ": " + root);
  }
}
