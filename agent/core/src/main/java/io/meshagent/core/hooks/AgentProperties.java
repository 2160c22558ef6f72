package io.meshagent.core.hooks;

import io.meshagent.core.api.Rights;
import io.meshagent.core.log.Log;
import java.lang.instrument.Instrumentation;
import java.util.Properties;

/** The agent properties of this JVM, which the attach API shows to others. Stateless. */
public final class AgentProperties {

  /** Where the admin page of this JVM is, {@code host:port}; nothing if there is none. */
  public static final String ADMIN = "mesh-agent.admin";

  private AgentProperties() {}

  /**
   * Says where the admin page is, or that there is none: the command line finds it so by the
   * process id. Never fails, as nothing depends on it.
   *
   * @param admin null for none
   */
  public static void tellAdmin(Instrumentation instrumentation, String admin) {
    try {
      Properties properties = Rights.ours(() -> unchecked(instrumentation));
      if (admin == null) {
        Object unused = properties.remove(ADMIN);
      } else {
        properties.setProperty(ADMIN, admin);
      }
    } catch (RuntimeException | LinkageError e) {
      Log.debug("the admin page can't be found by the process id: " + e);
    }
  }

  private static Properties unchecked(Instrumentation instrumentation) {
    try {
      return ofThisJvm(instrumentation);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * All of them; who changes one changes it for all agents.
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
