package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CallTableTest {

  private static String metrics(int good, int bad, int slow) {
    String name = "grpc_client_call_duration_seconds";
    String ok = "{grpc_method=\"a.B/C\",grpc_status=\"OK\"";
    String failed = "{grpc_method=\"a.B/C\",grpc_status=\"UNAVAILABLE\"";
    return "# HELP x y\n"
        + (name + "_bucket" + ok + ",le=\"0.01\",} " + (good - slow) + ".0\n")
        + (name + "_bucket" + ok + ",le=\"1.0\",} " + good + ".0\n")
        + (name + "_bucket" + ok + ",le=\"+Inf\",} " + good + ".0\n")
        + (name + "_count" + ok + ",} " + good + ".0\n")
        + (name + "_count" + failed + ",} " + bad + ".0\n")
        + "mesh_calls_in_flight{side=\"client\",grpc_method=\"a.B/C\",} 3.0\n"
        + "mesh_other{a=\"b\",} 1\n";
  }

  @Test
  void what_has_happened_between_two_looks_counts() {
    CallTable before = CallTable.of(metrics(100, 5, 100));
    CallTable now = CallTable.of(metrics(200, 6, 110));

    assertThat(now.since(before))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("side", "client")
                    .containsEntry("method", "a.B/C")
                    .containsEntry("in flight", 3L)
                    .containsEntry("calls", 206L)
                    .containsEntry("failed", 6L)
                    .containsEntry("p50 ms", 10.0)
                    .containsEntry("p99 ms", 1_000.0));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    now.print(now, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("a.B/C").contains("-");
  }
}
