package io.meshagent.core.registry.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceCodecTest {

  private static Instance instance(String host, int port, Map<String, String> metadata) {
    return new Instance(host, port, new InetSocketAddress(host, port), metadata);
  }

  @Test
  void writes_the_bytes_that_etcds_go_package_writes() {
    String value = InstanceCodec.value(instance("127.0.0.1", 50051, Map.of()));

    assertThat(value).isEqualTo("{\"Op\":0,\"Addr\":\"127.0.0.1:50051\",\"Metadata\":null}");
    assertThat(value.getBytes(StandardCharsets.UTF_8)).hasSize(49);
  }

  @Test
  void writes_its_facts_sorted_beside_a_null_that_go_can_compare() {
    Instance instance =
        instance(
            "::1", 50052, Map.of("zone", "z<1>&", "weight", "100", "a", "\u2028\"\\\n\u0001é"));

    assertThat(InstanceCodec.value(instance))
        .isEqualTo(
            "{\"Op\":0,\"Addr\":\"[::1]:50052\",\"Metadata\":null,\"Mesh\":"
                + "{\"a\":\"\\u2028\\\"\\\\\\n\\u0001é\",\"weight\":100,"
                + "\"zone\":\"z\\u003c1\\u003e\\u0026\"}}");
  }

  @Test
  void writes_labels_as_an_object_and_reads_them_back() {
    Instance written =
        instance(
            "10.0.0.1",
            1,
            Map.of("label.lane", "blue", "label.a", "1", "scheme", "http", "weight", "0.5"));

    String value = InstanceCodec.value(written);

    assertThat(value)
        .endsWith(
            "{\"labels\":{\"a\":\"1\",\"lane\":\"blue\"},\"scheme\":\"http\",\"weight\":0.5}}");
    assertThat(InstanceCodec.instance(value)).isEqualTo(written);
  }

  @Test
  void a_weight_that_is_no_number_stays_text() {
    String value = InstanceCodec.value(instance("10.0.0.1", 1, Map.of("weight", "01")));

    assertThat(value).endsWith("{\"weight\":\"01\"}}");
  }

  @Test
  void keys_hold_prefix_service_and_address() {
    assertThat(InstanceCodec.key("/services", "a.B", instance("127.0.0.1", 7, Map.of())))
        .isEqualTo("/services/a.B/127.0.0.1:7");
    assertThat(InstanceCodec.key("/services", "a.B", instance("::1", 7, Map.of())))
        .isEqualTo("/services/a.B/[::1]:7");
  }

  @Test
  void the_service_is_the_first_segment_below_the_prefix() {
    assertThat(InstanceCodec.service("/services", "/services/a.B/1782477689370732046"))
        .isEqualTo("a.B");
    assertThat(InstanceCodec.service("/services", "/services/a.B/zone/x")).isEqualTo("a.B");
    assertThat(InstanceCodec.service("/services", "/services/a.B")).isNull();
    assertThat(InstanceCodec.service("/services", "/services/a.B/")).isNull();
    assertThat(InstanceCodec.service("/services", "/services//x")).isNull();
    assertThat(InstanceCodec.service("/services", "/servicesX/a.B/x")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Op\":0,\"Addr\":\"127.0.0.1:50051\"}",
        "{\"Op\":1,\"Addr\":\"127.0.0.1:50051\",\"Metadata\":null,\"More\":[{}]}",
        "{\"op\":0,\"addr\":\"127.0.0.1:50051\",\"metadata\":\"x\"}",
        "{\"Addr\":\"127.0.0.1:50051\",\"Metadata\":{\"a\":null}}",
        " {\"Op\":0.5,\"Addr\":\"127.0.0.1:50051\",\"Metadata\":[1]}\n",
        "127.0.0.1:50051",
      })
  void reads_what_go_accepts_and_bare_addresses(String value) {
    assertThat(InstanceCodec.instance(value)).isEqualTo(instance("127.0.0.1", 50051, Map.of()));
  }

  @Test
  void reads_metadata_of_any_shape() {
    Instance read =
        InstanceCodec.instance(
            "{\"Op\":0,\"Addr\":\"[::1]:1\",\"Metadata\":"
                + "{\"w\":100,\"n\":{\"x\":[1]},\"t\":true,\"labels\":{\"lane\":\"b\"}}}");

    assertThat(read.host()).isEqualTo("::1");
    assertThat(read.address().isUnresolved()).isFalse();
    assertThat(read.metadata())
        .isEqualTo(Map.of("w", "100", "n", "{\"x\":[1]}", "t", "true", "label.lane", "b"));
  }

  @Test
  void our_own_facts_count_where_both_stand() {
    Instance read =
        InstanceCodec.instance(
            "{\"Op\":0,\"Addr\":\"[::1]:1\",\"Metadata\":\"x\",\"Mesh\":{\"started\":\"7\"}}");

    assertThat(read.metadata()).isEqualTo(Map.of("started", "7"));
    assertThat(InstanceCodec.started(InstanceCodec.value(read))).isEqualTo(7);
  }

  @Test
  void reads_kratos() {
    Instance plain =
        InstanceCodec.instance(
            "{\"id\":\"1\",\"name\":\"helloworld.Greeter\",\"version\":\"v1\",\"metadata\":null,"
                + "\"endpoints\":[\"http://127.0.0.1:8000\",\"grpc://127.0.0.1:9000\"]}");
    Instance secure =
        InstanceCodec.instance(
            "{\"endpoints\":[\"grpc://127.0.0.1:9000?isSecure=true\"],\"metadata\":{\"zone\":\"z\"}}");
    Instance insecure =
        InstanceCodec.instance("{\"endpoints\":[\"grpc://127.0.0.1:9000?isSecure=false\"]}");

    assertThat(plain)
        .isEqualTo(instance("127.0.0.1", 9000, Map.of("version", "v1", "scheme", "http")));
    assertThat(secure)
        .isEqualTo(instance("127.0.0.1", 9000, Map.of("zone", "z", "scheme", "https")));
    assertThat(insecure).isEqualTo(instance("127.0.0.1", 9000, Map.of("scheme", "http")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{",
        "{}",
        "[]",
        "null",
        "\"127.0.0.1:50051\"",
        "{\"Op\":\"Add\",\"Addr\":\"127.0.0.1:1\"}",
        "{\"Op\":0,\"Addr\":\"http://127.0.0.1:50051\"}",
        "{\"Op\":0,\"Addr\":7}",
        "{Op:0,Addr:'127.0.0.1:1'}",
        "{\"Op\":0,\"Addr\":\"127.0.0.1:1\"} {}",
        "{\"endpoints\":[\"http://127.0.0.1:8000\",7,\"grpc://\"]}",
        "127.0.0.1",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "127.0.0.1:1:2",
        "999.0.0.1:1",
        "1.2.3:1",
        "::1:50051",
        "[::1]",
        "[::g]:1",
        "[1.2.3.4]:1",
        "[fe80::1%eth0]:1",
        "a b:1",
        "-a:1",
        ":1",
        "a/b:1",
      })
  void anything_else_is_no_instance(String value) {
    assertThat(InstanceCodec.instance(value)).isNull();
  }

  @Test
  void nesting_without_end_is_no_instance() {
    assertThat(InstanceCodec.instance("{\"a\":" + "[".repeat(60_000))).isNull();
    assertThat(InstanceCodec.instance("{\"a\":\"" + "x".repeat(70_000) + "\"}")).isNull();
  }

  @Test
  void a_name_is_resolved_and_an_unknown_one_stays_unresolved() {
    Instance known = InstanceCodec.instance("localhost:7");
    Instance unknown = InstanceCodec.instance("does-not-exist.invalid:7");

    assertThat(known.host()).isEqualTo("localhost");
    assertThat(known.address().getAddress().isLoopbackAddress()).isTrue();
    assertThat(unknown.address().isUnresolved()).isTrue();
    assertThat(unknown.hostPort()).isEqualTo("does-not-exist.invalid:7");
  }

  @Test
  void an_address_is_the_same_instance_however_it_was_spelt() {
    Instance go = InstanceCodec.instance("{\"Op\":0,\"Addr\":\"[::1]:50051\"}");
    Instance java = InstanceCodec.instance("{\"Op\":0,\"Addr\":\"[0:0:0:0:0:0:0:1]:50051\"}");

    assertThat(go.hostPort()).isEqualTo("[::1]:50051");
    assertThat(java).isEqualTo(go).hasToString("[::1]:50051");
    assertThat(InstanceCodec.instance("[0:0:0:0:0:0:0:1]:50051")).isEqualTo(go);
  }
}
