package io.meshagent.it.harness;

import com.example.greeter.GreeterServer;
import com.example.greeter.api.GreeterGrpc;
import io.meshagent.it.programs.LoadClient;
import io.meshagent.it.tools.Fetching;
import io.meshagent.it.tools.Maven;
import io.meshagent.it.tools.Places;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The class path of a few Maven coordinates with all that they need, found by Maven itself as a
 * user's build would, and kept in the build directory. Thread-safe.
 */
public final class Classpaths {

  public static final String FLOOR = Places.setting("it.grpc.floor", "1.22.3");
  public static final String MIDDLE = Places.setting("it.grpc.middle", "1.45.4");
  public static final String NEWEST = Places.setting("it.grpc.newest", "1.85.1");

  private static final String PROTOBUF = Places.setting("it.protobuf", "3.25.9");
  private static final String JSON = "com.google.protobuf:protobuf-java-util:" + PROTOBUF;
  private static final Path KEPT = Places.create(Places.target().resolve("classpaths"));
  private static final Map<List<String>, String> KNOWN = new ConcurrentHashMap<>();

  private Classpaths() {}

  /** The sample greeter and the test programs with the gRPC of the given version. */
  public static String ofGreeter(String grpcVersion) {
    return Places.codeOf(GreeterServer.class)
        + File.pathSeparator
        + ofPrograms(grpcVersion, "netty-shaded");
  }

  /**
   * The same with protobuf's own JSON, which needs a newer Gson than old versions of gRPC bring.
   */
  public static String ofGreeterWithJson(String grpcVersion) {
    return of(JSON) + File.pathSeparator + ofGreeter(grpcVersion);
  }

  /** What the first ring uses: it is resolved in one run. */
  private static List<List<String>> ofEveryRing() {
    List<List<String>> all = new ArrayList<>();
    for (String version : List.of(FLOOR, MIDDLE, NEWEST, "1.21.0", "1.82.2")) {
      all.add(libraries(version, "netty-shaded"));
    }
    all.add(libraries("1.33.1", "okhttp"));
    all.add(libraries("1.76.3", "netty"));
    all.add(List.of("io.grpc:grpc-okhttp:1.82.2"));
    all.add(List.of("io.grpc:grpc-services:" + NEWEST));
    all.add(List.of(JSON));
    all.add(List.of("ch.qos.logback:logback-classic:1.2.13"));
    all.add(List.of("org.apache.logging.log4j:log4j-core:2.25.3"));
    return all;
  }

  private static List<String> libraries(String grpcVersion, String transport) {
    List<String> libraries = new ArrayList<>();
    if (transport.equals("okhttp")) {
      libraries.add("io.grpc:grpc-netty:" + grpcVersion);
    }
    libraries.add("io.grpc:grpc-" + transport + ":" + grpcVersion);
    libraries.add("io.grpc:grpc-stub:" + grpcVersion);
    libraries.add("io.grpc:grpc-protobuf:" + grpcVersion);
    libraries.add("com.google.protobuf:protobuf-java:" + PROTOBUF);
    return libraries;
  }

  /** The test programs with a gRPC and a transport; netty is the server beside okhttp. */
  public static String ofPrograms(String grpcVersion, String transport) {
    return String.join(
        File.pathSeparator,
        Places.codeOf(GreeterGrpc.class).toString(),
        Places.codeOf(LoadClient.class).toString(),
        of(libraries(grpcVersion, transport).toArray(String[]::new)));
  }

  /** The test programs with a gRPC, its servers netty-shaded, its channels that or okhttp. */
  public static String ofAllTransports(String grpcVersion) {
    return ofPrograms(grpcVersion, "netty-shaded")
        + File.pathSeparator
        + of("io.grpc:grpc-okhttp:" + grpcVersion);
  }

  /** gRPC's own services. Some patch releases came without them. */
  public static String ofServices(String grpcVersion) {
    return of(
        "io.grpc:grpc-services:"
            + (grpcVersion.equals("1.22.3")
                ? "1.22.2"
                : grpcVersion.equals("1.45.4") ? "1.45.2" : grpcVersion));
  }

  /** The test programs that come with libraries of their own. */
  public static String ofProgramsWith(String... coordinates) {
    return Places.codeOf(LoadClient.class) + File.pathSeparator + of(coordinates);
  }

  /** What {@code group:artifact:version[:classifier]} needs, itself included. */
  public static String of(String... coordinates) {
    return KNOWN.computeIfAbsent(
        List.of(coordinates), wanted -> Fetching.alone(() -> resolve(wanted)));
  }

  /** The one file, without what its pom says it needs. */
  public static String ofJar(String coordinates) {
    return of(coordinates).split(File.pathSeparator, -1)[0];
  }

  private static String resolve(List<String> wanted) {
    try {
      if (isMissing(wanted)) {
        // A run of Maven takes seconds, a class path more in it next to nothing.
        Set<List<String>> missing = new LinkedHashSet<>(Set.of(wanted));
        for (List<String> each : ofEveryRing()) {
          if (isMissing(each)) {
            missing.add(each);
          }
        }
        resolveTogether(missing);
      }
      return Files.readString(result(wanted)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void resolveTogether(Set<List<String>> all) throws IOException {
    StringBuilder modules = new StringBuilder();
    for (List<String> coordinates : all) {
      Path module = Places.create(KEPT.resolve(name(coordinates)));
      Files.writeString(module.resolve("pom.xml"), pomOf(coordinates));
      modules.append("    <module>").append(module.getFileName()).append("</module>\n");
    }
    Path pom = KEPT.resolve("pom.xml");
    Files.writeString(
        pom,
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>io.meshagent.it</groupId>
          <artifactId>classpaths</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <modules>
        """
            + modules
            + "  </modules>\n</project>\n");
    Maven.run(
        pom,
        "the class paths of "
            + all.stream().map(each -> each.get(0)).collect(Collectors.joining(", ")),
        List.of("org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath"));
  }

  private static String name(List<String> coordinates) {
    return coordinates.get(0).replace(':', '_') + "-" + Integer.toHexString(coordinates.hashCode());
  }

  private static Path result(List<String> coordinates) {
    return KEPT.resolve(name(coordinates) + ".txt");
  }

  private static boolean isMissing(List<String> coordinates) throws IOException {
    return !Files.exists(result(coordinates)) || !allThere(Files.readString(result(coordinates)));
  }

  private static boolean allThere(String classPath) {
    for (String entry : classPath.strip().split(File.pathSeparator, -1)) {
      if (!Files.exists(Path.of(entry))) {
        return false;
      }
    }
    return true;
  }

  private static String pomOf(List<String> coordinates) {
    StringBuilder pom =
        new StringBuilder(
            """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>io.meshagent.it</groupId>
              <artifactId>%s</artifactId>
              <version>1</version>
              <properties><mdep.outputFile>%s</mdep.outputFile></properties>
              <dependencies>
            """
                .formatted(name(coordinates), result(coordinates)));
    for (String coordinate : coordinates) {
      String[] parts = coordinate.split(":", -1);
      String classifier = parts.length > 3 ? "<classifier>" + parts[3] + "</classifier>" : "";
      pom.append(
          "    <dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</dependency>\n"
              .formatted(parts[0], parts[1], parts[2], classifier));
    }
    return pom.append("  </dependencies>\n</project>\n").toString();
  }
}
