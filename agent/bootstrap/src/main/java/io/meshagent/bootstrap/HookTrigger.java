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
  private static final String OWN_LOADER = "io.meshagent.bootstrap.AgentLoader";

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
    if (loader == null || loader.getClass().getName().equals(OWN_LOADER)) {
      // The agent's own gRPC is not the program's. By name: the class may not be loaded yet.
      return null;
    }
    ClassFileTransformer hooks = engine();
    return hooks == null ? null : hooks.transform(loader, name, known, domain, bytes);
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
        File jar = FullRights.isNeeded() ? FullRights.seeTo(instrumentation) : MeshAgent.jarFile();
        engine = EngineStart.start(jar, argument, instrumentation);
      } catch (Throwable e) {
        failed = true;
        MeshAgent.complain(
            "the engine did not start, the program runs without it"
                + (FullRights.isNeeded()
                    ? " (a security manager is in force: grant the agent's jar AllPermission)"
                    : ""),
            e);
      }
    }
    return engine;
  }
}
