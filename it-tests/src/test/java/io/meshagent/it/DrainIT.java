package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.ring.Thorough;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One instance is taken out of new calls from outside, by {@code drain HOST:PORT}. */
@Thorough
class DrainIT {

  private static final String METHOD = "helloworld.Greeter/SayHello";
  private static final String CALLS = "calls n=50 threads=2";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private Jvm a;
  private Jvm client;
  private String placeOfA;
  private String placeOfB;

  @BeforeEach
  void two_instances_and_a_client() {
    a = world.flakyServer("a").start();
    placeOfA = "127.0.0.1:" + a.awaitPort();
    placeOfB = "127.0.0.1:" + world.flakyServer("b").start().awaitPort();
    client = world.loadClient().mesh("log.level", "debug").start();
    client.awaitInstances(2);
    client.awaitAnswersBy(Set.of("a", "b"), CALLS);
  }

  private static Commands.Result run(Object... words) {
    return AgentCommand.on(ETCD, words);
  }

  private static Commands.Result done(Object... words) {
    Commands.Result result = run(words);
    assertThat(result.exitCode()).as(result::output).isZero();
    return result;
  }

  @Test
  void no_new_call_goes_there_and_streams_under_way_stay() {
    LoadResult unused = client.load("hold n=10");
    await("both have streams")
        .atMost(Jvm.PATIENCE)
        .until(() -> held().ok() == 10 && held().okBy().size() == 2);

    String said = done("drain", placeOfA, "--by", "ops").output();
    assertThat(said).contains("run it", "drain " + placeOfA + " --off brings it back");
    client.awaitAnswersBy(Set.of("b"), CALLS);
    assertThat(client.load(CALLS).okBy()).containsOnlyKeys("b");
    assertThat(held().failures()).isZero();
    assertThat(held().okBy()).containsKeys("a", "b");
    unused = client.load("release n=10");
    assertThat(held().failures()).isZero();
    await("the instance says so")
        .atMost(Jvm.PATIENCE)
        .until(() -> a.stderr().stream().anyMatch(line -> isDrained(line, placeOfA)));
    assertThat(client.stderr())
        .anyMatch(line -> line.contains("debug: " + placeOfA + " gets no new calls from here"));

    done("drain", placeOfA, "--off");
    client.awaitAnswersBy(Set.of("a", "b"), CALLS);
    await("the instance says so")
        .atMost(Jvm.PATIENCE)
        .until(() -> a.stderr().stream().anyMatch(line -> line.contains("no longer drained")));
    assertThat(a.stderr().stream().filter(line -> line.contains("drained"))).hasSize(2);
  }

  private LoadResult held() {
    return client.load("held");
  }

  private static boolean isDrained(String line, String place) {
    return line.contains("warn: this program's instance " + place + " is drained since 2")
        && line.contains(" by ops: ");
  }

  @Test
  void it_is_seen_wherever_a_person_looks() {
    done("drain", placeOfA, "--by", "ops");
    client.awaitAnswersBy(Set.of("b"), CALLS);

    assertThat(done("services").output())
        .containsPattern(placeOfA + " .* drained since \\S+Z by ops");
    assertThat(done("services", "--json").output())
        .contains("\"drained\": true", "\"drained by\": \"ops\"", "\"drained\": false");
    assertThat(AgentCommand.run("explain", METHOD, "--url", client.admin()).output())
        .contains("is drained since ", " by ops: it finishes its calls and gets no new ones");
    assertThat(AgentCommand.run("explain", METHOD, "--url", a.admin()).output())
        .contains(
            "! " + placeOfA + ", which is this program, is drained since ", " by ops: it gets");
    assertThat(done("check", a.pid()).output())
        .contains("! " + placeOfA + " is drained since ", " by ops, so it gets no new calls");
    assertThat(run("drain", placeOfA).output())
        .contains(placeOfA + " is drained since ", "already");

    a.terminate();
    await("it is gone")
        .atMost(Jvm.PATIENCE)
        .until(() -> done("services").output().contains(", and is not registered."));
  }

  @Test
  void what_is_not_there_and_the_last_one_are_refused_and_a_drained_one_is_better_than_none() {
    Commands.Result none = run("drain", "127.0.0.1:1");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.output()).contains("No instance 127.0.0.1:1 is registered");
    assertThat(run("drain", placeOfA, "--off").output()).contains(placeOfA + " is not drained.");
    assertThat(run("drain", "here").exitCode()).isEqualTo(2);
    assertThat(
            AgentCommand.run("drain", "127.0.0.1:1", "--force", "--etcd", ETCD.endpoint()).output())
        .contains("drain 127.0.0.1:1 --off brings it back");
    ETCD.keys().delete("/mesh/policies/drains");

    done("drain", placeOfA);
    Commands.Result last = run("drain", placeOfB);
    assertThat(last.exitCode()).as(last::output).isEqualTo(1);
    assertThat(last.output())
        .contains(placeOfB + " is the last instance that wants calls of helloworld.Greeter");

    done("drain", placeOfB, "--force");
    client.awaitAnswersBy(Set.of("a", "b"), CALLS);
    assertThat(AgentCommand.run("explain", METHOD, "--url", client.admin()).output())
        .contains("gets calls, since no other is left (drains)");
    done("drain", placeOfB, "--off");
    client.awaitAnswersBy(Set.of("b"), CALLS);
    assertThat(done("policies", "get", "drains").output())
        .contains("drains=" + placeOfA + " since");
    done("drain", placeOfA, "--off");
    assertThat(run("policies", "get", "drains").output()).contains("There is no document drains");
  }
}
