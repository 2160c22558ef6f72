package io.meshagent.core.registry.etcd.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.etcd.FakeEtcd;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.run.ManualLoop;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A prefix of which a mirror knows no more than that keys have values. */
class EtcdMirrorTest {

  private static final EtcdFailure DOWN =
      new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused");

  private final FakeEtcd etcd = new FakeEtcd();
  private final ManualLoop loop = new ManualLoop();
  private final MirroredTexts texts = new MirroredTexts(1_000);
  private final EtcdMirror mirror = of(texts);

  private EtcdMirror of(MirroredTexts reader) {
    MirroredEtcd source = new MirroredEtcd(etcd, loop, 1, 15, new MirrorRecord(loop));
    return new EtcdMirror(source, "/texts/", reader);
  }

  private void write(String name, String text) {
    etcd.write("/texts/" + name, text, 0);
  }

  private List<String> told() {
    List<String> all = List.copyOf(texts.told);
    texts.told.clear();
    return all;
  }

  private long asked(String what) {
    return etcd.asked.stream().filter(each -> each.startsWith(what)).count();
  }

  @Test
  void a_list_and_then_the_difference_that_each_change_is() {
    write("a", "one");
    mirror.start();
    assertThat(told()).containsExactly("list {/texts/a=one} gone []");

    loop.passSeconds(1);
    write("b", "two");
    assertThat(told()).containsExactly("changed [/texts/b]");
    write("a", "three");
    etcd.remove("/texts/b");
    assertThat(told()).as("within the same moment").isEmpty();
    loop.passSeconds(0.05);

    assertThat(told()).containsExactly("changed [/texts/a, /texts/b]");
    assertThat(texts.texts).hasToString("{/texts/a=three}");
    assertThat(etcd.asked).containsExactly("list", "watch 3");
  }

  @Test
  void after_compaction_a_fresh_list_says_what_is_gone_and_what_has_changed() {
    write("a", "one");
    write("b", "two");
    write("c", "three");
    mirror.start();
    loop.passSeconds(1);
    etcd.failure = DOWN;
    etcd.cut(DOWN);
    etcd.remove("/texts/a");
    write("b", "other");
    etcd.compacted = etcd.revision;
    etcd.failure = null;
    told();

    loop.passSeconds(10);

    assertThat(told())
        .as("the list is told, and then that the watch stands again")
        .endsWith("list {/texts/b=other} gone [/texts/a]", "changed []");
    assertThat(texts.texts).hasToString("{/texts/b=other, /texts/c=three}");
  }

  @Test
  void pages_are_as_large_as_an_answer_may_be() {
    for (int i = 100; i < 200; i++) {
      write("t" + i, "y".repeat(10));
    }
    write("t150", "y".repeat(10_000));
    etcd.largest = 100;

    mirror.start();

    assertThat(texts.texts).as("without the one that no answer can hold").hasSize(99);
    assertThat(asked("key")).isEqualTo(1);
    assertThat(told()).hasSize(1);
  }

  @Test
  void a_disconnect_is_trouble_and_costs_nothing_that_is_known() {
    write("a", "one");
    mirror.start();
    loop.passSeconds(1);
    told();
    etcd.failure = DOWN;
    etcd.cut(DOWN);
    assertThat(told()).containsExactly("trouble");
    assertThat(mirror.state()).isEqualTo(FeedState.BROKEN);
    write("b", "two");
    assertThat(texts.texts).containsOnlyKeys("/texts/a");

    etcd.failure = null;
    // No further: a fresh list comes two to ten seconds after the watch stands again.
    for (int second = 0; second < 5 && !mirror.isWell(); second++) {
      loop.passSeconds(1);
    }

    assertThat(mirror.isWell()).isTrue();
    assertThat(told()).endsWith("changed []");
    assertThat(asked("list")).as("the watch goes on from its own cursor").isEqualTo(1);
    assertThat(etcd.asked).endsWith("watch 3");
  }

  @Test
  void a_list_that_breaks_off_leaves_what_was_known() {
    write("a", "one");
    mirror.start();
    loop.passSeconds(1);
    told();
    etcd.silent = true;
    mirror.lookAgain();
    etcd.held.clear();

    mirror.close();

    assertThat(told()).containsExactly("dropped");
    assertThat(texts.texts).hasToString("{/texts/a=one}");
  }

  @Test
  void what_there_was_no_room_for_comes_in_when_another_goes() {
    MirroredTexts small = new MirroredTexts(2);
    write("a", "1");
    write("b", "2");
    write("c", "3");
    of(small).start();
    assertThat(small.texts).containsOnlyKeys("/texts/a", "/texts/b");

    etcd.remove("/texts/a");
    loop.passSeconds(31);

    assertThat(small.texts).containsOnlyKeys("/texts/b", "/texts/c");
  }

  @Test
  void a_reader_that_throws_reads_everything_anew() {
    mirror.start();
    loop.passSeconds(1);
    texts.thrown = new OutOfMemoryError("of a test");
    assertThatThrownBy(() -> write("a", "one")).isInstanceOf(OutOfMemoryError.class);
    told();

    loop.passSeconds(1);

    assertThat(told()).containsExactly("list {} gone []");
    assertThat(mirror.state()).isEqualTo(FeedState.WATCH);
    assertThat(mirror.isWell()).isTrue();
  }

  @Test
  void a_task_of_the_reader_beside_the_mirror_is_as_well_cared_for() {
    mirror.start();
    assertThatThrownBy(
            () ->
                mirror
                    .loop()
                    .execute(
                        () -> {
                          throw new IllegalStateException("of a test");
                        }))
        .isInstanceOf(IllegalStateException.class);

    loop.passSeconds(1);

    assertThat(asked("list")).isEqualTo(2);
  }
}
