package io.meshagent.bootstrap;

import java.io.File;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.AccessController;
import java.security.PrivilegedExceptionAction;

/**
 * Loads the engine. Called once by the {@link HookTrigger}, on the program's thread, with whatever
 * the program is doing on the stack: hence privileged, which counts for what this class itself may
 * do ({@link FullRights}).
 */
public final class EngineStart implements PrivilegedExceptionAction<ClassFileTransformer> {

  private static final String ENGINE = "io.meshagent.core.engine.AgentStart";

  private final File jar;
  private final String argument;
  private final Instrumentation instrumentation;

  private EngineStart(File jar, String argument, Instrumentation instrumentation) {
    this.jar = jar;
    this.argument = argument;
    this.instrumentation = instrumentation;
  }

  /** The engine, which writes the hooks. Public, because it may stand in another loader. */
  public static ClassFileTransformer start(
      File jar, String argument, Instrumentation instrumentation) throws Exception {
    EngineStart start = new EngineStart(jar, argument, instrumentation);
    return FullRights.isNeeded() ? AccessController.doPrivileged(start) : start.run();
  }

  @Override
  public ClassFileTransformer run() throws Exception {
    return Class.forName(ENGINE, true, new AgentLoader(jar))
        .asSubclass(ClassFileTransformer.class)
        .getConstructor(File.class, String.class, Instrumentation.class)
        .newInstance(jar, argument, instrumentation);
  }
}
