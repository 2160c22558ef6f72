package io.meshagent.core.hooks;

import java.lang.instrument.Instrumentation;
import java.util.Properties;

/** The agent properties of this JVM, which the attach API shows to others. Stateless. */
public final class AgentProperties {

  /** Host and port of the admin page; nothing while there is none. */
  public static final String ADMIN = "mesh-agent.admin";

  private AgentProperties() {}

  /**
   * Those of the JVM, which may be changed.
   *
   * @throws ReflectiveOperationException if this is no JVM like OpenJDK's
   */
  public static Properties ofThisJvm(Instrumentation instrumentation)
      throws ReflectiveOperationException {
    String name = NamedModules.exist() ? "jdk.internal.vm.VMSupport" : "sun.misc.VMSupport";
    Class<?> support = Class.forName(name, true, null);
    NamedModules.export(instrumentation, support, AgentProperties.class);
    return (Properties) support.getMethod("getAgentProperties").invoke(null);
  }
}
