package io.meshagent.it.harness;

import io.meshagent.it.tools.Jdks;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Costs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to launch. Unless a test says otherwise the agent is on, with an admin port of the system's
 * choice, the loopback address and a registry directory of its own: no test leaves the machine or
 * meets another.
 */
public final class JvmBuilder {

  private final String name;
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> first = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final List<Jvm> started;
  private List<String> surroundings = List.of();
  private Path agentJar;
  private Path directory;
  private Path home;
  private int jdk = Runtime.version().feature();
  private boolean agent = true;
  private boolean quickStart = true;
  private boolean archived = true;
  private String agentArgument = "";
  private List<String> program = List.of();

  JvmBuilder(String name) {
    this(name, new ArrayList<>());
  }

  /** What is started is added to the list, whose owner closes it. */
  JvmBuilder(String name, List<Jvm> started) {
    this.name = name;
    this.started = started;
    mesh("admin.port", "0");
    mesh("register.host", "127.0.0.1");
    // Ports are used again: what an earlier test's etcd left on disk is none of this one's.
    mesh("discover.snapshot.dir", Places.newDirectory("snapshot"));
  }

  public JvmBuilder on(int major) {
    jdk = major;
    return this;
  }

  /** A Java that is none of those by version. */
  public JvmBuilder on(Path javaHome) {
    home = javaHome;
    return this;
  }

  public JvmBuilder jar(Path jar) {
    program = List.of("-jar", jar.toString());
    return this;
  }

  public JvmBuilder main(String classPath, String mainClass) {
    program = List.of("-classpath", classPath, mainClass);
    return this;
  }

  /** A main class in a module, {@code module/class}. */
  public JvmBuilder module(String modulePath, String main) {
    program = List.of("--module-path", modulePath, "--module", main);
    return this;
  }

  public JvmBuilder args(Object... values) {
    for (Object value : values) {
      arguments.add(value.toString());
    }
    return this;
  }

  public JvmBuilder withoutAgent() {
    agent = false;
    return this;
  }

  /** What stands behind {@code -javaagent:mesh-agent.jar=}. */
  public JvmBuilder agentArgument(String value) {
    agentArgument = "=" + value;
    return this;
  }

  /** One of the agent's settings, as {@code -Dmesh.<key>}. */
  public JvmBuilder mesh(String key, Object value) {
    properties.put("mesh." + key, value.toString());
    return this;
  }

  /** For tests that are not about how a server leaves: at once, though it was just called. */
  public JvmBuilder leavingFast() {
    return mesh("drain.delay", "300ms");
  }

  /** Takes back a setting, also one of the defaults. */
  public JvmBuilder withoutMesh(String key) {
    properties.remove("mesh." + key);
    return this;
  }

  public JvmBuilder property(String key, String value) {
    properties.put(key, value);
    return this;
  }

  public JvmBuilder env(String key, String value) {
    environment.put(key, value);
    return this;
  }

  public JvmBuilder option(String option) {
    options.add(option);
    return this;
  }

  /** What stands before the command line, see {@link Surroundings}. */
  public JvmBuilder in(List<String> commandPrefix) {
    surroundings = commandPrefix;
    return this;
  }

  /** The agent's jar from another place than the build's. */
  public JvmBuilder agentJar(Path jar) {
    agentJar = jar;
    return this;
  }

  /** Where the program runs, instead of a new directory. */
  public JvmBuilder directory(Path workingDirectory) {
    directory = workingDirectory;
    return this;
  }

  /** Another agent: {@code -javaagent} of this jar before or after ours. */
  public JvmBuilder otherAgent(Path jar, String argument, boolean beforeOurs) {
    (beforeOurs ? first : options).add("-javaagent:" + jar + argument);
    return this;
  }

  /** No flag but the agent's: as a user starts it. Slower to start than what tests do otherwise. */
  public JvmBuilder plain() {
    quickStart = false;
    return this;
  }

  /** Loads all of its classes itself: for scenarios about that. */
  public JvmBuilder loadingAll() {
    archived = false;
    return this;
  }

  /**
   * None for what is started without the agent, to which it comes later, and for what has flags,
   * another agent or surroundings of its own: there the start may be the point.
   */
  private Optional<Path> archive() {
    boolean usual = agent && first.isEmpty() && options.isEmpty() && surroundings.isEmpty();
    boolean onClassPath = program.size() == 3 && program.get(0).equals("-classpath");
    return archived
            && usual
            && onClassPath
            && home == null
            && agentJar == null
            && !properties.containsKey("java.security.manager")
        ? Archives.of(jdk, program.get(1))
        : Optional.empty();
  }

  public Jvm start() {
    if (agent
        && !properties.containsKey("mesh.etcd.endpoints")
        && !properties.containsKey("mesh.registry.local.dir")) {
      mesh("registry.local.dir", Places.newDirectory("registry"));
    }
    List<String> command = new ArrayList<>(surroundings);
    command.add((home == null ? Jdks.home(jdk) : home).resolve("bin/java").toString());
    command.addAll(first);
    if (agent) {
      command.add(
          "-javaagent:" + (agentJar == null ? Places.agentJar() : agentJar) + agentArgument);
    }
    if (quickStart) {
      command.addAll(QuickStart.flags(jdk));
      archive().ifPresent(file -> command.add("-XX:SharedArchiveFile=" + file));
    }
    command.addAll(options);
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(program);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory((directory == null ? Places.newDirectory("cwd") : directory).toFile());
    // A developer's own settings are not part of any test.
    builder.environment().keySet().removeIf(key -> key.startsWith("MESH_"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    try {
      Costs.count("jvms");
      Jvm jvm = new Jvm(name, builder.start());
      started.add(jvm);
      return jvm;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
