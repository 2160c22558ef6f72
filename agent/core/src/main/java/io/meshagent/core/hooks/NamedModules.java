package io.meshagent.core.hooks;

import io.meshagent.core.log.Log;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What modules keep to themselves and an agent may see. By reflection: modules came with Java 9.
 * Stateless.
 *
 * <p>A gRPC in named modules is opened to the adapters, which read what it keeps private. Jars on
 * the module path are open anyway; modules with a {@code module-info} of somebody's making, or in
 * an image of {@code jlink}, need not be.
 */
public final class NamedModules {

  private static final String GRPC = "io.grpc";

  private NamedModules() {}

  /**
   * Opens every package of gRPC that is in the same layer.
   *
   * @param anchor a class of that gRPC
   * @param adapters the loader that reads
   */
  static void open(Instrumentation instrumentation, Class<?> anchor, ClassLoader adapters) {
    try {
      Object module = call(Class.class, anchor, "getModule");
      if (!(Boolean) call(module.getClass(), module, "isNamed")) {
        return;
      }
      Object reader = call(ClassLoader.class, adapters, "getUnnamedModule");
      Object layer = call(module.getClass(), module, "getLayer");
      Class<?> layerType = Class.forName("java.lang.ModuleLayer");
      for (Object each : (Set<?>) call(layerType, layer, "modules")) {
        open(instrumentation, each, reader);
      }
    } catch (NoSuchMethodException e) {
      // Java 8 has none.
      return;
    } catch (ReflectiveOperationException | RuntimeException e) {
      Log.warn(
          "the module of gRPC could not be opened to the agent, so calls may go to their original"
              + " targets; the program runs on",
          e);
    }
  }

  private static void open(Instrumentation instrumentation, Object module, Object reader)
      throws ReflectiveOperationException {
    Class<?> type = module.getClass();
    Method isOpen = type.getMethod("isOpen", String.class, type);
    Map<String, Set<?>> opens = new HashMap<>();
    for (Object name : (Set<?>) call(type, module, "getPackages")) {
      if (((String) name).startsWith(GRPC) && !(Boolean) isOpen.invoke(module, name, reader)) {
        opens.put((String) name, Collections.singleton(reader));
      }
    }
    if (!opens.isEmpty()) {
      redefine(instrumentation, module, Collections.emptyMap(), opens);
    }
  }

  /** Whether this Java has modules. */
  public static boolean exist() {
    return !System.getProperty("java.specification.version").startsWith("1.");
  }

  /**
   * Exports the package of a class of the JDK's own to the module of ours, and to no other. On Java
   * 8 nothing is in the way, and nothing is done.
   */
  public static void export(Instrumentation instrumentation, Class<?> type, Class<?> to)
      throws ReflectiveOperationException {
    if (!exist()) {
      return;
    }
    String name = type.getName();
    Set<?> ours = Collections.singleton(call(Class.class, to, "getModule"));
    redefine(
        instrumentation,
        call(Class.class, type, "getModule"),
        Collections.singletonMap(name.substring(0, name.lastIndexOf('.')), ours),
        Collections.emptyMap());
  }

  private static void redefine(
      Instrumentation instrumentation,
      Object module,
      Map<String, Set<?>> exports,
      Map<String, Set<?>> opens)
      throws ReflectiveOperationException {
    Class<?> type = module.getClass();
    Instrumentation.class
        .getMethod("redefineModule", type, Set.class, Map.class, Map.class, Set.class, Map.class)
        .invoke(
            instrumentation,
            module,
            Collections.emptySet(),
            exports,
            opens,
            Collections.emptySet(),
            Collections.emptyMap());
  }

  private static Object call(Class<?> type, Object on, String method)
      throws ReflectiveOperationException {
    return type.getMethod(method).invoke(on);
  }
}
