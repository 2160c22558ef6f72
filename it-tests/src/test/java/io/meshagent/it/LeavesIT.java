package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How a server leaves, as its program and as its callers see it. */
class LeavesIT {

  private static final String ALL = "/services/";
  private static final Duration DELAY = Duration.ofMillis(1_500);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** What a busy machine may add to anything. */
  private static final Duration NOISE = Duration.ofMillis(1_500);

  private static final Pattern MILLIS = Pattern.compile("millis=(\\d+) (.*)");

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private Jvm server;
  private String address;

  private void start(JvmBuilder builder) {
    start(builder, DELAY);
  }

  private void start(JvmBuilder builder, Duration delay) {
    server =
        builder
            .mesh("drain.delay", delay.toMillis() + "ms")
            .mesh("drain.timeout", TIMEOUT.toMillis() + "ms")
            .start();
    address = "127.0.0.1:" + server.awaitPort();
    await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get(ALL).size() == 1);
  }

  /** A client that knows of no mesh and has just called the server. */
  private Jvm caller() {
    Jvm client = world.loadClient().withoutAgent().start();
    assertThat(call(client).ok()).isOne();
    return client;
  }

  private LoadResult call(Jvm client) {
    return client.load("calls n=1 deadline=20000 channel=target:" + address);
  }

  /** What the server said of a shutdown, without the time. */
  private static String seen(String answer) {
    return parsed(answer).group(2);
  }

  private static Duration took(String answer) {
    return Duration.ofMillis(Long.parseLong(parsed(answer).group(1)));
  }

  private static Matcher parsed(String answer) {
    Matcher matcher = MILLIS.matcher(answer);
    assertThat(matcher.find()).as(answer).isTrue();
    return matcher;
  }

  @Thorough
  @Test
  void a_server_that_is_called_answers_until_the_delay_is_over_though_its_key_is_gone_before() {
    start(world.leavingServer("a"));
    Jvm client = caller();

    CompletableFuture<String> shutdown =
        CompletableFuture.supplyAsync(() -> server.ask("shutdown"));
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(DELAY.plus(NOISE))
        .until(() -> ETCD.keys().get(ALL).isEmpty());
    assertThat(shutdown).as("the server is up, and nobody new is told of it").isNotDone();
    assertThat(call(client).failures()).isZero();

    String answer = shutdown.join();
    assertThat(seen(answer)).startsWith("shutdown=true").endsWith("interrupted=false");
    assertThat(took(answer)).isBetween(DELAY, DELAY.plus(NOISE));
    assertThat(server.ask("termination")).isEqualTo("true");
    assertThat(call(client).failures()).as("it is down").isOne();
    assertThat(took(server.ask("shutdown"))).as("again").isLessThan(DELAY);
  }

  @Thorough
  @Test
  void draining_is_announced_before_the_key_is_gone() {
    // The key is gone after a third of it.
    Duration delay = DELAY.multipliedBy(3);
    start(world.leavingServer("a"), delay);
    caller();
    assertThat(server.metrics().sum("mesh_registration_draining")).isZero();

    CompletableFuture<String> shutdown =
        CompletableFuture.supplyAsync(() -> server.ask("shutdown"));
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(delay)
        .until(
            () ->
                ETCD.keys().get(ALL).values().stream()
                    .anyMatch(entry -> entry.value().contains("\"draining\":\"true\"")));
    assertThat(server.metrics().sum("mesh_registration_draining")).isOne();
    shutdown.join();
    assertThat(server.metrics().sum("mesh_registration_draining")).isZero();
  }

  @Thorough
  @Test
  void an_idle_server_shuts_down_at_once() {
    start(world.leavingServer("a"));

    String answer = server.ask("shutdown");

    assertThat(took(answer)).isLessThan(DELAY);
    assertThat(seen(answer)).startsWith("shutdown=true");
    await().atMost(NOISE).until(() -> ETCD.keys().get(ALL).isEmpty());
  }

  @Thorough
  @Test
  void shutdown_now_does_not_wait() {
    start(world.leavingServer("a"));
    caller();

    String answer = server.ask("shutdownNow");

    assertThat(took(answer)).isLessThan(DELAY);
    assertThat(seen(answer)).startsWith("shutdown=true");
  }

  @Thorough
  @Test
  void an_interrupt_ends_the_wait_and_stays_set() {
    start(world.leavingServer("a"));
    caller();

    String answer = server.ask("interrupted");

    assertThat(took(answer)).isLessThan(DELAY);
    assertThat(seen(answer)).startsWith("shutdown=true").endsWith("interrupted=true");
  }

  @Thorough
  @Test
  void a_shutdown_on_the_transports_own_thread_does_not_wait() {
    start(world.leavingServer("a", "direct"));
    Jvm client = caller();
    server.ask("shutdown-in-call");

    assertThat(call(client).failures()).isZero();

    assertThat(took(server.await("in call: "))).isLessThan(DELAY);
  }

  @Thorough
  @Test
  void a_shutdown_on_a_handlers_thread_waits_and_its_call_is_answered() {
    start(world.leavingServer("a"));
    Jvm client = caller();
    server.ask("shutdown-in-call");

    assertThat(call(client).failures()).isZero();

    assertThat(took(server.await("in call: "))).isBetween(DELAY, DELAY.plus(NOISE));
  }

  @Test
  void sigterm_ends_an_idle_jvm_at_once_and_a_busy_one_when_its_callers_know() {
    start(world.leavingServer("a"));
    long began = System.nanoTime();
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(DELAY);
    assertThat(ETCD.keys().get(ALL)).isEmpty();

    start(world.leavingServer("b"));
    caller();
    began = System.nanoTime();
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(DELAY, DELAY.plus(TIMEOUT).plus(NOISE));
    assertThat(ETCD.keys().get(ALL)).isEmpty();
  }

  @Thorough
  @Test
  void a_shutdown_on_a_worker_thread_of_the_transports_type_waits() {
    start(world.leavingServer("a"));
    caller();

    assertThat(took(server.ask("shutdown-on-worker"))).isBetween(DELAY, DELAY.plus(NOISE));
  }

  @Thorough
  @Test
  void a_program_whose_hook_breaks_off_at_once_loses_no_call_by_sigterm() {
    start(world.leavingServer("a", "end=now"));
    Jvm other = world.leavingServer("b").start();
    Jvm load = world.loadClient().start();
    load.awaitInstances(2);
    String unused = load.ask("begin rate=100 name=sleep:50");
    await().until(() -> load.load("count").ok() > 200);

    assertThat(server.terminate()).isEqualTo(143);

    int answered = load.load("count").ok();
    await().until(() -> load.load("count").ok() > answered + 100);
    LoadResult result = load.load("end");
    assertThat(result.failed()).as(() -> server.described(load.described("calls"))).isEmpty();
    assertThat(other.isAlive()).isTrue();
  }

  @Thorough
  @Test
  void a_program_that_handles_sigterm_itself_hears_it_at_once() {
    start(world.leavingServer("a", "end=signal"));
    caller();
    long began = System.nanoTime();
    CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(server::terminate);

    server.await("heard TERM");

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(DELAY);
    assertThat(exit.join()).isEqualTo(7);
  }

  @Thorough
  @Test
  void a_call_in_flight_is_answered_after_sigterm() {
    start(world.leavingServer("a"));
    Jvm client = caller();
    CompletableFuture<LoadResult> slow =
        CompletableFuture.supplyAsync(
            () ->
                client.load("calls n=1 deadline=20000 name=sleep:2000 channel=target:" + address));
    await().until(() -> server.metrics().sum("mesh_calls_in_flight") == 1);

    assertThat(server.terminate()).isEqualTo(143);

    assertThat(slow.join().failures()).isZero();
  }

  @Thorough
  @Test
  void system_exit_in_a_call_ends_the_jvm() {
    start(world.leavingServer("a"));
    Jvm client = caller();
    server.ask("exit-in-call");
    long began = System.nanoTime();
    CompletableFuture<LoadResult> unused = CompletableFuture.supplyAsync(() -> call(client));

    assertThat(server.awaitExit()).isEqualTo(3);

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isLessThan(DELAY.plus(TIMEOUT).plusSeconds(2).plus(NOISE));
  }

  @Thorough
  @Test
  void without_etcd_a_server_leaves_in_the_same_time() {
    try (EtcdServer own = EtcdServer.start();
        World around = World.on(own)) {
      server =
          around
              .leavingServer("a")
              .mesh("drain.delay", DELAY.toMillis() + "ms")
              .mesh("drain.timeout", TIMEOUT.toMillis() + "ms")
              .start();
      address = "127.0.0.1:" + server.awaitPort();
      await().atMost(Jvm.PATIENCE).until(() -> own.keys().get(ALL).size() == 1);
      caller();
      own.stop();

      assertThat(took(server.ask("shutdown"))).isBetween(DELAY, DELAY.plus(NOISE));
      long began = System.nanoTime();
      assertThat(server.terminate()).isEqualTo(143);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isLessThan(TIMEOUT.plusSeconds(2).plus(NOISE));
    }
  }
}
