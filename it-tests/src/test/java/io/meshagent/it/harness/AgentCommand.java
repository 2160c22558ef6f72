package io.meshagent.it.harness;

import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code java -jar mesh-agent.jar …} and {@code jcmd}, by the JDK that runs this build. For the
 * test's thread.
 */
public final class AgentCommand {

  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  private AgentCommand() {}

  /** Runs a command of the jar, whatever comes of it. */
  public static Commands.Result run(Object... arguments) {
    return run(List.of(), arguments);
  }

  /** The same for an agent that uses this etcd. */
  public static Commands.Result on(EtcdServer etcd, Object... arguments) {
    return run(List.of("-Dmesh.etcd.endpoints=" + etcd.endpoint()), arguments);
  }

  private static Commands.Result run(List<String> flags, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(BIN.resolve("java").toString());
    command.addAll(QuickStart.flags(Runtime.version().feature()));
    command.addAll(flags);
    command.add("-jar");
    command.add(Places.agentJar().toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return Commands.run(Places.newDirectory("cwd"), command);
  }

  /** Attaches to a program, which is governed then. */
  public static String attach(Jvm jvm, String... settings) {
    List<Object> arguments = new ArrayList<>(List.of("attach", jvm.pid()));
    arguments.addAll(List.of(settings));
    return succeeded(jvm, run(arguments.toArray()));
  }

  /** Lets a program go. */
  public static String detach(Jvm jvm) {
    return succeeded(jvm, run("detach", jvm.pid()));
  }

  private static String succeeded(Jvm jvm, Commands.Result result) {
    if (!result.ok()) {
      throw new AssertionError(jvm.described(result.output()));
    }
    return result.output().strip();
  }

  /** What the program's JVM says of itself: {@code Thread.print}, {@code GC.class_histogram}. */
  public static String jcmd(Jvm jvm, String command) {
    Commands.Result result =
        Commands.run(
            Path.of("."), BIN.resolve("jcmd").toString(), Long.toString(jvm.pid()), command);
    if (!result.ok()) {
      throw new AssertionError(jvm.described("jcmd " + command + ": " + result.tail()));
    }
    return result.output();
  }
}
