package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.WholeServices;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdTrouble;
import io.meshagent.core.registry.etcd.lease.EtcdRegistration;
import io.meshagent.core.registry.etcd.mirror.MirrorRecord;
import io.meshagent.core.registry.etcd.mirror.MirroredEtcd;
import io.meshagent.core.run.ManualLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EtcdFeedTest {

  private static final String KEY = "/services/a.B/127.0.0.1:";
  private static final EtcdFailure DOWN =
      new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused");

  private final FakeEtcd etcd = new FakeEtcd();
  private final ManualLoop loop = new ManualLoop();
  private final List<String> told = new ArrayList<>();
  private final Map<String, List<Instance>> services = new HashMap<>();
  private final EtcdInstances directory = new EtcdInstances("/services");
  private final MirrorRecord record = new MirrorRecord(loop);
  private final EtcdFeed feed =
      new EtcdFeed(
          new MirroredEtcd(etcd, loop, 1, 15, record),
          loop,
          directory,
          new EtcdRegistration(etcd, loop, 15),
          new Registry.Listener() {
            @Override
            public void listed(Map<String, List<Instance>> all) {
              told.add("listed");
              services.clear();
              services.putAll(all);
            }

            @Override
            public void changed(List<ServiceChange> some) {
              told.add("changed " + WholeServices.names(some));
              WholeServices.apply(services, some);
            }

            @Override
            public void unreachable(String why) {
              told.add("unreachable");
            }
          },
          new EtcdTrouble());

  private void write(int port) {
    etcd.write(KEY + port, "127.0.0.1:" + port, 0);
  }

  private long asked(String what) {
    return etcd.asked.stream().filter(each -> each.startsWith(what)).count();
  }

  @Test
  void lists_once_and_watches_from_the_next_revision() {
    write(1);
    feed.start();
    assertThat(etcd.asked).containsExactly("list", "watch 3");
    assertThat(told).containsExactly("listed");

    loop.passSeconds(1);
    write(2);

    assertThat(told).containsExactly("listed", "changed [a.B]");
    assertThat(services.get("a.B")).hasSize(2);
  }

  @Test
  void a_burst_is_told_at_once_and_then_together() {
    feed.start();
    loop.passSeconds(1);
    for (int port = 1; port <= 1_000; port++) {
      write(port);
    }
    assertThat(told).containsExactly("listed", "changed [a.B]");

    loop.passSeconds(0.05);

    assertThat(told).containsExactly("listed", "changed [a.B]", "changed [a.B]");
    assertThat(services.get("a.B")).hasSize(1_000);
  }

  @Test
  void a_rewritten_entry_that_says_the_same_is_no_news() {
    write(1);
    feed.start();
    loop.passSeconds(1);

    write(1);
    loop.passSeconds(1);

    assertThat(told).containsExactly("listed");
  }

  @Test
  void a_watch_that_ends_is_rebuilt_from_the_cursor() {
    feed.start();
    loop.passSeconds(1);
    write(1);

    etcd.cut(DOWN);
    loop.passSeconds(0.2);

    assertThat(etcd.asked).containsExactly("list", "watch 2", "watch 3");
    assertThat(told).containsExactly("listed", "changed [a.B]", "unreachable", "changed []");
  }

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
  void a_look_is_a_fresh_list_now_or_when_etcd_is_back() {
    write(1);
    feed.start();
    loop.passSeconds(1);

    feed.lookAgain();
    assertThat(etcd.asked).containsExactly("list", "watch 3", "list", "watch 3");
    assertThat(told).containsExactly("listed", "listed");

    etcd.failure = DOWN;
    etcd.cut(DOWN);
    feed.lookAgain();
    etcd.failure = null;
    etcd.asked.clear();
    loop.passSeconds(1);
    assertThat(etcd.asked).containsExactly("list", "watch 3");
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
  void tells_how_long_ago_it_heard_anything() {
    assertThat(record.status(feed.state(), 0, 0).heardSecondsAgo()).isEmpty();
    feed.start();
    loop.passSeconds(600);
    assertThat(record.status(feed.state(), 0, 0).heardSecondsAgo().getAsDouble())
        .isBetween(0.0, 8.1);
    assertThat(record.status(feed.state(), 0, 0).counts().relists()).isEqualTo(2);

    etcd.failure = DOWN;
    etcd.cut(DOWN);
    loop.passSeconds(100);

    assertThat(record.status(feed.state(), 0, 0).state()).isEqualTo(FeedState.BROKEN);
    assertThat(record.status(feed.state(), 0, 0).heardSecondsAgo().getAsDouble())
        .isBetween(100.0, 108.1);
  }

  @Test
  void everything_is_listed_again_every_five_minutes() {
    feed.start();
    EtcdEntry missed = new EtcdEntry(KEY + 9, "127.0.0.1:9", 0, etcd.revision);
    etcd.entries.put(missed.key(), missed);

    loop.passSeconds(300);

    assertThat(services.get("a.B")).hasSize(1);
    assertThat(etcd.asked.stream().filter("list"::equals).count()).isEqualTo(2);
  }

  @Test
  void what_is_no_instance_is_counted_once_until_it_changes() {
    etcd.write("/services/a.B/x", "what", 0);
    etcd.write("/services/lonely", "127.0.0.1:1", 0);
    feed.start();
    loop.passSeconds(1_000);
    assertThat(directory.skipped()).isEqualTo(2);
    assertThat(services).isEmpty();

    etcd.remove("/services/a.B/x");
    etcd.write("/services/a.B/x", "what", 0);
    assertThat(directory.skipped()).isEqualTo(3);
  }

  @Test
  void an_answer_that_is_too_large_is_asked_for_in_smaller_parts() {
    for (int port = 1; port <= 100; port++) {
      write(port);
    }
    etcd.largest = 150;
    feed.start();

    assertThat(told).containsExactly("listed");
    assertThat(services.get("a.B")).hasSize(100);
    assertThat(asked("key")).isZero();
    long first = asked("list");
    etcd.asked.clear();

    feed.lookAgain();

    assertThat(asked("list")).as("what was learned is remembered").isLessThan(first);
    assertThat(record.status(feed.state(), 0, 0).counts().listFailures()).isZero();
  }

  @Test
  void an_entry_that_no_answer_can_hold_is_stepped_over() {
    write(1);
    etcd.write(KEY + "1x", "y".repeat(1_000), 0);
    write(2);
    etcd.largest = 500;
    feed.start();

    assertThat(told).containsExactly("listed");
    assertThat(services.get("a.B")).extracting(Instance::port).containsExactly(1, 2);
    assertThat(directory.leftOut()).isEqualTo(1);
    assertThat(directory.skipped()).isZero();
  }

  @Test
  void of_very_many_large_entries_a_list_reads_some() {
    String large = "{\"Op\":0,\"Addr\":\"127.0.0.1:7\",\"x\":\"" + "y".repeat(20_000) + "\"}";
    for (int i = 0; i < 600; i++) {
      etcd.write("/services/flood/" + i, large, 0);
    }
    etcd.write("/services/last/127.0.0.1:1", "127.0.0.1:1", 0);
    feed.start();

    assertThat(services.get("flood")).hasSize(500);
    assertThat(services.get("last")).hasSize(1);
    assertThat(directory.leftOut()).isEqualTo(100);
  }

  @Test
  void a_watch_whose_answer_is_too_large_is_replaced_by_a_list() {
    feed.start();
    loop.passSeconds(1);
    etcd.asked.clear();
    write(1);
    etcd.cut(new EtcdFailure(EtcdFailure.Kind.TOO_LARGE, "message exceeds maximum size"));

    loop.passSeconds(1);

    assertThat(etcd.asked).startsWith("list");
    assertThat(services.get("a.B")).hasSize(1);
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
    told.clear();
    write(2);
    assertThat(told).as("what the watch says counts").endsWith("changed [a.B]", "unreachable");

    etcd.listFailure = null;
    loop.passSeconds(310);

    assertThat(told).last().isEqualTo("listed");
    write(3);
    assertThat(told).last().isEqualTo("changed [a.B]");
  }

  @Test
  void a_part_of_a_revision_is_had_again_with_the_rest_of_it() {
    feed.start();
    etcd.partly(new EtcdEntry(KEY + 1, "127.0.0.1:1", 0, ++etcd.revision));

    etcd.cut(DOWN);
    loop.passSeconds(0.2);

    assertThat(etcd.asked).endsWith("watch 2");
    assertThat(etcd.taken).isEqualTo(1);
  }

  @Test
  void after_close_nothing_is_told() {
    feed.start();
    feed.close();
    write(1);
    loop.passSeconds(1_000);

    assertThat(told).containsExactly("listed");
    assertThat(etcd.asked).containsExactly("list", "watch 2");
  }
}
