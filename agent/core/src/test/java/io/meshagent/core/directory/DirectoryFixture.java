package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.registry.WholeServices;
import io.meshagent.core.route.Routes;
import io.meshagent.core.run.ManualLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A directory, and a source that lists and changes as a test says. */
abstract class DirectoryFixture {

  static final double HOLD = 10;

  final ManualLoop loop = new ManualLoop();
  final Directory directory = new Directory(3_000_000_000L, (long) (HOLD * 1e9), loop, 0, null);

  final WholeServices told = new WholeServices(directory);

  /** What the registry would list. */
  final Map<String, List<Instance>> source = new TreeMap<>();

  int looks;

  static Instance at(int port, String... facts) {
    Map<String, String> metadata = new HashMap<>();
    for (int i = 0; i < facts.length; i += 2) {
      metadata.put(facts[i], facts[i + 1]);
    }
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new Instance("127.0.0.1", port, address, metadata);
  }

  static List<Instance> ports(int... ports) {
    return IntStream.of(ports).mapToObj(port -> at(port)).collect(Collectors.toList());
  }

  void list(String service, int... ports) {
    source.put(service, ports(ports));
    told.listed(new HashMap<>(source));
  }

  void change(String service, int... ports) {
    source.put(service, ports(ports));
    told.changed(Map.of(service, ports(ports)));
  }

  /** The ports that channels of any scheme use. */
  List<Integer> used(String name) {
    Service service = directory.service(name);
    Endpoints used =
        new Routes(0, of -> BalanceRule.ROUND_ROBIN, new TestAgent())
            .of(service, null)
            .used(service.endpoints());
    return used.instances().stream().map(Instance::port).sorted().collect(Collectors.toList());
  }

  /** A look of the directory is answered by a fresh list. */
  void answerLooks() {
    directory.looksAgainBy(
        () -> {
          looks++;
          told.listed(new HashMap<>(source));
        });
  }

  void recover() {
    told.changed(Map.of());
  }
}
