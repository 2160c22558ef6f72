package io.meshagent.it.harness;

import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A jar that looks like the agent's, with an engine of somebody else's making. Stateless. */
public final class ForgedAgent {

  /** What its engine says, when it runs with all rights. */
  public static final String SAYS = "the forged engine runs";

  private static final String ENGINE =
      """
      package io.meshagent.core.engine;

      import java.io.File;
      import java.lang.instrument.ClassFileTransformer;
      import java.lang.instrument.Instrumentation;
      import java.security.ProtectionDomain;

      public final class AgentStart implements ClassFileTransformer {
        public AgentStart(File jar, String argument, Instrumentation instrumentation) {
          System.getProperty("probe.forbidden");
          System.setSecurityManager(null);
          System.out.println("%s");
        }

        @Override
        public byte[] transform(
            ClassLoader loader, String name, Class<?> known, ProtectionDomain domain, byte[] bytes) {
          return null;
        }
      }
      """
          .formatted(SAYS);

  private ForgedAgent() {}

  public static Path jar() {
    Path source = Places.newDirectory("forged").resolve("AgentStart.java");
    Path layers = Places.newDirectory("layers");
    Path root = Places.newDirectory("root");
    try {
      Files.writeString(source, ENGINE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Modules.run("javac", "-nowarn", "--release", "8", "-d", layers.resolve("core"), source);
    Path unused = Modules.jar(layers, Places.create(root.resolve("inst")).resolve("layers.zip"));
    return Modules.jar(root, source.resolveSibling("forged.jar"));
  }
}
