package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.etcd.client.EtcdInTime;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
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

/** An answer that never comes holds nothing for ever. */
class EtcdInTimeTest {

  private static final String KEY = "/services/a.B/127.0.0.1:1";

  private final FakeEtcd etcd = new FakeEtcd();
  private final ManualLoop loop = new ManualLoop();
  private final EtcdOperations inTime = new EtcdInTime(etcd, loop);

  private long asked(String what) {
    return etcd.asked.stream().filter(each -> each.equals(what)).count();
  }

  @Test
  void a_lease_that_is_never_granted_is_asked_for_again_on_another_connection() {
    EtcdRegistration registration = new EtcdRegistration(inTime, loop, 15);
    etcd.silent = true;
    registration.register(KEY, "127.0.0.1:1");
    loop.passSeconds(EtcdInTime.SECONDS + 1);
    assertThat(etcd.reconnects).isEqualTo(1);

    etcd.silent = false;
    loop.passSeconds(30);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(etcd.entries).containsKey(KEY);
  }

  @Test
  void an_entry_whose_put_is_never_answered_is_put_again() {
    EtcdRegistration registration = new EtcdRegistration(inTime, loop, 3_000);
    registration.register(KEY + "1", "127.0.0.1:11");
    etcd.silent = true;
    registration.register(KEY, "127.0.0.1:1");
    loop.passSeconds(1);
    etcd.held.clear();
    etcd.silent = false;

    loop.passSeconds(EtcdInTime.SECONDS + 30);

    assertThat(etcd.entries).containsKey(KEY);
    assertThat(registration.leasesLost()).isZero();
  }

  @Test
  void a_list_that_is_never_answered_is_asked_for_again() {
    etcd.write(KEY, "127.0.0.1:1", 0);
    Map<String, List<Instance>> services = new HashMap<>();
    EtcdFeed feed =
        new EtcdFeed(
            new MirroredEtcd(inTime, loop, 1, 15, new MirrorRecord(loop)),
            loop,
            new EtcdInstances("/services"),
            new EtcdRegistration(inTime, loop, 15),
            new Registry.Listener() {
              @Override
              public void listed(Map<String, List<Instance>> all) {
                services.putAll(all);
              }

              @Override
              public void changed(List<ServiceChange> some) {}

              @Override
              public void unreachable(String why) {}
            },
            new EtcdTrouble());
    etcd.silent = true;
    feed.start();
    loop.passSeconds(EtcdInTime.SECONDS);
    assertThat(feed.state()).isEqualTo(FeedState.BROKEN);

    etcd.silent = false;
    loop.passSeconds(31);

    assertThat(services.get("a.B")).hasSize(1);
    assertThat(asked("list")).isEqualTo(2);
  }

  @Test
  void an_answer_in_time_is_the_only_one_and_one_that_is_late_is_none() {
    List<String> told = new ArrayList<>();
    inTime.renew(1, (value, failure) -> told.add("renewed"));
    loop.passSeconds(100);
    assertThat(told).containsExactly("renewed");
    assertThat(etcd.reconnects).isZero();

    etcd.silent = true;
    inTime.renew(1, (value, failure) -> told.add(failure.kind().name()));
    loop.passSeconds(100);
    etcd.held.forEach(Runnable::run);
    assertThat(told).containsExactly("renewed", "SILENT");
  }

  @Test
  void a_request_that_can_not_be_sent_is_not_answered_later() {
    List<String> told = new ArrayList<>();
    etcd.thrown = new OutOfMemoryError("of a test");
    assertThatThrownBy(() -> inTime.grant(1, (value, failure) -> told.add("told")))
        .isInstanceOf(OutOfMemoryError.class);
    loop.passSeconds(100);

    assertThat(told).isEmpty();
    assertThat(etcd.reconnects).isZero();
  }
}
