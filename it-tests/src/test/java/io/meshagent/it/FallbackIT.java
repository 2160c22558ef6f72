package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.LoadClient;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that fail are told what somebody has written for that, marked, and by the name of it. */
class FallbackIT {

  private static final Map<String, String> VERSIONS =
      Map.of("1.22", Classpaths.FLOOR, "middle", Classpaths.MIDDLE, "newest", Classpaths.NEWEST);

  @AutoClose private final World world = World.local();

  private static JvmBuilder withFallbacks(JvmBuilder client) {
    return client
        .mesh("client.breaker.enabled", "false")
        .mesh("client.fallback@by.Default", "default")
        .mesh("client.fallback@by.Last", "last")
        .mesh("client.fallback@by.Json", "json:{\"message\": \"m\", \"servedBy\": \"written\"}")
        .mesh("client.fallback@by.Text", "text:message: 'm' served_by: \"written\"")
        .mesh("client.fallback@by.Wrong", "text:nothing: 'm'");
  }

  private static LoadResult calls(Jvm client, String service, String options) {
    return client.load(
        "calls n=8 threads=4 deadline=60000 marked service=by." + service + " " + options);
  }

  private static double counted(Jvm client, String service, String kind) {
    return client
        .metrics()
        .sum(
            "mesh_fallbacks_total", "grpc_method", "by." + service + "/SayHello", "fallback", kind);
  }

  @ParameterizedTest(name = "{0}, gRPC {1}")
  @CsvSource("blocking,newest")
  @ThoroughRows({"async,newest", "future,newest", "blocking,1.22", "async,1.22", "future,middle"})
  void calls_are_told_what_was_written_when_their_server_is_gone(String kind, String version) {
    world.with(VERSIONS.get(version), version.equals("1.22") ? 8 : 17);
    String grpc = VERSIONS.get(version);
    Jvm server =
        world
            .flakyServer("a", "services=by.Default,by.Last,by.Json,by.Text,by.Wrong,by.None")
            .start();
    server.awaitPort();
    Jvm client =
        withFallbacks(
                world
                    .launch("load")
                    .main(Classpaths.ofGreeterWithJson(grpc), LoadClient.class.getName()))
            .start();
    client.awaitInstances(6);
    String by = "kind=" + kind;
    for (String service : new String[] {"Default", "Last", "Json", "Text", "Wrong"}) {
      assertThat(calls(client, service, by).okBy()).isEqualTo(Map.of("a", 8));
    }
    server.kill9();

    assertThat(calls(client, "Default", by).okBy()).isEqualTo(Map.of(" mesh-fallback=default", 8));
    assertThat(calls(client, "Json", by).okBy()).isEqualTo(Map.of("written mesh-fallback=json", 8));
    assertThat(calls(client, "Text", by).okBy()).isEqualTo(Map.of("written mesh-fallback=text", 8));
    assertThat(calls(client, "Last", by).okBy()).isEqualTo(Map.of("a mesh-fallback=last", 8));
    assertThat(calls(client, "Last", by + " name=new").failures("UNAVAILABLE")).isEqualTo(8);
    assertThat(calls(client, "Wrong", by).failures("UNAVAILABLE")).isEqualTo(8);
    assertThat(calls(client, "None", by).failures("UNAVAILABLE")).isEqualTo(8);
    assertThat(counted(client, "Json", "json")).isEqualTo(8);
    assertThat(counted(client, "Last", "none")).isEqualTo(8);
    assertThat(client.stderr())
        .filteredOn(line -> line.contains("client.fallback@by.Wrong gives calls"))
        .as("said once, when the method was called first")
        .singleElement()
        .asString()
        .contains("by.Wrong/SayHello", "nothing");
  }

  @Thorough
  @Test
  void calls_of_many_requests_are_told_it_too_but_not_the_last_response() {
    Jvm server = world.flakyServer("a", "kinds", "services=by.Default,by.Last,by.Text").start();
    server.awaitPort();
    Jvm client = withFallbacks(world.loadClient()).start();
    client.awaitInstances(3);
    String[] services = {"Default", "Last", "Text"};
    for (String service : services) {
      assertThat(calls(client, service, "kind=collect").okBy()).isEqualTo(Map.of("a", 8));
    }
    for (String failure : new String[] {"answered", "refused"}) {
      if (failure.equals("answered")) {
        server.ask("fail 100");
      } else {
        server.kill9();
      }
      assertThat(calls(client, "Default", "kind=collect").okBy())
          .as(failure)
          .isEqualTo(Map.of(" mesh-fallback=default", 8));
      assertThat(calls(client, "Text", "kind=collect").okBy())
          .as(failure)
          .isEqualTo(Map.of("written mesh-fallback=text", 8));
      assertThat(calls(client, "Last", "kind=collect").failures("UNAVAILABLE"))
          .as(failure)
          .isEqualTo(8);
    }
  }

  @Thorough
  @Test
  void without_protobufs_json_one_line_says_so_and_calls_fail_as_they_did() {
    Jvm server = world.flakyServer("a", "services=by.Json").start();
    server.awaitPort();
    Jvm client = withFallbacks(world.loadClient()).start();
    client.awaitInstances(1);
    server.ask("fail 100");

    LoadResult result = calls(client, "Json", "");
    assertThat(result.failures("UNAVAILABLE: flaky"))
        .as(() -> client.described(result.toString()))
        .isEqualTo(8);
    assertThat(client.stderr())
        .filteredOn(line -> line.contains("protobuf-java-util"))
        .singleElement()
        .asString()
        .contains("client.fallback@by.Json", "text:");
  }
}
