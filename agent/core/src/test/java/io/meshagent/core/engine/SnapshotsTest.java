package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.TestSettings;
import org.junit.jupiter.api.Test;

class SnapshotsTest {

  private static final String ETCD = "etcd.endpoints=http://10.0.0.5:2379,http://10.0.0.6:2379\n";

  private static String source(String text) {
    return Snapshots.source(new CurrentSettings(TestSettings.loadText("test", text)));
  }

  @Test
  void the_same_etcd_in_another_order_is_the_same_source() {
    assertThat(source("etcd.endpoints=http://10.0.0.6:2379,http://10.0.0.5:2379\n"))
        .isEqualTo(source(ETCD))
        .isEqualTo("etcd http://10.0.0.5:2379,http://10.0.0.6:2379 prefix /services");
  }

  @Test
  void whatever_changes_what_is_listed_makes_another_source() {
    assertThat(source(ETCD))
        .isNotEqualTo(source(ETCD + "etcd.prefix=/others\n"))
        .isNotEqualTo(source(ETCD + "etcd.namespace=/team\n"))
        .isNotEqualTo(source(ETCD + "registry.read=kratos:/microservices\n"));
  }
}
