package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatTypesTest {

  private static final Key<?> READ = RegistryKeys.REGISTRY_READ;

  private static Settings settings(String name, String value) {
    SettingsBuilder builder = new SettingsBuilder(TestSettings.KEYS);
    builder.set(Origin.inLine("file", 1, name), name, value);
    return builder.build();
  }

  @Test
  void sources_are_read_with_and_without_a_service() {
    Settings settings =
        settings(
            READ.name(),
            "kratos:/microservices/, go-zero:greet.rpc=helloworld.Greeter,etcd:/team-b,"
                + "etcd:/team-b,go-zero:a:b/c");

    assertThat(settings.problems()).isEmpty();
    assertThat(settings.get(RegistryKeys.REGISTRY_READ))
        .containsExactly(
            new EntrySource(EntryFormat.KRATOS, "/microservices", null),
            new EntrySource(EntryFormat.GO_ZERO, "greet.rpc", "helloworld.Greeter"),
            new EntrySource(EntryFormat.ETCD, "/team-b", null),
            new EntrySource(EntryFormat.GO_ZERO, "a:b/c", null));
    assertThat(RegistryKeys.REGISTRY_READ.type().show(settings.get(RegistryKeys.REGISTRY_READ)))
        .isEqualTo(
            "kratos:/microservices,go-zero:greet.rpc=helloworld.Greeter,etcd:/team-b,go-zero:a:b/c");
  }

  @Test
  void bad_sources_are_told_in_one_sentence_and_the_others_count() {
    Settings settings = settings(READ.name(), "consul:/x,kratos:/m,/y,etcd:/a=b/c,kratos:=x");

    assertThat(settings.get(RegistryKeys.REGISTRY_READ))
        .containsExactly(new EntrySource(EntryFormat.KRATOS, "/m", null));
    assertThat(settings.problems()).hasSize(1);
    assertThat(settings.problems().get(0).toString())
        .contains("registry.read: ")
        .contains("consul:/x names the format consul, which is not one of etcd, go-zero, kratos")
        .contains("/y is not of the form format:prefix or format:prefix=service")
        .contains("etcd:/a=b/c names the service b/c, which has a slash in it")
        .contains("kratos:=x is not of the form");
  }

  @Test
  void formats_to_write_are_words() {
    assertThat(settings("registry.write", "kratos, etcd").get(RegistryKeys.REGISTRY_WRITE))
        .containsExactly(EntryFormat.KRATOS, EntryFormat.ETCD);
    assertThat(settings("registry.write", "etcd,nacos").get(RegistryKeys.REGISTRY_WRITE))
        .containsExactly(EntryFormat.ETCD);
    assertThat(settings("registry.write", "etcd,nacos").problems().get(0).toString())
        .contains("holds nacos, which is not one of etcd, go-zero, kratos: using etcd");
    assertThat(settings("registry.write", "").problems()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "team", "/team/", "a/b"})
  void a_namespace_is_taken_as_it_is(String text) {
    assertThat(settings("etcd.namespace", text).get(RegistryKeys.ETCD_NAMESPACE)).isEqualTo(text);
  }
}
