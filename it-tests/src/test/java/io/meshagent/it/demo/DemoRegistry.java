package io.meshagent.it.demo;

import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Where the demo's programs meet: an etcd if there is one, else a directory. For one thread. */
final class DemoRegistry implements AutoCloseable {

  private final String description;
  private final String endpoint;
  private final EtcdServer started;
  private final Path directory;

  private DemoRegistry(String description, String endpoint, EtcdServer started, Path directory) {
    this.description = description;
    this.endpoint = endpoint;
    this.started = started;
    this.directory = directory;
  }

  static DemoRegistry choose() {
    String given = System.getProperty("etcd", "");
    if (!given.isBlank()) {
      return new DemoRegistry("the etcd at " + given + " (-Detcd)", given, null, null);
    }
    if (EtcdServer.installed().isPresent()) {
      EtcdServer etcd = EtcdServer.start();
      String what = EtcdServer.installed().get() + ", started for the demo at " + etcd.endpoint();
      return new DemoRegistry(what, etcd.endpoint(), etcd, null);
    }
    Path directory = Places.newDirectory("registry");
    return new DemoRegistry(
        "local, the directory "
            + directory
            + " (no etcd is on the PATH and none given with -Detcd=…)",
        null,
        null,
        directory);
  }

  String describe() {
    return description;
  }

  JvmBuilder use(JvmBuilder program) {
    return endpoint != null
        ? program.mesh("etcd.endpoints", endpoint)
        : program.mesh("registry.local.dir", directory);
  }

  /** Waits until both ports are registered, and says what is there. */
  List<String> awaitInstances(int port, int otherPort) {
    return Awaitility.await("both servers in the registry")
        .atMost(Duration.ofSeconds(20))
        .until(
            this::entries,
            entries ->
                entries.stream().anyMatch(entry -> entry.contains(":" + port))
                    && entries.stream().anyMatch(entry -> entry.contains(":" + otherPort)));
  }

  private List<String> entries() {
    if (endpoint != null) {
      // Of several endpoints any one will do to look.
      String first = endpoint.split(",", 2)[0];
      return new EtcdKeys(first)
          .get("/services/").entrySet().stream()
              .map(entry -> entry.getKey() + "  " + entry.getValue().value())
              .toList();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).map(this::contentOf).toList();
    } catch (IOException | UncheckedIOException e) {
      // A file that vanished while it was listed; the next look will do.
      return List.of();
    }
  }

  private String contentOf(Path file) {
    try {
      return directory.relativize(file) + "  " + Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (started != null) {
      started.close();
    }
  }
}
