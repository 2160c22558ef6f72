package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Certificates;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.TlsPeer;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.ring.Thorough;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** From a call that fails to its cause in one step: {@code explain METHOD}. */
class ExplainIT {

  private static final String SERVICE = "helloworld.Greeter";
  private static final String METHOD = SERVICE + "/SayHello";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private static Commands.Result explain(Jvm jvm, String method) {
    return AgentCommand.run("explain", method, "--url", jvm.admin());
  }

  private static Commands.Result explain(Jvm jvm, String method, String header) {
    return AgentCommand.run("explain", method, "--url", jvm.admin(), "--header", header);
  }

  /** What it says of why calls fail, and nothing else. */
  private static String causes(Jvm jvm, String method) {
    Commands.Result said = explain(jvm, method);
    assertThat(said.exitCode()).as(() -> jvm.described(said.output())).isEqualTo(1);
    return String.join("\n", said.output().lines().filter(line -> line.startsWith("! ")).toList());
  }

  @Test
  void an_open_circuit_is_told_with_what_opened_it() {
    world.flakyServer("a", "fail=100").start().awaitPort();
    Jvm client = world.loadClient().mesh("app.name", "shop").start();
    client.awaitInstances(1);
    LoadResult failed = client.load("calls n=100 threads=1");
    assertThat(failed.failures("circuit open for")).as(failed::toString).isPositive();

    assertThat(causes(client, METHOD))
        .contains(
            "The circuit of " + METHOD + " is open (client.breaker), so calls are refused",
            "calls failed, the last one with UNAVAILABLE: flaky");
    assertThat(AgentCommand.run("explain", METHOD, "--pid", client.pid()).output())
        .as("found by its process id")
        .contains("! The circuit of " + METHOD, "as shop calls it");
    Commands.Result json = AgentCommand.run("explain", METHOD, "--url", client.admin(), "--json");
    assertThat(json.output()).contains("\"kind\": \"policy\"", "\"state\": \"");
  }

  @Thorough
  @Test
  void an_ejected_instance_is_told_and_who_gets_its_calls() {
    int good = world.flakyServer("good").start().awaitPort();
    int bad = world.flakyServer("bad", "fail=100").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);
    client.say("begin rate=200");
    String ejected = "127.0.0.1:" + bad + " of " + SERVICE + " is ejected";
    client.awaitError(line -> line.contains("127.0.0.1:" + bad), Jvm.PATIENCE);
    client.say("end");

