package io.meshagent.core.registry.format;

import static io.meshagent.core.config.EntryFormat.ETCD;
import static io.meshagent.core.config.EntryFormat.GO_ZERO;
import static io.meshagent.core.config.EntryFormat.KRATOS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EntryWriterTest {

  private static final Map<EntryFormat, String> APART =
      Map.of(ETCD, "/services", GO_ZERO, "", KRATOS, "/microservices");

  private static Instance at(String host, int port, Map<String, String> metadata) {
    return new Instance(host, port, new InetSocketAddress(host, port), metadata);
  }

  private static EntryWriter writer(Map<EntryFormat, String> prefixes, EntrySource... reads) {
    return new EntryWriter(List.of(ETCD, GO_ZERO, KRATOS), prefixes, List.of(reads), "jvm-1");
  }

  private static String value(Map<String, String> entries, String prefix) {
    return entries.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void writes_a_key_in_each_format() {
    Map<String, String> entries =
        writer(APART).entries("helloworld.Greeter", at("127.0.0.1", 9000, Map.of()));

    assertThat(entries).hasSize(3);
    assertThat(entries)
        .containsEntry(
            "/services/helloworld.Greeter/127.0.0.1:9000",
            "{\"Op\":0,\"Addr\":\"127.0.0.1:9000\",\"Metadata\":null}");
    String goZero =
        entries.keySet().stream().filter(k -> k.startsWith("helloworld")).findFirst().orElseThrow();
    assertThat(goZero).matches("helloworld\\.Greeter/[1-9][0-9]*");
    assertThat(entries).containsEntry(goZero, "127.0.0.1:9000");
    String kratos =
        entries.keySet().stream().filter(k -> k.startsWith("/micro")).findFirst().orElseThrow();
    assertThat(kratos).matches("/microservices/helloworld\\.Greeter/[0-9a-f-]{36}");
    String id = kratos.substring(kratos.lastIndexOf('/') + 1);
    assertThat(entries)
        .containsEntry(
            kratos,
            "{\"id\":\""
                + id
                + "\",\"name\":\"helloworld.Greeter\",\"version\":\"\",\"metadata\":null,"
                + "\"endpoints\":[\"grpc://127.0.0.1:9000\"]}");
  }

  @Test
  void kratos_gets_the_version_texts_and_the_mark_of_tls() {
    Instance instance =
        at(
            "::1",
            9000,
            Map.of(
                "version",
                "v1",
                "weight",
                "50",
                "zone",
                "<z>",
                "scheme",
                "https",
                "label.lane",
                "blue",
                "label.zone",
                "x",
                "draining",
                "true"));

    String value = value(writer(APART).entries("a.B", instance), "/microservices/");

    assertThat(value)
        .endsWith(
            "\"name\":\"a.B\",\"version\":\"v1\",\"metadata\":{\"lane\":\"blue\",\"weight\":\"50\","
                + "\"zone\":\"\\u003cz\\u003e\"},\"endpoints\":[\"grpc://[::1]:9000?isSecure=true\"]}");
  }

  @Test
  void an_instance_that_drains_changes_in_etcds_own_format_only() {
    Map<String, String> facts = new TreeMap<>(Map.of("started", "5"));
    Map<String, String> before = writer(APART).entries("a.B", at("127.0.0.1", 1, facts));
    facts.put("draining", "true");
    Map<String, String> after = writer(APART).entries("a.B", at("127.0.0.1", 1, facts));

    assertThat(after.keySet()).isEqualTo(before.keySet());
    assertThat(after.entrySet().stream().filter(e -> !before.containsValue(e.getValue())))
        .singleElement()
        .satisfies(changed -> assertThat(changed.getKey()).isEqualTo("/services/a.B/127.0.0.1:1"));
  }

  @Test
  void keys_of_two_jvms_and_of_two_ports_differ() {
    EntryWriter other = new EntryWriter(List.of(GO_ZERO), APART, List.of(), "jvm-2");
    EntryWriter one = new EntryWriter(List.of(GO_ZERO), APART, List.of(), "jvm-1");

    assertThat(one.entries("a.B", at("127.0.0.1", 1, Map.of())).keySet())
        .isNotEqualTo(other.entries("a.B", at("127.0.0.1", 1, Map.of())).keySet())
        .isNotEqualTo(one.entries("a.B", at("127.0.0.1", 2, Map.of())).keySet());
  }

  @Test
  void formats_that_would_stand_among_each_other_are_left_out_with_a_sentence() {
    EntryWriter writer =
        writer(Map.of(ETCD, "/services", GO_ZERO, "/services", KRATOS, "/services/kratos"));

    assertThat(writer.entries("a.B", at("127.0.0.1", 1, Map.of())).keySet())
        .containsExactly("/services/a.B/127.0.0.1:1");
    assertThat(writer.problems()).hasSize(2);
    assertThat(writer.problems().get(0)).contains("go-zero").contains("/services");
    assertThat(writer.problems().get(1)).contains("kratos").contains("/services/kratos");
  }

  @Test
  void nothing_is_written_where_programs_of_another_framework_are_known_to_be() {
    EntryWriter writer =
        writer(
            Map.of(ETCD, "/services", GO_ZERO, "/rpc", KRATOS, "/microservices"),
            new EntrySource(GO_ZERO, "/microservices/a.B", null),
            new EntrySource(GO_ZERO, "/rpc/greet", "a.B"),
            new EntrySource(GO_ZERO, "/services/old", null));

    assertThat(writer.problems()).singleElement().asString().contains("kratos").contains("go-zero");
    assertThat(writer.entries("a.B", at("127.0.0.1", 1, Map.of())).keySet())
        .hasSize(2)
        .noneMatch(key -> key.startsWith("/microservices"))
        .anyMatch(key -> key.startsWith("/rpc/a.B/"));
  }

  @Test
  void prefixes_that_only_look_alike_are_apart() {
    assertThat(writer(Map.of(ETCD, "/services", GO_ZERO, "/services2", KRATOS, "/serv")).problems())
        .isEmpty();
  }
}
