package io.meshagent.core.attach;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The agent properties of this JVM, which the attach API shows to others. Stateless. */
final class AgentProperties {

  private AgentProperties() {}

  /**
   * @throws ReflectiveOperationException if this is no JVM like OpenJDK's
   */
  static Properties ofThisJvm(Instrumentation instrumentation) throws ReflectiveOperationException {
    boolean modules = !System.getProperty("java.specification.version").startsWith("1.");
    String name = modules ? "jdk.internal.vm.VMSupport" : "sun.misc.VMSupport";
    Class<?> support = Class.forName(name, true, null);
    if (modules) {
      export(support, instrumentation);
    }
    return (Properties) support.getMethod("getAgentProperties").invoke(null);
  }

  /** Its package is the JDK's own; an agent may have it opened, for its own module only. */
  private static void export(Class<?> type, Instrumentation instrumentation)
      throws ReflectiveOperationException {
    Method moduleOf = Class.class.getMethod("getModule");
    Object theirs = moduleOf.invoke(type);
    Object ours = moduleOf.invoke(AgentProperties.class);
    String packageName = type.getName().substring(0, type.getName().lastIndexOf('.'));
    Instrumentation.class
        .getMethod(
            "redefineModule",
            Class.forName("java.lang.Module"),
            Set.class,
            Map.class,
            Map.class,
            Set.class,
            Map.class)
        .invoke(
            instrumentation,
            theirs,
            Collections.emptySet(),
            Collections.singletonMap(packageName, Collections.singleton(ours)),
            Collections.emptyMap(),
            Collections.emptySet(),
            Collections.emptyMap());
  }
}
