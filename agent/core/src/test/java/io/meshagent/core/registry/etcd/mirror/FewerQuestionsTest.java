package io.meshagent.core.registry.etcd.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.etcd.FakeEtcd;
import io.meshagent.core.registry.etcd.client.SignsOfLife;
import io.meshagent.core.registry.etcd.lease.EtcdRegistration;
import io.meshagent.core.run.ManualLoop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mirror beside a lease: whether etcd is there is asked by one of them. */
class FewerQuestionsTest {

  private final FakeEtcd etcd = new FakeEtcd();
  private final ManualLoop loop = new ManualLoop();
  private final SignsOfLife signs = new SignsOfLife();
  private final EtcdRegistration registration = new EtcdRegistration(etcd, loop, 15, signs);
  private final MirroredTexts texts = new MirroredTexts(1_000);
  private final EtcdMirror mirror =
      new EtcdMirror(
          new MirroredEtcd(etcd, loop, 1, 15, new MirrorRecord(loop), signs), "/texts/", texts);

  private long asked(String what) {
    return etcd.asked.stream().filter(each -> each.startsWith(what)).count();
  }

  private void startBoth() {
    registration.register("/services/a.B/127.0.0.1:1", "127.0.0.1:1");
    mirror.start();
    loop.passSeconds(60);
    etcd.asked.clear();
    texts.told.clear();
  }

  @Test
  void renewals_that_are_answered_say_that_etcd_is_there() {
    startBoth();

    loop.passSeconds(200);

    assertThat(asked("renew")).isBetween(39L, 51L);
    assertThat(asked("progress")).as("the watch itself, every twenty seconds").isBetween(8L, 12L);
  }

  @Test
  void without_a_lease_the_watch_is_asked_every_five_seconds() {
    mirror.start();
    loop.passSeconds(60);
    etcd.asked.clear();

    loop.passSeconds(200);

    assertThat(asked("progress")).isBetween(39L, 41L);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1.3, 2.6, 3.9, 4.4, 5.2, 9.1, 14.7, 19.9})
  void an_etcd_that_stands_still_is_seen_as_soon_as_by_questions_of_our_own(double after) {
    startBoth();
    loop.passSeconds(after);
    etcd.silent = true;

    // 5 s without an answer, 2 s for one: less than two thirds of a lease, which are 10 s.
    loop.passSeconds(7.1);

    assertThat(texts.told).containsExactly("trouble");
  }

  @Test
  void a_watch_that_is_dead_is_found_though_renewals_are_answered() {
    startBoth();
    etcd.progress = false;

    loop.passSeconds(46);

    assertThat(asked("watch")).as("begun anew").isPositive();
    assertThat(mirror.state()).isEqualTo(FeedState.WATCH);
  }

  @Test
  void an_answer_of_before_is_no_sign_of_now() {
    signs.answered(100);
    signs.answered(50);

    assertThat(signs.ageNanos(130)).isEqualTo(30);
    assertThat(new SignsOfLife().ageNanos(130)).isEqualTo(Long.MAX_VALUE);
  }
}
