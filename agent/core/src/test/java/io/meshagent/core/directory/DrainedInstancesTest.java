package io.meshagent.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.config.Drains;
import io.meshagent.core.config.Drains.Drain;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An instance that somebody drained gets calls only where no other is. */
class DrainedInstancesTest extends DirectoryFixture {

  private static final Drains FIRST =
      Drains.NONE.with(new Drain("127.0.0.1:1", "2026-11-29T09:00:00Z", "ops"));

  @Test
  void routes_leave_it_out_until_it_is_brought_back() {
    list("a.B", 1, 2);
    directory.drain(FIRST);
    assertThat(used("a.B")).containsExactly(2);

    directory.drain(Drains.NONE);
    assertThat(used("a.B")).containsExactly(1, 2);
  }

  @Test
  void so_they_do_with_one_that_comes_later() {
    directory.drain(FIRST);
    list("a.B", 1, 2);

    assertThat(used("a.B")).containsExactly(2);
  }

  @Test
  void a_drained_one_is_better_than_none() {
    list("a.B", 1);
    directory.drain(FIRST);

    assertThat(used("a.B")).containsExactly(1);
  }

  @Test
  void who_watches_is_told_once_and_others_stay_the_objects_that_they_were() {
    list("a.B", 1, 2);
    Service service = directory.service("a.B");
    Endpoint other = service.endpoints().list().get(1);
    List<Endpoints> told = new ArrayList<>();
    Service.Watcher watcher = changed -> told.add(changed.endpoints());
    service.watch(watcher);

    told.clear();
    directory.drain(FIRST);
    directory.drain(Drains.NONE.with(new Drain("127.0.0.1:1", "2026-11-29T09:00:00Z", "ops")));

    assertThat(told).hasSize(1);
    List<Endpoint> now = service.endpoints().list();
    assertThat(now.get(1)).isSameAs(other);
    assertThat(now.get(0).drained()).isEqualTo("drained since 2026-11-29T09:00:00Z by ops");
    assertThat(now.get(0).isDraining()).isTrue();
    assertThat(now.get(0).isWilling()).isFalse();
  }
}
