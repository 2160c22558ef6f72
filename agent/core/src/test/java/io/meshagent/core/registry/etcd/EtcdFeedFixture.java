package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.WholeServices;
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

/** A feed of an etcd in memory, and what it has told. */
abstract class EtcdFeedFixture {

  static final String KEY = "/services/a.B/127.0.0.1:";
  static final EtcdFailure DOWN =
      new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused");

  final FakeEtcd etcd = new FakeEtcd();
  final ManualLoop loop = new ManualLoop();
  final List<String> told = new ArrayList<>();
  final Map<String, List<Instance>> services = new HashMap<>();
  final EtcdInstances directory = new EtcdInstances("/services");
  final MirrorRecord record = new MirrorRecord(loop);
  final EtcdFeed feed =
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

  void write(int port) {
    etcd.write(KEY + port, "127.0.0.1:" + port, 0);
  }

  long asked(String what) {
    return etcd.asked.stream().filter(each -> each.startsWith(what)).count();
  }
}
