package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A host under a security manager whose guest has no rights at all, and calls what is public in the
 * agent's first classes with a jar, with settings and with an instrumentation of its own.
 *
 * <ul>
 *   <li>{@code serve}: the host starts a server, says its port
 *   <li>{@code intrude <jar>}: what came of each attempt of the guest
 *   <li>{@code manager}: whether a security manager is in force still
 * </ul>
 */
public final class Intruder {

  private static final String OURS = "io.meshagent.bootstrap.";

  private static final AccessControlContext NO_RIGHTS =
      new AccessControlContext(new ProtectionDomain[] {new ProtectionDomain(null, null)});

  private final Map<String, String> found = new TreeMap<>();
  private final File jar;

  /** Does what it is told, which is nothing. */
  private final Instrumentation made =
      (Instrumentation)
          Proxy.newProxyInstance(
              Intruder.class.getClassLoader(),
              new Class<?>[] {Instrumentation.class},
              (proxy, method, arguments) -> method.getReturnType() == boolean.class ? true : null);

  private Intruder(File jar) {
    this.jar = jar;
  }

  public static void main(String[] args) throws IOException {
    System.out.println("ready");
    Commands.follow(
        words -> {
          switch (words[0]) {
            case "serve":
              Server server =
                  ServerBuilder.forPort(0)
                      .addService(new GreeterGrpc.GreeterImplBase() {})
                      .build()
                      .start();
              System.out.println("done " + server.getPort());
              break;
            case "intrude":
              Intruder guest = new Intruder(new File(words[1]));
              AccessController.doPrivileged((PrivilegedAction<Object>) guest::tryAll, NO_RIGHTS);
              System.out.println("done " + guest.found);
              break;
            case "manager":
              System.out.println("done " + (System.getSecurityManager() != null));
              break;
            default:
              throw new IllegalArgumentException(words[0]);
          }
        });
  }

  private Object tryAll() {
    attempt("property", () -> System.getProperty("probe.forbidden"));
    attempt("manager", () -> set(null));
    for (Instrumentation instrumentation : new Instrumentation[] {null, made}) {
      String with = instrumentation == null ? " without" : " with a made one";
      attempt("engine" + with, () -> call("EngineStart", "start", instrumentation));
      attempt("trigger" + with, () -> trigger(instrumentation, "install"));
      attempt("engine of a trigger" + with, () -> trigger(instrumentation, "engine"));
      attempt("premain" + with, () -> call("MeshAgent", "premain", instrumentation));
      attempt("agentmain" + with, () -> call("MeshAgent", "agentmain", instrumentation));
    }
    attempt("door", this::listenBehindTheDoor);
    attempt("opened door without", () -> call("Door", "open", null));
    attempt("opened door with a made one", () -> call("Door", "open", made));
    attempt("present", () -> call("HookTrigger", "present", null));
    attempt("loader", () -> make("AgentLoader", null));
    return null;
  }

  private static Object set(SecurityManager manager) {
    System.setSecurityManager(manager);
    return "set";
  }

  private Object listenBehindTheDoor() throws Throwable {
    for (Field field : Class.forName(OURS + "Door").getFields()) {
      if (!Modifier.isFinal(field.getModifiers())) {
        field.set(null, (Function<Object[], Object>) seen -> null);
        return "set";
      }
    }
    throw new IllegalAccessException("Door");
  }

  private Object trigger(Instrumentation instrumentation, String then) throws Throwable {
    Object trigger = make("HookTrigger", instrumentation);
    return invoke(trigger.getClass().getMethod(then), trigger, instrumentation);
  }

  /** A public constructor, with what is ours for each of its parameters. */
  private Object make(String type, Instrumentation instrumentation) throws Throwable {
    for (Constructor<?> each : Class.forName(OURS + type).getConstructors()) {
      try {
        return each.newInstance(arguments(each, instrumentation));
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
    throw new IllegalAccessException(type);
  }

  private Object call(String type, String name, Instrumentation instrumentation) throws Throwable {
    for (Method each : Class.forName(OURS + type).getMethods()) {
      if (each.getName().equals(name) && Modifier.isStatic(each.getModifiers())) {
        return invoke(each, null, instrumentation);
      }
    }
    throw new IllegalAccessException(name);
  }

  private Object invoke(Method method, Object on, Instrumentation instrumentation)
      throws Throwable {
    try {
      return method.invoke(on, arguments(method, instrumentation));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object[] arguments(Executable of, Instrumentation instrumentation) {
    Class<?>[] types = of.getParameterTypes();
    Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      values[i] =
          types[i] == File.class
              ? jar
              : types[i] == String.class
                  ? "app.name=intruder"
                  : types[i] == Instrumentation.class ? instrumentation : null;
    }
    return values;
  }

  private void attempt(String what, Attempt attempt) {
    try {
      Object result = attempt.run();
      found.put(what, "got through: " + (result == null ? null : result.getClass().getName()));
    } catch (SecurityException | IllegalAccessException e) {
      found.put(what, "refused");
    } catch (Throwable e) {
      found.put(what, e.toString());
    }
  }

  /** One of the things that a guest may try. */
  private interface Attempt {
    Object run() throws Throwable;
  }
}
