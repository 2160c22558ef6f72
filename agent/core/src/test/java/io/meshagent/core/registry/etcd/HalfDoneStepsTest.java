package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.WholeServices;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdTrouble;
import io.meshagent.core.registry.etcd.lease.EtcdRegistration;
import io.meshagent.core.registry.etcd.mirror.MirrorRecord;
import io.meshagent.core.registry.etcd.mirror.MirroredEtcd;
import io.meshagent.core.run.ManualLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Whatever a step throws, and be it for want of memory: the machines go on. */
class HalfDoneStepsTest {

  private static final String KEY = "/services/a.B/127.0.0.1:1";
  private static final EtcdFailure DOWN =
      new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused");

  private final FakeEtcd etcd = new FakeEtcd();
  private final ManualLoop loop = new ManualLoop();
  private final EtcdRegistration registration = new EtcdRegistration(etcd, loop, 15);
  private final Map<String, List<Instance>> services = new HashMap<>();

  /** The listener has no memory when it is told of this. */
  private String thrownAt;

  private final EtcdFeed feed =
      new EtcdFeed(
          new MirroredEtcd(etcd, loop, 1, 15, new MirrorRecord(loop)),
          loop,
          new EtcdInstances("/services"),
          registration,
          new Registry.Listener() {
            @Override
            public void listed(Map<String, List<Instance>> all) {
              mayThrow("listed");
              services.putAll(all);
            }

            @Override
            public void changed(List<ServiceChange> some) {
              mayThrow("changed");
              WholeServices.apply(services, some);
            }

            @Override
            public void unreachable(String why) {
              mayThrow("unreachable");
            }
          },
          new EtcdTrouble());

  private void mayThrow(String what) {
    if (what.equals(thrownAt)) {
      thrownAt = null;
      throw new OutOfMemoryError("of a test");
    }
  }

  private static void fails(ThrowingCallable step) {
    assertThatThrownBy(step).isInstanceOf(OutOfMemoryError.class);
  }

  private void write() {
    etcd.write(KEY, "127.0.0.1:1", 0);
  }

  @Test
  void a_list_that_is_taken_in_halfway_is_read_again() {
    write();
    thrownAt = "listed";
    fails(feed::start);

    loop.passSeconds(1);

    assertThat(services.get("a.B")).hasSize(1);
    assertThat(feed.state()).isEqualTo(FeedState.WATCH);
  }

  @Test
  void a_list_that_can_not_be_asked_for_is_asked_for_again() {
    write();
    etcd.thrown = new OutOfMemoryError("of a test");
    fails(feed::start);

    loop.passSeconds(1);

    assertThat(services.get("a.B")).hasSize(1);
  }

  @Test
  void a_change_that_is_told_halfway_is_told_with_a_list() {
    feed.start();
    loop.passSeconds(1);
    thrownAt = "changed";
    fails(this::write);

    loop.passSeconds(1);

    assertThat(services.get("a.B")).hasSize(1);
    assertThat(feed.state()).isEqualTo(FeedState.WATCH);
  }

  @Test
  void trouble_that_is_told_halfway_still_ends() {
    feed.start();
    thrownAt = "unreachable";
    fails(() -> etcd.cut(DOWN));
    write();

    loop.passSeconds(1);

    assertThat(services.get("a.B")).hasSize(1);
  }

  @Test
  void a_feed_that_is_closed_stays_closed() {
    feed.start();
    feed.close();
    etcd.thrown = new OutOfMemoryError("of a test");
    loop.passSeconds(1_000);

    assertThat(feed.state()).isEqualTo(FeedState.CLOSED);
  }

  @Test
  void a_lease_that_can_not_be_asked_for_is_asked_for_again() {
    etcd.thrown = new OutOfMemoryError("of a test");
    fails(() -> registration.register(KEY, "127.0.0.1:1"));

    loop.passSeconds(1);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(etcd.entries).containsKey(KEY);
  }

  @Test
  void an_entry_that_is_put_halfway_is_put_with_another_lease() {
    registration.register(KEY, "127.0.0.1:1");
    etcd.thrown = new OutOfMemoryError("of a test");
    fails(() -> registration.register(KEY + "1", "127.0.0.1:11"));

    loop.passSeconds(2);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(etcd.entries).containsOnlyKeys(KEY, KEY + "1");
    assertThat(etcd.entries.values())
        .allMatch(entry -> entry.lease() == etcd.leases.get(etcd.leases.size() - 1));
  }

  @Test
  void a_renewal_that_can_not_be_asked_for_costs_the_lease_and_no_more() {
    registration.register(KEY, "127.0.0.1:1");
    etcd.thrown = new OutOfMemoryError("of a test");
    fails(() -> loop.passSeconds(6));

    loop.passSeconds(10);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(registration.leasesLost()).isEqualTo(1);
    assertThat(etcd.entries).containsKey(KEY);
  }
}
