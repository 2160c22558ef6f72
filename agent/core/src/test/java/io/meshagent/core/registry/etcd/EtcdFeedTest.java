package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import org.junit.jupiter.api.Test;

/** A feed while all is well. */
class EtcdFeedTest extends EtcdFeedFixture {

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
