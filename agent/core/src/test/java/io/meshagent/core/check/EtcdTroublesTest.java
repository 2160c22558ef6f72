package io.meshagent.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdFailure.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way in which etcd does not do what it is asked has a cure of its own. */
class EtcdTroublesTest {

  private static final ServerAddress ETCD = ServerAddress.parse("https://etcd:2379", 2379);

  @ParameterizedTest
  @CsvSource({
    "UNTRUSTED, unable to find valid certification path to requested target, etcd-tls, etcd.tls.ca",
    "UNTRUSTED, No subject alternative names matching IP address 10.0.0.5 found, etcd-tls,"
        + " etcd.tls.server-name",
    "UNTRUSTED, No name matching etcd found, etcd-tls, etcd.tls.server-name",
    "UNTRUSTED, NotAfter: Sun Nov 29 00:00:00 UTC 2026, etcd-tls, renew it",
    "UNTRUSTED, Received fatal alert: bad_certificate, etcd-tls, etcd.tls.cert",
    "UNTRUSTED, not an SSL/TLS record: 485454502f, etcd-tls, http://",
    "UNTRUSTED, there is no file /a.pem (etcd.tls.ca), etcd-tls, correct the setting",
    "LOGIN, 'etcdserver: authentication failed, invalid user ID or password', etcd-login, etcd.user",
    "LOGIN, there is no file /p (etcd.password-file), etcd-login, correct the setting",
    "LEARNER, etcdserver: rpc not supported for learner, etcd-member, etcdctl member promote",
    "UNREACHABLE, etcdserver: no leader, etcd-member, majority",
    "UNREACHABLE, First received frame was not SETTINGS, etcd-member, etcd.endpoints",
    "SILENT, no answer in time, etcd-member, hangs",
    "OTHER, etcdserver: mvcc: database space exceeded, etcd-space, etcdctl alarm disarm",
    "OTHER, etcdserver: something new, etcd-member, log",
  })
  void is_told_with_its_cure(Kind kind, String why, String look, String cure) {
    Finding finding =
        EtcdTroubles.of(ETCD, new EtcdFailure(kind, "https://etcd:2379: " + why), true);

    assertThat(finding.look()).isEqualTo(look);
    assertThat(finding.mark()).isEqualTo(Finding.Mark.WRONG);
    assertThat(finding.sentence()).contains(cure);
  }

  @ParameterizedTest
  @CsvSource("etcdserver: user name is empty")
  void a_user_is_asked_for_where_none_is_set(String why) {
    assertThat(EtcdTroubles.of(ETCD, new EtcdFailure(Kind.LOGIN, why), false).sentence())
        .contains("asks for a user, and none is set", "MESH_ETCD_PASSWORD");
  }
}
