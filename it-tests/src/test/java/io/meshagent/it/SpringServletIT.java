package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Project;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Spring gRPC inside Tomcat: the server has no port of its own. */
@Thorough
class SpringServletIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SERVICES = "/services/";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private JvmBuilder inTomcat(String name, int port) {
    return world
        .launch(name)
        .jar(Project.jar("spring", "boot4.jar"))
        .args("--greeter.name=" + name, "--server.port=" + port, "--server.http2.enabled=true")
        .args("--spring.main.web-application-type=servlet")
        .args("--spring.grpc.server.servlet.enabled=true")
        .mesh("drain.delay", "1500ms");
  }

  private static void awaitStart(Jvm jvm) {
    jvm.await(line -> line.contains("Started Application"), PATIENCE);
  }

  @Test
  void without_a_port_one_line_says_what_to_do_and_its_clients_are_served() {
    world.flakyServer("b").start().awaitPort();
    Jvm tomcat = inTomcat("a", 0).start();
    awaitStart(tomcat);

    tomcat.awaitError(
        line -> line.contains("set register.port to the port of the container"), PATIENCE);
    tomcat.awaitDirectory(1);
    await().atMost(PATIENCE).until(() -> tomcat.ask("call 10").startsWith("{b "));
    assertThat(ETCD.keys().get(SERVICES)).hasSize(1);
    assertThat(ofAgent(tomcat)).hasSize(2);
  }

  @Test
  void with_one_it_is_registered_once_tomcat_has_bound_it_and_restarts_under_load() {
    int port = Ports.free();
    Jvm tomcat = inTomcat("a", port).mesh("register.port", port).start();
    Jvm b = world.flakyServer("b").start();
    b.awaitPort();
    Jvm load = world.loadClient().start();
    load.awaitInstances(2);
    assertThat(ETCD.keys().get(SERVICES))
        .containsKey(SERVICES + "helloworld.Greeter/127.0.0.1:" + port);
    load.awaitAnswersBy(Set.of("a", "b"), "calls n=20");
    awaitStart(tomcat);
    await().atMost(PATIENCE).until(() -> tomcat.ask("call 20").contains("a c1,c2,s1,s2,="));
    assertThat(ofAgent(tomcat)).hasSize(1);

    load.load("begin rate=50 name=sleep:20");
    await().atMost(PATIENCE).until(() -> load.load("count").okBy().size() == 2);
    assertThat(tomcat.terminate()).isEqualTo(143);
    assertThat(ETCD.keys().get(SERVICES)).hasSize(1);
    int byB = load.load("count").okBy().get("b");
    await().atMost(PATIENCE).until(() -> load.load("count").okBy().get("b") > byB + 50);
    LoadResult result = load.load("end");
    Scenario.of("SIGTERM to a gRPC server in Tomcat")
        .saw("50 calls/s, %d calls, %d failed".formatted(result.ok(), result.failures()));
    assertThat(result.failures()).as(() -> tomcat.described(result.toString())).isZero();
  }

  private static List<String> ofAgent(Jvm jvm) {
    return jvm.stderr().stream().filter(line -> line.contains("[mesh-agent]")).toList();
  }
}
