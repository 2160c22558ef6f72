package io.meshagent.core.attach;

import io.meshagent.core.hooks.NamedModules;
import java.lang.instrument.Instrumentation;
import java.util.Properties;

/** The agent properties of this JVM, which the attach API shows to others. Stateless. */
final class AgentProperties {

  private AgentProperties() {}

  /**
   * @throws ReflectiveOperationException if this is no JVM like OpenJDK's
   */
  static Properties ofThisJvm(Instrumentation instrumentation) throws ReflectiveOperationException {
    String name = NamedModules.exist() ? "jdk.internal.vm.VMSupport" : "sun.misc.VMSupport";
    Class<?> support = Class.forName(name, true, null);
    NamedModules.export(instrumentation, support, AgentProperties.class);
    return (Properties) support.getMethod("getAgentProperties").invoke(null);
  }
}
