package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.greeter.api.GreeterGrpc;
import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Hosted;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.LoadClient;
import io.meshagent.it.programs.host.Bundles;
import io.meshagent.it.programs.host.Loaders;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.io.File;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several copies of gRPC in one JVM, in loaders that see much, little or nothing of its others. */
class LoadersIT {

  /** The native transport of old versions of Netty holds its classes for ever by itself. */
  private static final String NO_NATIVE = "io.grpc.netty.shaded.io.netty.transport.noNative";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "{0} on Java {1}")
  @CsvSource("bootstrap, 25")
  @ThoroughRows({"plain, 17", "bootstrap, 8", "platform, 11"})
  void copies_of_gRPC_find_each_other(String kind, int jdk) {
    Jvm host = host(jdk);
    host.ask("open old " + kind + " " + Classpaths.ofPrograms(Classpaths.FLOOR, "netty-shaded"));
    host.ask("open new " + kind + " " + Classpaths.ofPrograms(Classpaths.NEWEST, "netty-shaded"));
    assertGoverned(host, kind + ".Old", kind + ".New");
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @CsvSource({"8", "21"})
  void gRPC_may_be_in_the_parent_of_what_was_generated(int jdk) {
    String generated =
        Places.codeOf(GreeterGrpc.class) + File.pathSeparator + Places.codeOf(LoadClient.class);
    String libraries = Classpaths.ofPrograms(Classpaths.NEWEST, "netty-shaded");
    Jvm host = host(jdk);
    host.ask("open old shared " + generated + " " + withoutGenerated(libraries));
    host.ask("open new shared " + generated + " " + withoutGenerated(libraries));
    assertGoverned(host, "shared.Old", "shared.New");
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @CsvSource({"8", "17"})
  void a_copy_that_was_there_before_the_agent_is_collected_as_well(int jdk) {
    Jvm host = launch(jdk).withoutAgent().start();
    host.ask("open app plain " + Classpaths.ofPrograms(Classpaths.NEWEST, "netty-shaded"));
    host.ask("ask app start loaded.Before app");
    assertThat(AgentCommand.attach(host)).contains("1 server, 1 channel");
    host.awaitDirectory(1);
    assertThat(host.ask("ask app call loaded.Before")).isEqualTo("app");

    assertThat(host.ask("ask app stop")).isEqualTo("channel true server true");
    host.ask("close app");
    assertThat(host.ask("collected app", Duration.ofSeconds(90)))
        .as(() -> host.described("the loader is held"))
        .isEqualTo("true");
  }

  /** Leaving takes a third of the delay, as the server has just been called. */
  @Thorough
  @Test
  void a_copy_that_comes_while_the_agent_goes_is_left_alone() {
    Jvm host = launch(Runtime.version().feature()).mesh("drain.delay", "24s").start();
    String libraries = Classpaths.ofPrograms(Classpaths.MIDDLE, "netty-shaded");
    host.ask("open old plain " + libraries);
    host.ask("ask old start late.Old old");
    host.awaitDirectory(1);
    assertThat(host.ask("ask old call late.Old")).isEqualTo("old");
    CompletableFuture<String> detach =
        CompletableFuture.supplyAsync(() -> AgentCommand.detach(host));
    await()
        .atMost(Jvm.PATIENCE)
        .until(
            () ->
                ETCD.keys().get("/services/late.Old/").toString().contains("\"draining\":\"true"));
    host.ask("open new plain " + libraries);
    host.ask("ask new start late.New new");
    host.say("ask new call late.Old");
    // Its own target, where nobody is.
    host.await(line -> line.startsWith("failed ") && line.contains("UNAVAILABLE"), Jvm.PATIENCE);

    assertThat(detach.join()).endsWith("is let go; calls under way end as they began.");
    for (String name : new String[] {"new", "old"}) {
      assertThat(host.ask("ask " + name + " stop")).isEqualTo("channel true server true");
    }
    host.say("quit");
    assertThat(host.awaitExit()).isZero();
  }

  private void awaitEntries(String service, int count) {
    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> ETCD.keys().get("/services/" + service + "/").size() == count);
  }

  private static String withoutGenerated(String classPath) {
    return classPath
        .replace(Places.codeOf(GreeterGrpc.class) + File.pathSeparator, "")
        .replace(Places.codeOf(LoadClient.class) + File.pathSeparator, "");
  }

  private void assertGoverned(Jvm host, String oldService, String newService) {
    host.ask("ask old start " + oldService + " old");
    host.ask("ask new start " + newService + " new");
    host.awaitDirectory(2);
    assertThat(host.ask("ask old call " + newService)).isEqualTo("new");
    assertThat(host.ask("ask new call " + oldService)).isEqualTo("old");
    for (String name : new String[] {"old", "new"}) {
      assertThat(host.ask("ask " + name + " stop")).isEqualTo("channel true server true");
      host.ask("close " + name);
      assertThat(host.ask("collected " + name, Duration.ofSeconds(90)))
          .as(() -> host.described("the loader of " + name + " is held"))
          .isEqualTo("true");
    }
    awaitEntries(oldService, 0);
    host.say("quit");
    assertThat(host.awaitExit()).isZero();
    assertThat(host.stderr())
        .filteredOn(line -> line.contains("mesh-agent"))
        .hasSize(1)
        .allMatch(line -> line.contains(" governs gRPC "));
  }

  /** Felix lets a bundle see its surroundings or not by who is asking, unless told otherwise. */
  @Thorough
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "felix.bootdelegation.implicit=true",
        // The JDK's own for Netty, which records events.
        "felix.bootdelegation.implicit=false"
            + " org.osgi.framework.bootdelegation=io.meshagent.bootstrap,jdk.jfr.*"
      })
  void bundles_with_gRPC_inside_find_each_other(String settings) {
    Jvm host =
        world
            .launch("felix")
            .main(
                Hosted.hostClassPath()
                    + File.pathSeparator
                    + Classpaths.of("org.apache.felix:org.apache.felix.framework:7.0.5"),
                Bundles.class.getName())
            .args((Object[]) settings.split(" ", -1))
            .property(NO_NATIVE, "true")
            .start();
    for (String version : new String[] {"old", "new"}) {
      String grpc = version.equals("old") ? Classpaths.FLOOR : Classpaths.NEWEST;
      String classPath = Classpaths.ofPrograms(grpc, "netty-shaded");
      host.ask("open " + version + " " + Hosted.bundle(version, classPath));
    }
    assertGoverned(host, "bundle.Old", "bundle.New");
  }

  @ParameterizedTest(name = "Java {0}")
  @CsvSource("17")
  @ThoroughRows("8")
  void a_loader_that_shows_nothing_but_a_list_runs_on_without_us(int jdk) {
    Jvm host = host(jdk);
    String classPath = Classpaths.ofPrograms(Classpaths.NEWEST, "netty-shaded");
    host.ask("open app listed " + classPath);
    host.ask("ask app start listed.Service app");
    host.say("ask app call listed.Service");
    // Where it goes without the agent: to its target, where nobody is.
    host.await(line -> line.startsWith("failed ") && line.contains("UNAVAILABLE"), Jvm.PATIENCE);
    assertThat(host.ask("ask app stop")).isEqualTo("channel true server true");
    host.ask("close app");
    assertThat(host.ask("collected app", Duration.ofSeconds(90))).isEqualTo("true");
    host.say("quit");
    assertThat(host.awaitExit()).isZero();
    assertThat(host.stderr())
        .filteredOn(line -> line.contains("mesh-agent"))
        .hasSize(1)
        .allMatch(line -> line.contains("is not governed, because that loader shows it neither"));
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @CsvSource({"8", "17"})
  void gRPC_in_the_bootstrap_loader_runs_on_without_us(int jdk) {
    String everything = Classpaths.ofPrograms(Classpaths.NEWEST, "netty-shaded");
    Jvm server = world.greeterServer(0, "a").start();
    int port = server.awaitPort();
    Jvm client =
        world
            .launch("bootstrap")
            .on(jdk)
            .option("-Xbootclasspath/a:" + everything)
            .main(Places.newDirectory("empty").toString(), LoadClient.class.getName())
            .start();
    assertThat(client.load("calls n=20 channel=target:localhost:" + port).okBy())
        .containsEntry("a", 20);
    client.say("quit");
    assertThat(client.awaitExit()).isZero();
    assertThat(client.stderr())
        .filteredOn(line -> line.contains("mesh-agent"))
        .hasSize(1)
        .allMatch(line -> line.contains("bootstrap loader (-Xbootclasspath/a) is not governed"));
  }

  private Jvm host(int jdk) {
    return launch(jdk).leavingFast().start();
  }

  private JvmBuilder launch(int jdk) {
    return world
        .launch("host")
        .on(jdk)
        .main(Hosted.hostClassPath(), Loaders.class.getName())
        .property(NO_NATIVE, "true");
  }
}
