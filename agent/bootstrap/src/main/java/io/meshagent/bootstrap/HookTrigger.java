package io.meshagent.bootstrap;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.IllegalClassFormatException;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.security.ProtectionDomain;

/**
 * Compares class names, and on the first class of gRPC that we hook loads the engine, which writes
 * the hooks. Called by the VM for every class that the program loads, on the program's thread: for
 * all but a handful it is one string comparison.
 *
 * <p>The full list of hooks is the engine's ({@code HookTable}); here are only the names of
 * classes. There is one at a time, and it stands for the agent in this JVM: see {@link #present()}.
 */
public final class HookTrigger implements ClassFileTransformer {

  private static final String PACKAGE = "io/grpc/internal/";

  /**
   * Is hooked by an engine that runs, which has the VM read it anew: programs without a server and
   * a channel use it, too, and are not to start one.
   */
  private static final String CONTEXT = "io/grpc/Context";

  /** Volatile: changed by premain and by orders, one at a time, read by later orders. */
  private static volatile HookTrigger present;

  /** Where the loaders of well-known agents are at home. By name: ours may not be loaded yet. */
  private static final String[] AGENTS = {
    "io.meshagent.bootstrap.",
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

  /** Guarded by this. Where the engine comes from; null until somebody needs it. */
  private ClassLoader loader;

  /** Guarded by this. */
  private ClassFileTransformer engine;

  /** Guarded by this. After a failed start we leave the program alone for good. */
  private boolean failed;

  /** Guarded by this. */
  private boolean toldOfBootstrap;

  /**
   * @param loader where the engine is to come from; null for a loader of its own
   * @throws SecurityException under a security manager, if the instrumentation is not the JVM's
   */
  public HookTrigger(String argument, Instrumentation instrumentation, ClassLoader loader) {
    AgentKey.check(instrumentation);
    this.argument = argument;
    this.instrumentation = instrumentation;
    this.loader = loader;
  }

  /**
   * The trigger of this JVM, or null if it is not governed. For the engine's orders: who has the
   * trigger can take the agent out of the program.
   *
   * @throws SecurityException under a security manager, if not all callers may do everything
   */
  public static HookTrigger present() {
    AgentKey.checkCallers();
    return present;
  }

  /** The same for this package. */
  static HookTrigger installed() {
    return present;
  }

  /** From now on classes that are loaded come by here. */
  public void install() {
    present = this;
    instrumentation.addTransformer(this, instrumentation.isRetransformClassesSupported());
  }

  /** They do so no longer, and no engine is started any more. */
  public void remove() {
    synchronized (this) {
      failed = true;
    }
    instrumentation.removeTransformer(this);
    present = null;
  }

  /**
   * The same, unless the engine has started, which has to be let go first. In one step: the program
   * may start it at any moment.
   *
   * @return whether it was removed
   */
  public synchronized boolean removeUnstarted() {
    if (engine == null) {
      remove();
    }
    return engine == null;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> known, ProtectionDomain domain, byte[] bytes)
      throws IllegalClassFormatException {
    boolean isLater = known != null && CONTEXT.equals(name);
    if (!isLater && (name == null || !name.startsWith(PACKAGE) || !isHooked(name))) {
      return null;
    }
    if (loader == null) {
      tellOfBootstrap();
      return null;
    }
    if (isAgents(loader)) {
      // An agent's own gRPC is not the program's, be the agent this one or another.
      return null;
    }
    ClassFileTransformer hooks = isLater ? startedEngine() : engine();
    return hooks == null ? null : hooks.transform(loader, name, known, domain, bytes);
  }

  /** Nothing of ours can be seen from there. */
  private synchronized void tellOfBootstrap() {
    if (!toldOfBootstrap) {
      toldOfBootstrap = true;
      System.err.println(
          "[mesh-agent] warn: gRPC in the bootstrap loader (-Xbootclasspath/a) is not governed;"
              + " the program runs on. On the class path it would be.");
    }
  }

  /** By the class of its loader: what an agent brings for itself it loads with one of its own. */
  public static boolean isAgents(ClassLoader loader) {
    String type = loader.getClass().getName();
    for (String agent : AGENTS) {
      if (type.startsWith(agent)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the engine has hooks for the class of this name, with slashes. */
  public static boolean isHooked(String name) {
    return name.equals("io/grpc/internal/ServerImpl")
        || name.equals("io/grpc/internal/ServerImpl$ServerTransportListenerImpl")
        || name.equals("io/grpc/internal/ManagedChannelImpl")
        || name.equals("io/grpc/internal/ManagedChannelImpl$LbHelperImpl")
        || name.equals("io/grpc/internal/ManagedChannelImpl$ChannelStreamProvider")
        || name.equals("io/grpc/internal/ManagedChannelImpl$ChannelTransportProvider")
        || name.equals("io/grpc/internal/RetriableStream$Sublistener")
        || name.equals("io/grpc/internal/StatsTraceContext");
  }

  /** The engine if it has started, or null. */
  public synchronized ClassFileTransformer startedEngine() {
    return engine;
  }

  /** Where the engine is from or will be: an order that comes before it is carried out there. */
  synchronized ClassLoader engineLoader() throws IOException, URISyntaxException {
    if (engine != null) {
      return engine.getClass().getClassLoader();
    }
    if (loader == null) {
      loader = AgentLoader.of(MeshAgent.jarFile());
    }
    return loader;
  }

  /** The engine, started now if need be; null if that fails or is not wanted any more. */
  public synchronized ClassFileTransformer engine() {
    if (engine == null && !failed) {
      try {
        if (FullRights.isNeeded()) {
          FullRights.seeTo(instrumentation);
        }
        engine = EngineStart.start(loader, argument, instrumentation);
      } catch (Throwable e) {
        // Not here any more: an attach may try anew.
        remove();
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
