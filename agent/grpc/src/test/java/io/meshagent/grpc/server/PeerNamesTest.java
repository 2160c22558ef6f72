package io.meshagent.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "CN=shop                         | shop",
        "CN=shop,OU=b,O=c                | shop",
        "OU=b+CN=shop,O=c                | shop",
        "CN=first,CN=second              | first",
        "O=c                             | -",
        "O=x\\,CN=admin                  | -",
        "O=x\\,CN=admin,CN=shop          | shop",
        "CN=a\\,b                        | -",
        "CN=#0c0161                      | -",
        "CN=,O=c                         | -",
        "''                              | -",
      })
  void no_part_of_a_subject_passes_for_its_common_name(String subject, String name) {
    assertThat(PeerNames.commonName(subject)).isEqualTo(name);
  }

  @Test
  void a_connection_without_tls_names_nobody() {
    assertThat(PeerNames.of(Attributes.EMPTY)).isEmpty();
    assertThat(PeerNames.of(null)).isEmpty();
  }
}
