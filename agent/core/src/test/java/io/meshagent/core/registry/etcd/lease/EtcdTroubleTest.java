package io.meshagent.core.registry.etcd.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdFailure.Kind;
import io.meshagent.core.registry.etcd.client.EtcdTrouble;
import org.junit.jupiter.api.Test;

/** What is said of an etcd that fails is so. */
class EtcdTroubleTest {

  private static String feed(Kind kind, String why) {
    return EtcdTrouble.line("/services", new EtcdFailure(kind, why), false);
  }

  @Test
  void only_of_an_etcd_that_does_not_answer_it_is_said() {
    assertThat(feed(Kind.UNREACHABLE, "http://a:1: Connection refused"))
        .startsWith("etcd does not answer (");
    assertThat(feed(Kind.SILENT, "http://a:1: no answer in time"))
        .as("it may be this machine that is slow")
        .startsWith("etcd has not answered in time (");

    assertThat(feed(Kind.UNREACHABLE, "http://a:1: etcdserver: no leader"))
        .startsWith("etcd can't serve (http://a:1: etcdserver: no leader); until it does, ");
    assertThat(feed(Kind.LEARNER, "http://a:1: etcdserver: rpc not supported for learner"))
        .startsWith("the member of etcd that was asked is a learner")
        .endsWith("; name a voting member in etcd.endpoints, or promote this one");
    assertThat(feed(Kind.OTHER, "http://a:1: gRPC message exceeds maximum size"))
        .startsWith("etcd answers, but does not give out the directory below /services (http:");
  }

  @Test
  void a_registration_says_what_is_missing_and_only_of_programs_that_stay() {
    EtcdFailure refused = new EtcdFailure(Kind.REFUSED, "http://a:1: permission denied");
    EtcdFailure full = new EtcdFailure(Kind.OTHER, "http://a:1: database space exceeded");
    assertThat(RegistrationTrouble.line(refused, 0))
        .startsWith("etcd does not let this program register its servers (http://a:1: perm")
        .contains("unseen by others");
    assertThat(RegistrationTrouble.line(full, 0))
        .startsWith("etcd answers, but does not register this program's servers (http");
    assertThat(RegistrationTrouble.line(full, 2))
        .doesNotContain("unseen")
        .endsWith("entries that are there: 2; the others are tried until it works");

    RegistrationTrouble trouble = new RegistrationTrouble();
    assertThat(trouble.begins(refused, 0, 1)).as("it leaves").isFalse();
    EtcdFailure learner = new EtcdFailure(Kind.LEARNER, "http://a:1: a learner");
    assertThat(trouble.begins(learner, 1, 0)).as("the feed's to say").isFalse();
    assertThat(trouble.begins(refused, 1, 0)).isTrue();
    assertThat(trouble.begins(refused, 1, 0)).isFalse();
    trouble.ends();
    assertThat(trouble.begins(full, 1, 0)).isTrue();
  }
}
