package io.meshagent.it.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Where things are. The build says it by system properties; in an IDE the defaults fit. */
public final class Places {

  private Places() {}

  /** The build directory of it-tests; all that tests write is below it. */
  public static Path target() {
    return create(Path.of(setting("it.dir", "target")).toAbsolutePath().normalize());
  }

  /** The project's root. */
  public static Path root() {
    return Path.of(setting("it.root", "..")).toAbsolutePath().normalize();
  }

  /** The agent under test. */
  public static Path agentJar() {
    Path jar =
        Path.of(setting("mesh.agent.jar", "../agent/target/mesh-agent.jar"))
            .toAbsolutePath()
            .normalize();
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          "There is no agent at "
              + jar
              + ": build it with ./mvnw package, or say where it is with -Dmesh.agent.jar=…");
    }
    return jar;
  }

  public static Path greeterServerJar() {
    return root().resolve("sample-greeter/target/greeter-server.jar");
  }

  public static Path greeterClientJar() {
    return root().resolve("sample-greeter/target/greeter-client.jar");
  }

  /** The jar or directory that a class of this build was loaded from. */
  public static Path codeOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return Path.of(source.getLocation().getPath());
  }

  /** What this JVM was started with; the build says it in a property, for it starts from a jar. */
  public static String testClassPath() {
    return setting("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** A new directory with owner-only rights that lives as long as the build directory. */
  public static Path newDirectory(String prefix) {
    try {
      return Files.createTempDirectory(create(target().resolve("run")), prefix + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path create(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A system property; one that the build left empty counts as not set. */
  public static String setting(String key, String otherwise) {
    String value = System.getProperty(key, "");
    return value.isBlank() ? otherwise : value;
  }
}
