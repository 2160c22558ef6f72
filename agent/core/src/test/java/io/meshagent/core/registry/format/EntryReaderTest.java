package io.meshagent.core.registry.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryReaderTest {

  private static final String PLAIN =
      "{\"id\":\"…\",\"name\":\"helloworld.Greeter\",\"version\":\"v1\",\"metadata\":null,"
          + "\"endpoints\":[\"grpc://127.0.0.1:9000\"]}";

  private static EntryReader reader(EntryFormat format, String prefix, String service) {
    return new EntryReader(new EntrySource(format, prefix, service));
  }

  private static List<Instance> read(EntryReader reader, String key, String value) {
    String service = reader.service(key);
    return service == null ? List.of() : reader.instances(service, value, HostPort::resolve);
  }

  @Test
  void a_kratos_key_names_the_service() {
    EntryReader reader = reader(EntryFormat.KRATOS, "/microservices", null);
    String key = "/microservices/helloworld.Greeter/4c6e";

    assertThat(reader.service(key)).isEqualTo("helloworld.Greeter");
    assertThat(reader.service("/microservicesX/helloworld.Greeter/4c6e")).isNull();
    assertThat(reader.service("/microservices/helloworld.Greeter")).isNull();
    assertThat(read(reader, key, PLAIN))
        .singleElement()
        .satisfies(
            instance -> {
              assertThat(instance.hostPort()).isEqualTo("127.0.0.1:9000");
              assertThat(instance.metadata()).isEqualTo(Map.of("version", "v1", "scheme", "http"));
            });
  }

  @Test
  void one_kratos_name_can_stand_for_another_service() {
    EntryReader reader = reader(EntryFormat.KRATOS, "/microservices/greeter", "a.B");

    assertThat(reader.service("/microservices/greeter/1")).isEqualTo("a.B");
    assertThat(reader.service("/microservices/greeter2/1")).isNull();
    assertThat(read(reader, "/microservices/greeter/1", PLAIN)).isEmpty();
    assertThat(
            read(
                reader, "/microservices/greeter/1", PLAIN.replace("helloworld.Greeter", "greeter")))
        .hasSize(1);
  }

  @Test
  void kratos_may_have_several_endpoints_some_of_them_secure() {
    EntryReader reader = reader(EntryFormat.KRATOS, "/microservices", null);

    List<Instance> read =
        read(
            reader,
            "/microservices/a.B/1",
            "{\"id\":\"1\",\"name\":\"a.B\",\"version\":\"\",\"metadata\":{\"zone\":\"z\"},"
                + "\"endpoints\":[\"http://127.0.0.1:8000\",\"grpc://127.0.0.1:9000?isSecure=false\","
                + "\"grpc://[::1]:9001?isSecure=true\",\"grpc://\",7]}");

    assertThat(read).extracting(Instance::hostPort).containsExactly("127.0.0.1:9000", "[::1]:9001");
    assertThat(read).extracting(Instance::scheme).containsExactly("http", "https");
    assertThat(read).allMatch(instance -> "z".equals(instance.metadata().get("zone")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:9000",
        "{\"Op\":0,\"Addr\":\"127.0.0.1:1\",\"Metadata\":null}",
        "{\"name\":\"a.C\",\"endpoints\":[\"grpc://127.0.0.1:9000\"]}",
        "{\"endpoints\":[\"grpc://127.0.0.1:9000\"]}",
        "{\"name\":\"a.B\",\"endpoints\":[\"http://127.0.0.1:9000\"]}",
        "{\"name\":\"a.B\",\"endpoints\":\"grpc://127.0.0.1:9000\"}",
        "{\"name\":\"a.B\",\"endpoints\":[]}",
        "{",
        "",
      })
  void anything_else_is_no_entry_of_kratos(String value) {
    EntryReader reader = reader(EntryFormat.KRATOS, "/microservices", null);
    assertThat(read(reader, "/microservices/a.B/1", value)).isEmpty();
  }

  @Test
  void a_go_zero_key_is_mapped_to_a_service_or_is_one() {
    EntryReader mapped = reader(EntryFormat.GO_ZERO, "greet.rpc", "helloworld.Greeter");
    EntryReader bare = reader(EntryFormat.GO_ZERO, "greet.rpc", null);

    assertThat(mapped.service("greet.rpc/7587886422364612101")).isEqualTo("helloworld.Greeter");
    assertThat(bare.service("greet.rpc/7587886422364612101")).isEqualTo("greet.rpc");
    assertThat(bare.service("greet.rpc")).isNull();
    assertThat(bare.service("greet.rpc/")).isNull();
    assertThat(bare.service("greet.rpc2/7")).isNull();
    assertThat(read(mapped, "greet.rpc/7587886422364612101", "127.0.0.1:42859"))
        .extracting(Instance::hostPort)
        .containsExactly("127.0.0.1:42859");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "{\"Op\":0,\"Addr\":\"127.0.0.1:1\"}", "http://127.0.0.1:1"})
  void what_is_no_address_is_no_entry_of_go_zero(String value) {
    assertThat(read(reader(EntryFormat.GO_ZERO, "greet.rpc", null), "greet.rpc/1", value))
        .isEmpty();
  }

  @Test
  void etcds_own_format_below_a_prefix_of_another_team() {
    EntryReader reader = reader(EntryFormat.ETCD, "/team-b", null);
    EntryReader one = reader(EntryFormat.ETCD, "/targets/greeter", "a.B");
    String value = "{\"Op\":0,\"Addr\":\"127.0.0.1:1\",\"Metadata\":null}";

    assertThat(reader.service("/team-b/a.B/127.0.0.1:1")).isEqualTo("a.B");
    assertThat(read(reader, "/team-b/a.B/127.0.0.1:1", value)).hasSize(1);
    assertThat(read(one, "/targets/greeter/zone/127.0.0.1:1", value)).hasSize(1);
    assertThat(read(one, "/targets/greeter2/127.0.0.1:1", value)).isEmpty();
  }
}
