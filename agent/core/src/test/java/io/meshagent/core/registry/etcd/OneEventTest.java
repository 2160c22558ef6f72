package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import io.meshagent.core.directory.Directory;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.etcd.client.EtcdTrouble;
import io.meshagent.core.registry.etcd.lease.EtcdRegistration;
import io.meshagent.core.registry.etcd.mirror.MirrorRecord;
import io.meshagent.core.registry.etcd.mirror.MirroredEtcd;
import io.meshagent.core.registry.format.EntryReader;
import io.meshagent.core.registry.format.HostPort;
import io.meshagent.core.run.ManualLoop;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What one event of one instance costs, however many others its service has. */
class OneEventTest {

  private static final String SERVICE = "a.B";
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final FakeEtcd etcd = new FakeEtcd();
  private final ManualLoop loop = new ManualLoop();
  private final Directory directory = new Directory(1_000_000_000L, 10_000_000_000L, loop, 0, null);

  /** How often an entry was read: each has a host name, which is asked for then. */
  private int read;

  private final List<ServiceChange> told = new ArrayList<>();
  private int lists;

  private final EtcdFeed feed =
      new EtcdFeed(
          new MirroredEtcd(etcd, loop, 1, 15, new MirrorRecord(loop)),
          loop,
          new EtcdInstances(
              new EntryReader(new EntrySource(EntryFormat.ETCD, "/services", null)),
              new HostAddresses(this::resolve, () -> 0)),
          new EtcdRegistration(etcd, loop, 15),
          new Registry.Listener() {
            @Override
            public void listed(Map<String, List<Instance>> all) {
              lists++;
              directory.listed(all);
            }

            @Override
            public void changed(List<ServiceChange> changes) {
              told.addAll(changes);
              directory.changed(changes);
            }

            @Override
            public void unreachable(String why) {
              directory.unreachable(why);
            }
          },
          new EtcdTrouble());

  private List<InetSocketAddress> resolve(HostPort at) {
    read++;
    return List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), at.port()));
  }

  private void write(int i, int weight) {
    String hostPort = "h" + i + ":7";
    etcd.write(
        "/services/" + SERVICE + "/" + hostPort,
        "{\"Op\":0,\"Addr\":\"" + hostPort + "\",\"Metadata\":{\"weight\":" + weight + "}}",
        0);
  }

  private void start(int instances) {
    for (int i = 0; i < instances; i++) {
      write(i, 1);
    }
    feed.start();
    loop.passSeconds(0.1);
    assertThat(directory.view().instances()).isEqualTo(instances);
    read = 0;
  }

  @Test
  void an_event_is_read_once_and_told_as_the_difference_that_it_is() {
    start(10_000);

    write(77, 2);

    assertThat(read).isEqualTo(1);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).present())
        .extracting(instance -> instance.hostPort() + " " + instance.metadata())
        .containsExactly("h77:7 {weight=2}");
    assertThat(told.get(0).gone()).isEmpty();

    loop.passSeconds(0.1);
    etcd.remove("/services/a.B/h77:7");
    assertThat(told.get(1)).hasToString("a.B +[] -[h77:7]");
    assertThat(read).isEqualTo(1);
    assertThat(lists).isEqualTo(1);
    assertThat(directory.view().instances()).isEqualTo(9_999);
  }

  @Test
  void events_of_one_moment_are_told_together_and_each_instance_once() {
    start(100);
    write(1, 2);
    told.clear();

    for (int weight = 3; weight < 10; weight++) {
      write(1, weight);
      write(2, weight);
    }
    loop.passSeconds(0.05);

    assertThat(read).isEqualTo(15);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).present())
        .extracting(instance -> instance.metadata().get("weight"))
        .containsExactly("9", "9");
  }

  @Test
  void an_event_takes_no_more_memory_where_there_are_many_instances() {
    start(10_000);
    long all = 0;
    for (int i = 0; i < 300; i++) {
      // In all less than it takes until names are asked for again.
      loop.passSeconds(0.06);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      write(i, 2 + i);
      all += THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    assertThat(read).isEqualTo(300);
    assertThat(all / 300).as("bytes; a copy of the references alone has 40,000").isLessThan(20_000);
  }

  @Test
  void only_a_service_that_is_called_is_copied_for_its_readers() {
    start(50);
    Endpoints before = directory.service(SERVICE).endpoints();
    loop.passSeconds(0.1);

    write(7, 2);

    Endpoints after = directory.service(SERVICE).endpoints();
    assertThat(after).isNotSameAs(before);
    assertThat(after.instances()).hasSize(50);
    Set<Instance> old = Collections.newSetFromMap(new IdentityHashMap<>());
    old.addAll(before.instances());
    List<Instance> same = after.instances().stream().filter(old::contains).toList();
    assertThat(same).as("what did not change is the same object").hasSize(49);
  }
}
