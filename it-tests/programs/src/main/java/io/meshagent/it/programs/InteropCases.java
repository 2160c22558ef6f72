package io.meshagent.it.programs;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The cases of gRPC's own {@code TestServiceClient} in one JVM, each on a client and a channel of
 * its own: {@code InteropCases <kind>/<cases>/<flags> …}, where the cases are a pattern and the
 * flags are divided by commas. Says {@code case <kind> <name> passed} or {@code … failed <why>}, at
 * the end {@code done}. By reflection: the classes differ from version to version, and the client
 * is made for one case in a JVM.
 */
public final class InteropCases {

  private static final String PACKAGE = "io.grpc.testing.integration.";

  /** Some cases only wait; no more at once than leaves each its time. */
  private static final int AT_ONCE = 8;

  private InteropCases() {}

  public static void main(String[] args) throws Exception {
    registerBackendMetrics();
    Object[] cases = Class.forName(PACKAGE + "TestCases").getEnumConstants();
    ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
    for (String arg : args) {
      String[] parts = arg.split("/", 3);
      for (Object each : cases) {
        String name = ((Enum<?>) each).name().toLowerCase(Locale.ROOT);
        if (name.matches(parts[1])) {
          workers.execute(
              () ->
                  System.out.println("case " + parts[0] + " " + name + " " + run(parts[2], name)));
        }
      }
    }
    workers.shutdown();
    System.out.println(workers.awaitTermination(5, TimeUnit.MINUTES) ? "done" : "too slow");
    System.exit(0);
  }

  private static String run(String flags, String name) {
    List<String> all = new ArrayList<>(Arrays.asList(flags.split(",", -1)));
    all.add("--test_case=" + name);
    if (name.endsWith("_soak")) {
      // The limits of these are for machines that do nothing else.
      all.add("--soak_per_iteration_max_acceptable_latency_ms=20000");
      all.add("--soak_overall_timeout_seconds=60");
    }
    try {
      Object client = make("TestServiceClient");
      invoke(client, "parseArgs", (Object) all.toArray(new String[0]));
      invoke(client, "setUp");
      try {
        invoke(client, "run");
      } finally {
        invoke(client, "tearDown");
      }
      return "passed";
    } catch (InvocationTargetException e) {
      return "failed " + String.valueOf(e.getCause()).replace('\n', ' ');
    } catch (ReflectiveOperationException e) {
      return "failed for this program: " + e;
    }
  }

  /** As the client's own main does, in the versions that have cases for it. */
  private static void registerBackendMetrics() throws ReflectiveOperationException {
    Object provider;
    try {
      provider = make("CustomBackendMetricsLoadBalancerProvider");
    } catch (ClassNotFoundException e) {
      return;
    }
    Class<?> registry = Class.forName("io.grpc.LoadBalancerRegistry");
    registry
        .getMethod("register", Class.forName("io.grpc.LoadBalancerProvider"))
        .invoke(registry.getMethod("getDefaultRegistry").invoke(null), provider);
  }

  private static Object make(String name) throws ReflectiveOperationException {
    Constructor<?> constructor = Class.forName(PACKAGE + name).getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  private static void invoke(Object on, String name, Object... args)
      throws ReflectiveOperationException {
    for (Method method : on.getClass().getDeclaredMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == args.length) {
        method.setAccessible(true);
        method.invoke(on, args);
        return;
      }
    }
    throw new NoSuchMethodException(name);
  }
}
