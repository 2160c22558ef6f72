package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import org.junit.jupiter.api.Test;

/** An etcd that is away, late, wiped or compacted. */
class EtcdFeedTroubleTest extends EtcdFeedFixture {

  @Test
  void compaction_leads_to_a_fresh_list() {
    write(1);
    feed.start();
    loop.passSeconds(1);
    etcd.failure = DOWN;
    etcd.cut(DOWN);
    etcd.remove(KEY + 1);
    write(2);
    etcd.compacted = etcd.revision;
    etcd.failure = null;

    loop.passSeconds(10);

    assertThat(told).contains("unreachable").endsWith("listed", "changed []");
    assertThat(services.get("a.B")).extracting(Instance::port).containsExactly(2);
  }

  @Test
  void an_etcd_that_was_wiped_is_listed_afresh() {
    for (int port = 1; port < 10; port++) {
      write(port);
    }
    feed.start();
    etcd.entries.clear();
    etcd.revision = 1;
    etcd.cut(DOWN);

    loop.passSeconds(1);

    assertThat(services).isEmpty();
    write(3);
    loop.passSeconds(1);
    assertThat(services.get("a.B")).hasSize(1);
  }

  @Test
  void an_etcd_that_was_wiped_is_in_trouble_before_its_list_is_told() {
    write(1);
    write(2);
    feed.start();
    etcd.entries.clear();
    etcd.revision = 1;
    etcd.failure = DOWN;
    etcd.cut(DOWN);
    etcd.failure = null;
    told.clear();

    loop.passSeconds(1);

    assertThat(told).containsExactly("unreachable", "listed", "changed []");
  }

  @Test
  void after_trouble_everything_is_listed_again_for_the_watch_can_be_deceived() {
    write(1);
    feed.start();
    loop.passSeconds(1);
    // Wiped, and already past what we have seen.
    etcd.failure = DOWN;
    etcd.cut(DOWN);
    etcd.entries.clear();
    EtcdEntry other = new EtcdEntry(KEY + 2, "127.0.0.1:2", 0, etcd.revision);
    etcd.entries.put(other.key(), other);
    etcd.failure = null;

    loop.passSeconds(11);

    assertThat(services.get("a.B")).extracting(Instance::port).containsExactly(2);
  }

  @Test
  void a_late_answer_is_trouble_until_it_comes() {
    feed.start();
    loop.passSeconds(5.5);
    told.clear();

    etcd.silent = true;
    loop.passSeconds(7);
    assertThat(told).containsExactly("unreachable");
    loop.passSeconds(7);
    assertThat(told).as("said once").containsExactly("unreachable");

    etcd.silent = false;
    loop.passSeconds(5);
    assertThat(told).containsExactly("unreachable", "changed []");
    write(1);
    assertThat(told).endsWith("changed [a.B]");
  }

  @Test
  void an_event_that_comes_late_comes_after_the_end_of_trouble() {
    feed.start();
    loop.passSeconds(5.5);
    etcd.silent = true;
    loop.passSeconds(7);
    told.clear();

    write(1);

    assertThat(told).containsExactly("changed []", "changed [a.B]");
  }

  @Test
  void an_etcd_that_never_answered_that_question_is_not_late() {
    feed.start();
    etcd.silent = true;
    loop.passSeconds(20);

    assertThat(told).containsExactly("listed");
  }

  @Test
  void a_first_list_that_fails_is_said_each_time_and_tried_for_ever() {
    etcd.failure = DOWN;
    feed.start();
    assertThat(told).containsExactly("unreachable");
    loop.passSeconds(3_600);
    assertThat(told).hasSizeBetween(500, 5_000).doesNotContain("listed");

    etcd.failure = null;
    loop.passSeconds(5.1);

    assertThat(told).contains("listed");
  }

  @Test
  void compaction_during_a_long_cut_is_no_reason_to_wait() {
    feed.start();
    etcd.failure = DOWN;
    etcd.cut(DOWN);
    loop.passSeconds(600);
    write(2);
    etcd.compacted = etcd.revision;
    etcd.failure = null;

    loop.passSeconds(4.1);

    assertThat(services.get("a.B")).hasSize(1);
    assertThat(record.status(feed.state(), 0, 0).counts().compactions()).isEqualTo(1);
  }

  @Test
  void an_etcd_that_compacts_faster_than_it_is_read_is_not_read_in_a_circle() {
    etcd.compacted = Long.MAX_VALUE;
    feed.start();
    loop.passSeconds(120);

    assertThat(asked("list")).isBetween(5L, 40L);
  }

  @Test
  void a_silent_watch_is_replaced() {
    feed.start();
    loop.passSeconds(600);
    long watches = asked("watch");
    assertThat(watches).isBetween(2L, 4L);

    etcd.progress = false;
    loop.passSeconds(50);

    long replaced = asked("watch");
    assertThat(replaced).isGreaterThan(watches);
    loop.passSeconds(150);
    assertThat(asked("watch")).as("of a server that may not answer").isEqualTo(replaced);
    assertThat(etcd.reconnects).isZero();
    assertThat(record.status(feed.state(), 0, 0).counts().rebuilds()).isPositive();
  }

  @Test
  void a_server_that_never_answers_that_question_keeps_its_watch() {
    etcd.progress = false;
    feed.start();
    loop.passSeconds(230);

    assertThat(asked("progress")).isEqualTo(3);
    assertThat(asked("watch")).isEqualTo(1);
    assertThat(told).containsExactly("listed");
    write(1);
    assertThat(told).containsExactly("listed", "changed [a.B]");
  }

  @Test
  void a_watch_that_does_not_come_to_stand_costs_the_connection() {
    feed.start();
    etcd.silent = true;
    etcd.cut(DOWN);
    loop.passSeconds(11);

    assertThat(etcd.reconnects).isBetween(1, 2);

    etcd.silent = false;
    loop.passSeconds(11);
    write(1);
    loop.passSeconds(1);

    assertThat(services.get("a.B")).hasSize(1);
    assertThat(record.status(feed.state(), 0, 0).state()).isEqualTo(FeedState.WATCH);
  }

  @Test
  void lists_that_keep_failing_are_counted_and_tried_less_and_less_often() {
    write(1);
    feed.start();
    loop.passSeconds(1);
    etcd.listFailure = new EtcdFailure(EtcdFailure.Kind.OTHER, "etcdserver: too many requests");
    etcd.asked.clear();
    told.clear();

    loop.passSeconds(3_600);

    assertThat(asked("list")).isBetween(10L, 30L);
    assertThat(record.status(feed.state(), 0, 0).counts().listFailures()).isEqualTo(asked("list"));
    assertThat(told).endsWith("unreachable");
    passUntilNoListIsNew();
    told.clear();
    write(2);
    assertThat(told).as("what the watch says counts").endsWith("changed [a.B]", "unreachable");

    etcd.listFailure = null;
    loop.passSeconds(310);

    assertThat(told).last().isEqualTo("listed");
    passUntilNoListIsNew();
    write(3);
    assertThat(told).last().isEqualTo("changed [a.B]");
  }

  /** Lists come at random moments, and for a moment after one changes are not told at once. */
  private void passUntilNoListIsNew() {
    long lists;
    int seconds = 0;
    do {
      lists = asked("list");
      loop.passSeconds(1);
    } while (asked("list") > lists && ++seconds < 10);
    assertThat(feed.state()).isEqualTo(FeedState.WATCH);
  }
}
