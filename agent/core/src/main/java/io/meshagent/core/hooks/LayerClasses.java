package io.meshagent.core.hooks;

import io.meshagent.bootstrap.AgentLoader;
import java.io.IOException;
import net.bytebuddy.dynamic.ClassFileLocator;

/** The agent's own class files for Byte Buddy, which are no resources of their loader. */
final class LayerClasses implements ClassFileLocator {

  private static final String LAYER = "core/";

  private final AgentLoader loader;
  private final ClassFileLocator jdk = ForClassLoader.ofPlatformLoader();

  private LayerClasses(AgentLoader loader) {
    this.loader = loader;
  }

  /** The class files of a loader: the engine's, or in a unit test the class path's. */
  static ClassFileLocator of(ClassLoader loader) {
    return loader instanceof AgentLoader
        ? new LayerClasses((AgentLoader) loader)
        : ForClassLoader.of(loader);
  }

  @Override
  public Resolution locate(String name) throws IOException {
    byte[] bytes;
    try {
      bytes = loader.classBytes(LAYER, name);
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
    return bytes == null ? jdk.locate(name) : new Resolution.Explicit(bytes);
  }

  @Override
  public void close() {
    // The archive stays open for as long as the agent lives.
  }
}
