package io.meshagent.core.hooks;

import io.meshagent.bootstrap.AgentLoader;
import java.security.ProtectionDomain;

/**
 * Loads the adapters for one copy of gRPC in the program: {@code io.grpc} from the program, our
 * adapters from layer {@code grpc}, all else from the engine's loader. One per loader of {@code
 * io.grpc}; nothing outside the program's own classes holds it, so it goes when they go.
 */
final class AdapterLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  static final String LAYER = "grpc/";
  private static final String ADAPTERS = "io.meshagent.grpc.";
  private static final String GRPC = "io.grpc.";

  /** Kept, because it takes a right to ask for, and classes are loaded below the program. */
  private static final ProtectionDomain DOMAIN = AdapterLoader.class.getProtectionDomain();

  private final AgentLoader agent;
  private final ClassLoader program;

  AdapterLoader(AgentLoader agent, ClassLoader program) {
    super(agent);
    this.agent = agent;
    this.program = program;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith(GRPC)) {
      return program.loadClass(name);
    }
    return super.loadClass(name, resolve);
  }

  /** Asked after the engine's loader, which has none of the adapters. */
  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = name.startsWith(ADAPTERS) ? agent.classBytes(LAYER, name) : null;
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length, DOMAIN);
  }
}
