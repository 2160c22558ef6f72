package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that come and go under load, in order and without. */
class RollingRestartIT {

  private static final int RATE = Scenario.many(500);
  private static final int STREAMS = Scenario.many(20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private final List<Jvm> servers = new ArrayList<>();
  private Jvm client;
  private int made;

  static Stream<Arguments> ends() {
    List<Arguments> all = new ArrayList<>();
    List<String> ends = List.of("none", "hook", "exit");
    List<String> versions = List.of(Classpaths.FLOOR, Classpaths.NEWEST, Classpaths.MIDDLE);
    for (int i = 0; i < ends.size(); i++) {
      for (int j = 0; j < versions.size(); j++) {
        boolean inEvery = i == 1 && j == 1;
        if (inEvery || (i == j && Ring.THOROUGH.runs()) || Scenario.isLong()) {
          all.add(Arguments.of(ends.get(i), versions.get(j)));
        }
      }
    }
    return all.stream();
  }

  private void start(String grpc, String end) {
    world.with(grpc, Runtime.version().feature());
    client = world.loadClient().start();
    world.with(Classpaths.MIDDLE, Runtime.version().feature());
    for (int i = 0; i < 3; i++) {
      servers.add(server(end).start());
    }
    servers.forEach(Jvm::awaitPort);
    client.awaitInstances(3);
  }

  private JvmBuilder server(String end) {
    JvmBuilder server =
        world.leavingServer("s" + made++, end.equals("hook") ? "end=hook" : "end=none");
    if (!Scenario.isLong()) {
      server.mesh("drain.delay", "1s").mesh("drain.timeout", "1s");
    }
    return server;
  }

  /** Steady means steady: a client that just started is behind, with hundreds of open calls. */
  private void begin(String options, int sleepMillis) {
    client.load("begin name=sleep:" + sleepMillis + " " + options);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                client.load("count").ok() > 2 * RATE
                    && client.load("count").okBy().size() == 3
                    && open() < RATE / 10 + RATE * sleepMillis / 1_000);
  }

  private void awaitAnswers(int more) {
    int now = client.load("count").ok();
    await().atMost(PATIENCE).until(() -> client.load("count").ok() > now + more);
  }

  private int open() {
    return Integer.parseInt(client.ask("open"));
  }

  @ParameterizedTest(name = "{0}, client on gRPC {1}")
  @MethodSource("ends")
  void three_servers_restarted_one_after_the_other_cost_no_call(String end, String grpc) {
    start(grpc, end);
    begin("rate=" + RATE + " streams=" + STREAMS, 20);
    long began = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      Jvm old = servers.get(i);
      if (end.equals("exit")) {
        old.say("exit");
        assertThat(old.awaitExit()).isEqualTo(3);
      } else {
        assertThat(old.terminate()).isEqualTo(143);
      }
      Jvm next = server(end).start();
      servers.set(i, next);
      next.awaitPort();
      client.awaitInstances(3);
    }
    await().atMost(PATIENCE).until(() -> client.load("count").okBy().size() == 6);
    LoadResult calls = client.load("end");
    LoadResult streams = client.load("streams");
    String measured =
        "%d calls/s, %d calls, %d failed; %d streams, broken %d times; %d s"
            .formatted(
                RATE,
                calls.ok() + calls.failures(),
                calls.failures(),
                STREAMS,
                streams.failures() - streams.failures("circuit open"),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
    Scenario.of("rolling restart of 3 servers, end by " + end + ", client on gRPC " + grpc)
        .saw(measured);
    assertThat(calls.failures()).as(() -> client.described(calls.toString())).isZero();
  }

  /** What fails was in flight on it, or sent to it before the connection was seen to be broken. */
  @Thorough
  @Test
  void kill_9_costs_at_most_the_calls_in_flight() {
    start(Classpaths.FLOOR, "none");
    begin("rate=" + RATE, 200);
    double onIt = servers.get(0).metrics().sum("mesh_calls_in_flight");
    int onAll = open();
    long began = System.nanoTime();
    servers.get(0).kill9();
    // A JVM that is killed gives back its memory before the system closes its connections.
    int meanwhile = (int) Math.ceil(RATE * (System.nanoTime() - began) / 1e9);
    awaitAnswers(RATE);
    LoadResult before = client.load("count");
    awaitAnswers(2 * RATE);
    LoadResult after = client.load("end");
    Scenario.of("kill -9 of one of 3")
        .saw(
            ("%d calls/s, %d calls, %d failed, %d of them later; just before, %.0f were in flight on"
                    + " it and %d on all, and %d began until it was gone")
                .formatted(
                    RATE,
                    after.ok() + after.failures(),
                    after.failures(),
                    after.failures() - before.failures(),
                    onIt,
                    onAll,
                    meanwhile));
    assertThat(after.failures())
        .as(() -> client.described("a third of the calls are on it; " + after))
        .isLessThanOrEqualTo(onAll / 2 + meanwhile);
    assertThat(after.failures()).as("later").isEqualTo(before.failures());
  }
}
