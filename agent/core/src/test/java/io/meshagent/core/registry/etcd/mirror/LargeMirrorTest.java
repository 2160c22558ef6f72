package io.meshagent.core.registry.etcd.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.etcd.FakeEtcd;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.run.ManualLoop;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mirror of so much that it asks for no list but when one is needed. */
class LargeMirrorTest {

  private static final EtcdFailure DOWN =
      new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused");
  private static final int MANY = 2_000;
  private static final String TEXT = "x".repeat(300);

  private final FakeEtcd etcd = new FakeEtcd();
  private final ManualLoop loop = new ManualLoop();
  private final MirroredTexts texts = new MirroredTexts(100_000);
  private final EtcdMirror mirror =
      new EtcdMirror(new MirroredEtcd(etcd, loop, 1, 15, new MirrorRecord(loop)), "/texts/", texts);

  private static String key(int number) {
    return "/texts/" + (100_000 + number);
  }

  private void fill(long lease) {
    for (int each = 0; each < MANY; each++) {
      etcd.write(key(each), TEXT, lease);
    }
  }

  private void startFilled() {
    etcd.replays = true;
    fill(0);
    mirror.start();
    loop.passSeconds(1);
    etcd.asked.clear();
    texts.told.clear();
  }

  private long asked(String what) {
    return etcd.asked.stream().filter(each -> each.startsWith(what)).count();
  }

  @Test
  void at_rest_it_asks_for_a_number_and_not_for_a_list() {
    startFilled();

    loop.passSeconds(3_000);

    assertThat(asked("list")).isZero();
    assertThat(asked("key")).isBetween(10L, 13L);
    assertThat(asked("read")).isZero();
    assertThat(asked("watch")).isZero();
    assertThat(texts.told).isEmpty();
  }

  @Test
  void a_key_that_was_missed_leads_to_a_list() {
    startFilled();
    etcd.entries.put(key(MANY), new EtcdEntry(key(MANY), TEXT, 0, etcd.revision));

    loop.passSeconds(330);

    assertThat(asked("list")).isEqualTo(3);
    assertThat(texts.texts).containsKey(key(MANY));
    etcd.entries.remove(key(1));
    loop.passSeconds(330);
    assertThat(texts.texts).doesNotContainKey(key(1));
  }

  @Test
  void changes_while_it_asks_are_no_reason_for_a_list() {
    startFilled();
    for (int each = 0; each < 3_000; each++) {
      loop.passSeconds(0.1);
      etcd.write(key(each), TEXT, 0);
      if (each % 3 == 0) {
        etcd.remove(key(each));
      }
    }
    loop.passSeconds(30);

    assertThat(asked("key")).isPositive();
    assertThat(asked("list")).isZero();
    assertThat(texts.texts).hasSameSizeAs(etcd.entries);
  }

  @Test
  void after_an_outage_it_goes_on_from_where_it_was() {
    startFilled();
    etcd.failure = DOWN;
    etcd.cut(DOWN);
    etcd.write(key(MANY), TEXT, 0);
    loop.passSeconds(60);
    etcd.failure = null;

    loop.passSeconds(100);

    assertThat(asked("list")).isZero();
    assertThat(asked("read")).as("whether it is the same etcd").isEqualTo(1);
    loop.passSeconds(220);
    assertThat(asked("list")).isZero();
    assertThat(asked("read")).isEqualTo(1);
    assertThat(asked("key")).as("counted when the others are through").isBetween(1L, 2L);
  }

  @Test
  void after_an_outage_who_wants_to_know_is_told_soon() {
    startFilled();
    etcd.failure = DOWN;
    etcd.cut(DOWN);
    mirror.lookAgain();
    loop.passSeconds(60);
    etcd.failure = null;

    loop.passSeconds(45);

    assertThat(asked("key")).isEqualTo(1);
    assertThat(asked("list")).isZero();
    assertThat(texts.told).contains("confirmed");
  }

  @Test
  void an_etcd_that_was_wiped_and_is_past_our_cursor_is_listed() {
    startFilled();
    etcd.failure = DOWN;
    etcd.cut(DOWN);
    etcd.entries.clear();
    etcd.history.clear();
    etcd.revision = 1;
    fill(7);
    etcd.write(key(MANY - 1), "other", 7);
    loop.passSeconds(60);
    etcd.failure = null;

    loop.passSeconds(60);

    assertThat(asked("list")).isEqualTo(2);
    assertThat(texts.texts.get(key(MANY - 1))).isEqualTo("other");
  }

  @Test
  void a_quiet_prefix_does_not_fall_behind_compaction() {
    startFilled();
    // Others write elsewhere, and what is older than that is compacted.
    etcd.revision += 10_000;
    loop.passSeconds(330);
    etcd.compacted = etcd.revision - 10;
    etcd.cut(DOWN);
    loop.passSeconds(10);

    assertThat(etcd.asked).contains("watch " + (etcd.revision + 1));
    assertThat(asked("list")).isZero();
  }

  @Test
  void after_compaction_it_watches_at_once_and_lists_later() {
    fill(0);
    for (int each = MANY; each < 10_000; each++) {
      etcd.write(key(each), TEXT, 0);
    }
    mirror.start();
    loop.passSeconds(1);
    etcd.asked.clear();
    etcd.compacted = etcd.revision + 5;
    etcd.revision += 10;

    etcd.cut(DOWN);
    loop.passSeconds(0.2);
    etcd.write("/texts/new", TEXT, 0);
    assertThat(texts.texts).as("at once").containsKey("/texts/new");
    loop.passSeconds(0.1);
    long listed = asked("list");
    loop.passSeconds(310);

    assertThat(listed).isZero();
    assertThat(asked("list")).isEqualTo(11);
  }

  @Test
  void who_wants_a_list_is_told_that_nothing_was_missed() {
    startFilled();

    mirror.lookAgain();
    loop.passSeconds(15);

    assertThat(asked("list")).isZero();
    assertThat(texts.told).isEqualTo(List.of("confirmed"));
  }

  @Test
  void questions_that_get_no_answer_become_fewer() {
    startFilled();
    etcd.keyFailure = new EtcdFailure(EtcdFailure.Kind.SILENT, "no answer in time");

    loop.passSeconds(3_600);

    assertThat(asked("key")).isBetween(10L, 30L);
    assertThat(asked("list")).isZero();
  }
}
