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

  /** Takes no lock, for the reason that {@link AgentLoader} has. */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    Class<?> found = findLoadedClass(name);
    if (found == null) {
      found = find(name);
    }
    if (resolve) {
      resolveClass(found);
    }
    return found;
  }

  private Class<?> find(String name) throws ClassNotFoundException {
    if (name.startsWith(GRPC)) {
      return program.loadClass(name);
    }
    byte[] bytes = name.startsWith(ADAPTERS) ? agent.classBytes(LAYER, name) : null;
    return bytes == null ? agent.loadClass(name) : define(name, bytes);
  }

  /** Several may be at it at once; the VM takes the first, and that one is the class for all. */
  private Class<?> define(String name, byte[] bytes) {
    try {
      return defineClass(name, bytes, 0, bytes.length, DOMAIN);
    } catch (LinkageError e) {
      Class<?> first = findLoadedClass(name);
      if (first == null) {
        throw e;
      }
      return first;
    }
  }
}
