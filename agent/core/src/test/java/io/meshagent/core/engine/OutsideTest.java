package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.core.config.TestSettings;
import io.meshagent.core.registry.publish.StubServer;
import io.meshagent.core.run.ThreadLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutsideTest {

  @TempDir private Path folder;

  private final ThreadLoop timer = ThreadLoop.named("timer");
  private Parts parts;
  private Outside outside;

  @AfterEach
  void close() {
    outside.close();
    timer.close();
    parts.directory.close();
  }

  private Path outside(String... more) {
    Path registry = folder.resolve("registry");
    String text =
        "registry.local.dir=" + registry + "\nadmin.enabled=false\n" + String.join("\n", more);
    parts =
        new Parts(TestSettings.loadText("test", text), new ConfigSource(null, folder), "version");
    outside =
        new Outside(
            parts, Collections::emptyMap, new Announcement("version"), timer, address -> {});
    return registry;
  }

  /** What was handed over before has been done. */
  private void start(boolean calls) throws InterruptedException {
    CountDownLatch next = new CountDownLatch(1);
    outside.start(next::countDown, calls);
    assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothing_begins_while_grpc_is_only_loaded() throws InterruptedException {
    Path registry = outside();
    start(false);
    assertThat(registry).doesNotExist();
    outside.begin();
    await().until(() -> Files.exists(registry));
  }

  @Test
  void it_begins_at_once_for_who_is_about_to_call() throws InterruptedException {
    Path registry = outside();
    start(true);
    await().until(() -> Files.exists(registry));
  }

  @Test
  void of_two_servers_that_start_at_once_both_are_registered() throws Exception {
    ExecutorService programs = Executors.newFixedThreadPool(2);
    Path registry = outside("register.host=127.0.0.1");
    start(false);
    CyclicBarrier together = new CyclicBarrier(2);
    for (int port = 1; port <= 2; port++) {
      StubServer server = new StubServer(port, "http", "a.B");
      Future<?> unused =
          programs.submit(
              () -> {
                int arrived = together.await(10, TimeUnit.SECONDS);
                outside.started(server);
                return arrived;
              });
    }
    Path service = registry.resolve("a.B");
    await()
        .until(
            () ->
                Files.isDirectory(service)
                    && service.toFile().list((folder, name) -> !name.startsWith(".")).length == 2);
    programs.shutdownNow();
  }

  @Test
  void who_does_not_discover_waits_for_no_list_and_gets_none() throws Exception {
    Path registry = outside("discover.enabled=false");
    start(true);
    parts.directory.awaitSettled(TimeUnit.SECONDS.toNanos(10));
    await().until(() -> Files.exists(registry));
    assertThat(parts.directory.view().updates()).isZero();
  }
}
