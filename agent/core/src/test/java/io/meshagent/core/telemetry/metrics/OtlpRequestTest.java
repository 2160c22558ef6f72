package io.meshagent.core.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.client.Collector;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.Summary;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By the numbers of the fields; {@code OtlpMetricsIT} has OTLP's own messages read it. */
class OtlpRequestTest {

  private final OtlpRequest request;

  OtlpRequestTest() throws IOException {
    request = new OtlpRequest(Resource.getDefault(), 1_000, 5_000);
  }

  private List<ByteString> metrics(Collector collector) throws IOException {
    request.add(collector.collect().get(0));
    UnknownFieldSet ofResource =
        read(
            read(ByteString.copyFrom(request.toBytes()))
                .getField(1)
                .getLengthDelimitedList()
                .get(0));
    return read(ofResource.getField(2).getLengthDelimitedList().get(0))
        .getField(2)
        .getLengthDelimitedList();
  }

  private static UnknownFieldSet read(ByteString message) throws IOException {
    return UnknownFieldSet.parseFrom(message);
  }

  private static UnknownFieldSet child(UnknownFieldSet of, int field) throws IOException {
    List<ByteString> all = of.getField(field).getLengthDelimitedList();
    assertThat(all).as("field " + field).hasSize(1);
    return read(all.get(0));
  }

  private static String text(UnknownFieldSet of, int field) {
    return of.getField(field).getLengthDelimitedList().stream()
        .map(ByteString::toStringUtf8)
        .reduce("", String::concat);
  }

  private static double real(UnknownFieldSet of, int field) {
    return Double.longBitsToDouble(of.getField(field).getFixed64List().get(0));
  }

  @Test
  void a_counter_is_a_sum_since_the_start() throws IOException {
    Counter calls =
        Counter.build("grpc_client_call_started_total", "Calls.")
            .labelNames("grpc_method")
            .create();
    calls.labels("a.B/C").inc(3);

    UnknownFieldSet metric = read(metrics(calls).get(0));
    assertThat(text(metric, 1)).isEqualTo("grpc.client.call.started");
    assertThat(text(metric, 2)).isEqualTo("Calls.");
    UnknownFieldSet sum = child(metric, 7);
    assertThat(sum.getField(2).getVarintList()).as("cumulative").containsExactly(2L);
    assertThat(sum.getField(3).getVarintList()).as("monotonic").containsExactly(1L);
    UnknownFieldSet value = child(sum, 1);
    assertThat(value.getField(2).getFixed64List()).containsExactly(1_000L);
    assertThat(value.getField(3).getFixed64List()).containsExactly(5_000L);
    assertThat(real(value, 4)).isEqualTo(3);
    UnknownFieldSet label = child(value, 7);
    assertThat(text(label, 1)).isEqualTo("grpc.method");
    assertThat(text(child(label, 2), 1)).isEqualTo("a.B/C");
    assertThat(request.values()).isEqualTo(1);
  }

  @Test
  void a_bucket_of_a_histogram_counts_its_own_alone() throws IOException {
    Histogram bytes =
        Histogram.build("grpc_client_attempt_rcvd_total_compressed_message_size_bytes", "Bytes.")
            .labelNames("grpc_method")
            .buckets(1, 10)
            .create();
    for (double each : new double[] {0.5, 1, 5, 50}) {
      bytes.labels("a.B/C").observe(each);
    }

    UnknownFieldSet metric = read(metrics(bytes).get(0));
    assertThat(text(metric, 1)).isEqualTo("grpc.client.attempt.rcvd_total_compressed_message_size");
    assertThat(text(metric, 3)).isEqualTo("By");
    UnknownFieldSet value = child(child(metric, 9), 1);
    assertThat(value.getField(4).getFixed64List()).containsExactly(4L);
    assertThat(real(value, 5)).isEqualTo(56.5);
    assertThat(value.getField(6).getLengthDelimitedList().get(0))
        .isEqualTo(ByteString.copyFrom(new byte[] {2, 0, 0, 0, 0, 0, 0, 0}).concat(ones(2)));
    assertThat(value.getField(7).getLengthDelimitedList().get(0).size()).as("bounds").isEqualTo(16);
    assertThat(text(child(value, 9), 1)).isEqualTo("grpc.method");
  }

  private static ByteString ones(int times) {
    ByteString one = ByteString.copyFrom(new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
    return times == 1 ? one : one.concat(ones(times - 1));
  }

  @Test
  void other_names_stay_and_what_has_nothing_to_say_is_not_sent() throws IOException {
    Gauge gauge = Gauge.build("jvm_memory_used_bytes", "Bytes.").labelNames("area").create();
    assertThat(metrics(gauge)).isEmpty();
    gauge.labels("heap").set(7);
    UnknownFieldSet metric = read(metrics(gauge).get(0));
    assertThat(text(metric, 1)).isEqualTo("jvm_memory_used_bytes");
    assertThat(text(metric, 3)).isEmpty();
    assertThat(real(child(child(metric, 5), 1), 4)).isEqualTo(7);
  }

  @Test
  void a_summary_has_its_sum() throws IOException {
    Summary summary = Summary.build("jvm_gc_collection_seconds", "Seconds.").create();
    summary.observe(2);
    UnknownFieldSet value = child(child(read(metrics(summary).get(0)), 11), 1);
    assertThat(value.getField(4).getFixed64List()).containsExactly(1L);
    assertThat(real(value, 5)).isEqualTo(2);
  }
}
