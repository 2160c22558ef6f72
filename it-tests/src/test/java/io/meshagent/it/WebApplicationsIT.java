package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Hosted;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.LoadClient;
import io.meshagent.it.programs.host.WebContainer;
import io.meshagent.it.tools.ring.Thorough;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Web applications in one Tomcat, each with a gRPC of its own: they share the agent and nothing
 * else, and a closed one is collected.
 */
@Thorough
class WebApplicationsIT {

  /** By name: their containers' classes are not the tests'. */
  private static final String PROGRAMS = LoadClient.class.getPackage().getName();

  private static final String JAVAX = PROGRAMS + ".JavaxListener";
  private static final String JAKARTA = PROGRAMS + ".JakartaListener";

  /** Collecting a loader takes as long as gRPC's and Netty's last threads. */
  private static final Duration LONG = Duration.ofSeconds(90);

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final OtlpReceiver collector = OtlpReceiver.start();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "Tomcat {0} on Java {1}")
  @CsvSource({"9.0.98, 8", "11.0.2, 21"})
  void call_each_other_and_go_without_a_trace(String tomcat, int jdk) {
    Jvm container = container(tomcat, jdk);
    String listener = tomcat.startsWith("9.") ? JAVAX : JAKARTA;
    Path one = application("one", "web.One", Classpaths.FLOOR, listener);
    Path two = application("two", "web.Two", Classpaths.NEWEST, listener);
    Path other = application("other", "web.Two", Classpaths.NEWEST, listener);

    container.ask("open one " + one);
    container.ask("open two " + two);
    container.awaitDirectory(2);
    assertThat(container.ask("ask one call web.Two")).isEqualTo("two");
    assertThat(container.ask("ask two call web.One")).isEqualTo("one");
    for (String method : new String[] {"web.One/SayHello", "web.Two/SayHello"}) {
      for (String side : new String[] {"client", "server"}) {
        await()
            .until(
                () ->
                    container
                            .metrics()
                            .sum(
                                "grpc_" + side + "_call_duration_seconds_count",
                                "grpc_method",
                                method)
                        == 1);
      }
    }

    // The first one's channel learns of an instance while it is open: that comes from our threads.
    container.ask("open other " + other);
    await().atMost(Jvm.PATIENCE).until(() -> container.ask("ask one call web.Two").equals("other"));

    container.ask("close one");
    awaitEntries("web.One", 0);
    awaitCollected(container, "one");
    assertThat(container.ask("ask two call web.Two")).isIn("two", "other");

    container.awaitDirectory(2);
    container.ask("open one " + one);
    container.awaitDirectory(3);
    assertThat(container.ask("ask two call web.One")).isEqualTo("one");
    assertThat(container.ask("ask one call web.One")).isEqualTo("one");
    for (String name : new String[] {"two", "one", "other"}) {
      container.ask("close " + name);
      awaitCollected(container, name);
    }
    assertQuiet(container);
  }

  private Jvm container(String tomcat, int jdk) {
    String classPath =
        Hosted.hostClassPath()
            + File.pathSeparator
            + Classpaths.of("org.apache.tomcat.embed:tomcat-embed-core:" + tomcat);
    return world
        .launch("tomcat")
        .on(jdk)
        .mesh("tracing.otlp.endpoint", collector.endpoint())
        .main(classPath, WebContainer.class.getName())
        // The native transport of old versions of Netty holds its classes for ever by itself.
        .property("io.grpc.netty.shaded.io.netty.transport.noNative", "true")
        .start();
  }

  private static Path application(String name, String service, String grpc, String listener) {
    return Hosted.webApplication(
        name, service, Classpaths.ofPrograms(grpc, "netty-shaded"), listener);
  }

  private void awaitEntries(String service, int count) {
    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> ETCD.keys().get("/services/" + service + "/").size() == count);
  }

  private static void awaitCollected(Jvm container, String name) {
    assertThat(container.ask("collected " + name, LONG))
        .as(() -> container.described("the loader of " + name + " is held"))
        .isEqualTo("true");
  }

  private static void assertQuiet(Jvm container) {
    container.say("quit");
    assertThat(container.awaitExit()).isZero();
    assertThat(container.stderr())
        .as("said by the agent, or of it by Tomcat")
        .filteredOn(line -> line.contains("mesh-agent") || line.contains("io.meshagent.grpc"))
        .hasSize(1)
        .allMatch(line -> line.contains(" governs gRPC "));
  }
}
