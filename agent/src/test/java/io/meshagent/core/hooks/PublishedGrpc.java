package io.meshagent.core.hooks;

import io.meshagent.it.tools.Maven;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Ring;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every minor version of grpc-java as it was published, jars only. For one thread. */
final class PublishedGrpc {

  private static final Path FOLDER = Places.target().resolve("grpc");

  private PublishedGrpc() {}

  /** Minor versions that moved something that is hooked or named, and both ends of the list. */
  private static final List<Integer> MOVED = List.of(19, 22, 33, 36, 40, 59, 73, 85);

  /**
   * Those in the list, in the first ring only those that moved something, and those that {@code
   * -Dmesh.grpc.versions} adds.
   */
  static List<String> versions() throws IOException {
    List<String> versions = new ArrayList<>();
    try (InputStream list = PublishedGrpc.class.getResourceAsStream("/grpc-versions.txt")) {
      new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .filter(line -> Ring.THOROUGH.runs() || MOVED.contains(minor(line)))
          .forEach(versions::add);
    }
    for (String more : Places.setting("mesh.grpc.versions", "").split(",", -1)) {
      if (!more.isBlank()) {
        versions.add(more.strip());
      }
    }
    return versions;
  }

  /** {@code 22} of {@code 1.22.3}. */
  static int minor(String version) {
    return Integer.parseInt(version.split("\\.", -1)[1]);
  }

  /** Fetches what is missing, all in one run of Maven. */
  static void fetch(List<String> versions) throws IOException {
    StringBuilder items = new StringBuilder();
    for (String version : versions) {
      for (String artifact : artifacts(version)) {
        if (!Files.exists(jar(version, artifact))) {
          items.append(
              """
                          <artifactItem>
                            <groupId>io.grpc</groupId>
                            <artifactId>%s</artifactId>
                            <version>%s</version>
                            <outputDirectory>%s</outputDirectory>
                          </artifactItem>
              """
                  .formatted(artifact, version, FOLDER.resolve(version)));
        }
      }
    }
    if (!items.isEmpty()) {
      Path pom = Places.create(FOLDER).resolve("pom.xml");
      Files.writeString(pom, POM.formatted(items));
      Maven.run(pom, "the published versions of gRPC", List.of("generate-resources"));
    }
  }

  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>io.meshagent.it</groupId>
        <artifactId>published-grpc</artifactId>
        <version>1</version>
        <packaging>pom</packaging>
        <build>
          <plugins>
            <plugin>
              <groupId>org.apache.maven.plugins</groupId>
              <artifactId>maven-dependency-plugin</artifactId>
              <version>3.11.0</version>
              <executions>
                <execution>
                  <phase>generate-resources</phase>
                  <goals><goal>copy</goal></goals>
                  <configuration>
                    <artifactItems>
      %s
                    </artifactItems>
                  </configuration>
                </execution>
              </executions>
            </plugin>
          </plugins>
        </build>
      </project>
      """;

  /** The api was split from the core in 1.21; netty shows what is read of a transport. */
  private static List<String> artifacts(String version) {
    return minor(version) < 21
        ? Arrays.asList("grpc-context", "grpc-core", "grpc-netty")
        : Arrays.asList("grpc-context", "grpc-api", "grpc-core", "grpc-netty");
  }

  private static Path jar(String version, String artifact) {
    return FOLDER.resolve(version).resolve(artifact + "-" + version + ".jar");
  }

  /** A program's loader with this gRPC; of ours it sees the Door only. */
  static URLClassLoader load(String version) {
    return new URLClassLoader(jars(version), new DoorOnly());
  }

  static URL[] jars(String version) {
    return artifacts(version).stream()
        .map(artifact -> url(jar(version, artifact)))
        .toArray(URL[]::new);
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The tests' own class path holds a gRPC too: that of the engine. */
  private static final class DoorOnly extends ClassLoader {

    DoorOnly() {
      super(getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("io.meshagent.bootstrap.")) {
        return Class.forName(name, false, PublishedGrpc.class.getClassLoader());
      }
      throw new ClassNotFoundException(name);
    }
  }
}
