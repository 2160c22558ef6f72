package io.meshagent.bootstrap;

import java.io.File;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.AccessController;
import java.security.PrivilegedExceptionAction;

/**
 * Loads the engine. Called once by the {@link HookTrigger}, on the program's thread, with whatever
 * the program is doing on the stack: hence privileged, which counts for what this class itself may
 * do ({@link FullRights}), and hence for nobody without the key that the JVM hands to agents alone
 * ({@link AgentKey}).
 */
public final class EngineStart implements PrivilegedExceptionAction<ClassFileTransformer> {

  private static final String ENGINE = "io.meshagent.core.engine.AgentStart";

  private final ClassLoader loader;
  private final String argument;
  private final Instrumentation instrumentation;

  private EngineStart(ClassLoader loader, String argument, Instrumentation instrumentation) {
    this.loader = loader;
    this.argument = argument;
    this.instrumentation = instrumentation;
  }

  /**
   * The engine, which writes the hooks. Public, because it may stand in another loader than its
   * caller.
   *
   * @param loader where it comes from; null for a new one on the jar that this class is from
   * @throws SecurityException under a security manager, if the instrumentation is not the JVM's
   */
  public static ClassFileTransformer start(
      ClassLoader loader, String argument, Instrumentation instrumentation) throws Exception {
    AgentKey.check(instrumentation);
    EngineStart start = new EngineStart(loader, argument, instrumentation);
    return FullRights.isNeeded() ? AccessController.doPrivileged(start) : start.run();
  }

  @Override
  public ClassFileTransformer run() throws Exception {
    File jar = FullRights.isNeeded() ? FullRights.ownJar() : MeshAgent.jarFile();
    ClassLoader from = loader == null ? AgentLoader.of(jar) : loader;
    return Class.forName(ENGINE, true, from)
        .asSubclass(ClassFileTransformer.class)
        .getConstructor(File.class, String.class, Instrumentation.class)
        .newInstance(jar, argument, instrumentation);
  }
}
