package io.meshagent.core.cli;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The JDK's attach API, which a JRE does not have: found in the module {@code jdk.attach}, or in
 * {@code tools.jar} on Java 8, and called by reflection. On the command line's thread.
 */
final class AttachApi {

  /** A JVM that hangs takes a connection and never answers, for which the API waits for ever. */
  private static final long PATIENCE_SECONDS = 30;

  private static final String MACHINE = "com.sun.tools.attach.VirtualMachine";

  private final Class<?> machine;

  private AttachApi(Class<?> machine) {
    this.machine = machine;
  }

  /** The API of the Java that runs this, or null if it has none. */
  static AttachApi find() {
    ClassLoader system = ClassLoader.getSystemClassLoader();
    try {
      return new AttachApi(Class.forName(MACHINE, true, system));
    } catch (ClassNotFoundException e) {
      // Java 8: java.home is the JRE inside the JDK.
      File tools = new File(System.getProperty("java.home"), "../lib/tools.jar");
      return tools.isFile() ? in(tools, system) : null;
    }
  }

  private static AttachApi in(File tools, ClassLoader system) {
    try {
      URL[] jar = {tools.toURI().toURL()};
      return new AttachApi(Class.forName(MACHINE, true, new URLClassLoader(jar, system)));
    } catch (MalformedURLException | ClassNotFoundException e) {
      return null;
    }
  }

  /** The JVMs of this user that can be seen, by pid: what each runs. */
  Map<String, String> list() throws Failure {
    Map<String, String> names = new LinkedHashMap<>();
    for (Object each : (List<?>) call(machine, null, "list")) {
      Class<?> descriptor = each.getClass();
      names.put(
          (String) call(descriptor, each, "id"), (String) call(descriptor, each, "displayName"));
    }
    return names;
  }

  Session attach(String pid) throws Failure {
    return new Session(call(machine, null, "attach", pid));
  }

  private static Object call(Class<?> type, Object on, String method, String... arguments)
      throws Failure {
    Class<?>[] types = new Class<?>[arguments.length];
    Arrays.fill(types, String.class);
    FutureTask<Object> task =
        new FutureTask<>(() -> type.getMethod(method, types).invoke(on, (Object[]) arguments));
    Thread thread = new Thread(task, "attach");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      boolean said = e.getCause() instanceof InvocationTargetException;
      Throwable cause = said ? e.getCause().getCause() : e.getCause();
      throw new Failure(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    } catch (TimeoutException e) {
      throw new Failure("the target VM is not responding");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted");
    }
  }

  /** A JVM that we are connected to. */
  final class Session implements AutoCloseable {

    private final Object connected;

    private Session(Object connected) {
      this.connected = connected;
    }

    void loadAgent(String jar, String argument) throws Failure {
      call(machine, connected, "loadAgent", jar, argument);
    }

    /** A property of the program's, or null. */
    String systemProperty(String name) throws Failure {
      return ((Properties) call(machine, connected, "getSystemProperties")).getProperty(name);
    }

    Properties agentProperties() throws Failure {
      return (Properties) call(machine, connected, "getAgentProperties");
    }

    @Override
    public void close() {
      try {
        call(machine, connected, "detach");
      } catch (Failure e) {
        // The other side is gone, and the connection with it.
        return;
      }
    }
  }

  /** What the API said. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String said) {
      super(said);
    }
  }
}