    assertThat(causes(client, METHOD)).contains(ejected, "; next probe ");
    assertThat(explain(client, METHOD).output())
        .containsPattern("may go to \\(p2c\\):\\s+127\\.0\\.0\\.1:" + good + " ")
        .containsPattern("left out:\\s+127\\.0\\.0\\.1:" + bad + " is ejected");
  }

  @Thorough
  @Test
  void a_refused_document_is_told_with_its_mistake() {
    world.flakyServer("a").start().awaitPort();
    Jvm client = world.loadClient().mesh("client.timeout", "20s").start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=1").ok()).isEqualTo(1);
    assertThat(explain(client, METHOD).exitCode()).as("nothing speaks against it").isZero();

    ETCD.keys().put("/mesh/policies/slow", "client.timeuot=1s\n");
    client.awaitError(line -> line.contains("document slow"), Jvm.PATIENCE);

    assertThat(causes(client, METHOD))
        .contains("Document slow (revision ", "is refused", "client.timeuot", "client.timeout?");
    assertThat(explain(client, METHOD).output()).contains("client.timeout=20s  (-Dmesh.client");
  }

  @Thorough
  @Test
  void channels_with_tls_and_instances_without_are_told_to_differ() {
    Jvm peer =
        world
            .launch("tls")
            .main(Classpaths.ofAllTransports("1.82.2"), TlsPeer.class.getName())
            .args("netty-shaded", Certificates.of("one").cert("server").getParent())
            .start();
    peer.await("ready");
    peer.awaitDirectory(5);
    assertThat(peer.ask("call tls tls.Plain")).startsWith("UNAVAILABLE");

    assertThat(causes(peer, "tls.Plain"))
        .contains(
            "No instance of tls.Plain can be called over the channel to ",
            "speaks plaintext (http), and the channel speaks TLS (https)",
            "discover.fallback=own");
  }

  @Thorough
  @Test
  void a_service_that_is_nowhere_is_told_with_the_name_that_is_near() {
    world.flakyServer("a").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=1 service=helloworld.Greter").failures()).isEqualTo(1);

    assertThat(causes(client, "helloworld.Greter/SayHello"))
        .contains("No instance of helloworld.Greter is registered in etcd ")
        .contains("Did you mean helloworld.Greeter?");
  }

  @Thorough
  @Test
  void who_serves_is_told_which_rule_refuses_whose_calls_and_where_it_was_written() {
    String rule = "server.access@" + SERVICE;
    Jvm server =
        world
            .flakyServer("a")
            .mesh("app.name", "guarded")
            .mesh(rule, "allow shop")
            .mesh("server.access.mode", "enforce")
            .start();
    int port = server.awaitPort();
    Jvm batch =
        world
            .loadClient()
            .mesh("app.name", "batch")
            .mesh("client.breaker.enabled", "false")
            .start();
    batch.awaitInstances(1);
    LoadResult refused = batch.load("calls n=3 threads=1 deadline=60000");
    assertThat(refused.failures("PERMISSION_DENIED")).as(refused::toString).isEqualTo(3);

    assertThat(causes(server, METHOD))
        .contains("3 calls of " + METHOD + " were refused here by access since the start, by ")
        .contains(rule + "=allow shop (-Dmesh." + rule + ")");
    Commands.Result shop = explain(server, METHOD, "mesh-caller=shop");
    assertThat(shop.exitCode()).as(shop::output).isZero();
    assertThat(shop.output())
        .contains("as guarded serves it (governance on, default)")
        .contains("access lets shop in ('allow shop')")
        .contains("(http): registered as 127.0.0.1:" + port)
        .contains("3 calls since the start, 0 under way, refused 3 by access")
        .doesNotContain("Over the channel");
    Commands.Result other = explain(server, METHOD, "mesh-caller=batch");
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.output())
        .contains("! Such a call is refused here: access refuses batch, PERMISSION_DENIED")
        .contains("so access stops it");
  }

  @Thorough
  @Test
  void a_limit_of_a_document_is_told_where_calls_are_served_and_a_name_that_nobody_serves() {
    Jvm server = world.flakyServer("a").start();
    server.awaitPort();
    Jvm client = world.loadClient().mesh("client.breaker.enabled", "false").start();
    client.awaitInstances(1);
    assertThat(explain(server, METHOD).exitCode()).as("nothing speaks against it").isZero();

    String limit = "server.rate-limit.rate@" + SERVICE;
    ETCD.keys().put("/mesh/policies/limits", limit + "=2/h\nserver.rate-limit.burst=2\n");
    await("the limit is in force")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("calls n=5 threads=1").failures("RESOURCE_EXHAUSTED") >= 3);
    assertThat(causes(server, METHOD))
        .contains("Such a call is refused here: rate-limit lets 2/h calls through, 2 at once")
        .contains("were refused here by rate-limit since the start, by " + limit + "=2/h (document")
        .contains("limits");
    Commands.Result json = AgentCommand.run("explain", METHOD, "--url", server.admin(), "--json");
    assertThat(json.output()).contains("\"decided by\": \"rate-limit\"", "\"does\": \"serves\"");

    assertThat(causes(server, SERVICE + "/SayHelo"))
        .contains("No server of this program lists " + SERVICE + "/SayHelo")
        .contains("; it serves " + METHOD);
  }

  @Thorough
  @Test
  void nobody_there_and_words_that_make_no_sense_are_told_apart() {
    assertThat(AgentCommand.run("explain", METHOD).exitCode()).isEqualTo(2);
    assertThat(AgentCommand.run("explain", METHOD, "--url", "127.0.0.1:1").exitCode()).isEqualTo(3);
    Jvm plain = world.loadClient().mesh("admin.enabled", "false").start();
    LoadResult unused = plain.load("calls n=1");
    Commands.Result none = AgentCommand.run("explain", METHOD, "--pid", plain.pid());
    assertThat(none.exitCode()).isEqualTo(3);
    assertThat(none.output()).contains("has no admin page");
  }
}
