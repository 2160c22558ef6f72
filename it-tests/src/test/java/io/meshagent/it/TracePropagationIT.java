package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.OtlpReceiver.Received;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Traces by B3 in place of W3C's headers, or beside them: {@code tracing.propagators}. */
@Thorough
class TracePropagationIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String KEY = "tracing.propagators";

  @AutoClose private final OtlpReceiver collector = OtlpReceiver.start();
  @AutoClose private final World world = World.local();

  /** What the server saw of each call to the greeter, in one line each. */
  private static List<String> headers(Jvm server, int count) {
    return await("what the server saw")
        .atMost(Jvm.PATIENCE)
        .until(
            () -> server.stdout().stream().filter(line -> line.startsWith("headers ")).toList(),
            lines -> lines.size() >= count);
  }

  private static long count(String headers, String name) {
    return Arrays.stream(headers.substring("headers Metadata(".length()).split(","))
        .filter(each -> each.startsWith(name + "="))
        .count();
  }

  @Test
  void a_call_has_one_header_of_the_kind_that_is_set_and_the_collector_knows_its_ids() {
    Jvm server = world.flakyServer("b", "headers").withoutAgent().start();
    String channel = " channel=target:localhost:" + server.awaitPort();
    Jvm client =
        world
            .loadClient()
            .mesh("tracing.otlp.endpoint", collector.endpoint())
            .mesh(KEY, "b3")
            .start();
    client.await("ready");
    assertThat(client.load("calls n=5 deadline=60000" + channel).ok()).isEqualTo(5);
    assertThat(
            client
                .load("calls n=5 deadline=60000 header=b3:" + TRACE + "-" + SPAN + "-1" + channel)
                .ok())
        .isEqualTo(5);

    List<String> seen = headers(server, 10);
    assertThat(seen)
        .allMatch(line -> count(line, "b3") == 1)
        .noneMatch(line -> line.contains("traceparent") || line.contains("x-b3-"));
    assertThat(seen.subList(5, 10))
        .allMatch(line -> line.contains("b3=" + TRACE + "-" + SPAN + "-1"));
    List<Received> spans =
        await("spans").atMost(Jvm.PATIENCE).until(collector::spans, all -> all.size() >= 10);
    assertThat(spans.stream().filter(span -> span.trace().equals(TRACE)))
        .hasSize(5)
        .allMatch(span -> span.parent().equals(SPAN));
    for (Received span : spans) {
      assertThat(seen).anyMatch(line -> line.contains("b3=" + span.trace() + "-"));
    }
  }

  @Test
  void a_chain_reads_either_writes_both_and_hands_baggage_on() {
    Jvm back = world.flakyServer("b", "headers").mesh(KEY, "tracecontext,b3").start();
    back.awaitPort();
    world.chainServer("a").mesh(KEY, "tracecontext,b3multi,baggage").start().awaitPort();
    Jvm client = world.loadClient().mesh(KEY, "tracecontext").start();
    client.awaitInstances(2);
    String ids = "x-b3-traceid:" + TRACE + ",x-b3-spanid:" + SPAN + ",x-b3-sampled:1";
    assertThat(
            client
                .load(
                    "calls n=1 deadline=60000 service=chain.Front header=baggage:lane=blue," + ids)
                .ok())
        .isEqualTo(1);

    String seen = headers(back, 1).get(0);
    assertThat(seen)
        .contains("traceparent=00-" + TRACE + "-" + SPAN + "-01", "baggage=lane=blue")
        .contains("x-b3-traceid=" + TRACE, "x-b3-spanid=" + SPAN, "x-b3-sampled=1");
    for (String each : List.of("traceparent", "x-b3-traceid", "baggage")) {
      assertThat(count(seen, each)).as(seen).isEqualTo(1);
    }
  }
}
