package io.meshagent.bootstrap;

import java.io.File;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.IllegalClassFormatException;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/**
 * Compares class names, and on the first class of gRPC that we hook loads the engine, which writes
 * the hooks. Called by the VM for every class that the program loads, on the program's thread: for
 * all but a handful it is one string comparison.
 *
 * <p>The full list of hooks is the engine's ({@code HookTable}); here are only the names of
 * classes.
 */
final class HookTrigger implements ClassFileTransformer {

  private static final String PACKAGE = "io/grpc/internal/";
  private static final String ENGINE = "io.meshagent.core.engine.AgentStart";

  /** Where the loaders of well-known agents are at home. */
  private static final String[] OTHER_AGENTS = {
    "io.opentelemetry.javaagent.",
    "org.apache.skywalking.apm.agent.",
    "co.elastic.apm.agent.",
    "datadog.",
    "com.newrelic.",
    "com.dynatrace.",
    "com.appdynamics.",
    "com.navercorp.pinpoint."
  };

  private final String argument;
  private final Instrumentation instrumentation;

  /** Guarded by this. */
  private ClassFileTransformer engine;

  /** Guarded by this. After a failed start we leave the program alone for good. */
  private boolean failed;

  HookTrigger(String argument, Instrumentation instrumentation) {
    this.argument = argument;
    this.instrumentation = instrumentation;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> known, ProtectionDomain domain, byte[] bytes)
      throws IllegalClassFormatException {
    if (name == null || !name.startsWith(PACKAGE) || !isHooked(name)) {
      return null;
    }
    if (loader == null || loader instanceof AgentLoader || isOtherAgents(loader)) {
      // An agent's own gRPC is not the program's, be the agent this one or another.
      return null;
    }
    ClassFileTransformer hooks = engine();
    return hooks == null ? null : hooks.transform(loader, name, known, domain, bytes);
  }

  /** By the class of its loader: what an agent brings for itself it loads with one of its own. */
  static boolean isOtherAgents(ClassLoader loader) {
    String type = loader.getClass().getName();
    for (String agent : OTHER_AGENTS) {
      if (type.startsWith(agent)) {
        return true;
      }
    }
    return false;
  }

  static boolean isHooked(String name) {
    return name.equals("io/grpc/internal/ServerImpl")
        || name.equals("io/grpc/internal/ServerImpl$ServerTransportListenerImpl")
        || name.equals("io/grpc/internal/ManagedChannelImpl")
        || name.equals("io/grpc/internal/ManagedChannelImpl$LbHelperImpl");
  }

  private synchronized ClassFileTransformer engine() {
    if (engine == null && !failed) {
      try {
        File jar = MeshAgent.jarFile();
        AgentLoader loader = new AgentLoader(jar);
        engine =
            Class.forName(ENGINE, true, loader)
                .asSubclass(ClassFileTransformer.class)
                .getConstructor(File.class, String.class, Instrumentation.class)
                .newInstance(jar, argument, instrumentation);
      } catch (Throwable e) {
        failed = true;
        MeshAgent.complain("the engine did not start, the program runs without it", e);
      }
    }
    return engine;
  }
}
