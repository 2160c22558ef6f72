package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import org.junit.jupiter.api.Test;

/** Entries that are no instances, too long or too many, and answers that are too large. */
class EtcdFeedBoundsTest extends EtcdFeedFixture {

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
}
