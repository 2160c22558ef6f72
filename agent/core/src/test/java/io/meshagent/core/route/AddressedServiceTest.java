package io.meshagent.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Keeping;
import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.LiveEndpoints;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.KeepAddressed;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.TargetMap;
import io.meshagent.core.route.rule.Routing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressedServiceTest {

  private final TestAgent agent = new TestAgent();
  private final OneService service = new OneService();
  private final List<Watching> channels = new ArrayList<>();
  private Routes routes = routes(KeepAddressed.AUTO, "");

  private Routes routes(KeepAddressed mode, String map) {
    TargetMap targets = RegistryKeys.DISCOVER_MAP.type().parse(map).value();
    return new Routes(
        0,
        "",
        of -> BalanceRule.ROUND_ROBIN,
        of -> Routing.NONE,
        new Targets(targets, mode),
        agent);
  }

  private static final class OneService implements Service {
    private Endpoints known = Endpoints.UNKNOWN;

    @Override
    public String name() {
      return "a.B";
    }

    @Override
    public int index() {
      return 0;
    }

    @Override
    public Endpoints endpoints() {
      return known;
    }

    @Override
    public void watch(Watcher watcher) {}

    @Override
    public void unwatch(Watcher watcher) {}
  }

  /** A channel that is in use. */
  private final class Watching implements Service.Watcher {
    final KnownChannel channel;
    final Route route;
    int told;

    Watching(String target) {
      channel = routes.channel(target, "http", true, (why, services) -> {});
      route = channel.route(service);
      route.watch(this);
      channels.add(this);
    }

    @Override
    public void changed(Service changed) {
      told++;
    }

    Keeping keeps() {
      return route.keeps(service.known);
    }
  }

  private static Instance at(String host, String address, int port) {
    try {
      InetAddress at = InetAddress.getByName(address);
      return new Instance(host, port, new InetSocketAddress(at, port), Map.of());
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static Instance at(String address, int port) {
    return at(address, address, port);
  }

  private void know(Instance... instances) {
    service.known = LiveEndpoints.of(List.of(instances));
  }

  @Test
  void two_channels_to_two_instances_mean_them_and_who_was_there_before_is_told() {
    know(at("10.0.0.1", 1), at("10.0.0.2", 1));
    Watching first = new Watching("10.0.0.1:1");
    assertThat(first.keeps()).isEqualTo(Keeping.NOTHING);
    Watching twin = new Watching("dns:///10.0.0.1:1");
    assertThat(twin.keeps()).as("the same instance").isEqualTo(Keeping.NOTHING);
    Watching other = new Watching("10.9.9.9:1");
    assertThat(other.keeps()).as("no instance at all").isEqualTo(Keeping.NOTHING);
    assertThat(first.told).isZero();

    Watching second = new Watching("10.0.0.2:1");

    assertThat(second.keeps()).isEqualTo(Keeping.ALWAYS);
    assertThat(first.told).isEqualTo(1);
    assertThat(first.keeps()).isEqualTo(Keeping.ALWAYS);
    assertThat(other.keeps()).isEqualTo(Keeping.NOTHING);
  }

  @Test
  void what_is_registered_no_more_is_kept_while_it_is_reached_and_for_ever_meant() {
    know(at("10.0.0.1", 1), at("10.0.0.2", 1));
    Watching first = new Watching("10.0.0.1:1");
    Watching second = new Watching("10.0.0.2:1");
    assertThat(first.keeps()).isEqualTo(Keeping.ALWAYS);
    assertThat(second.keeps()).isEqualTo(Keeping.ALWAYS);

    second.route.unwatch(second);
    know(at("10.0.0.2", 1));
    assertThat(first.keeps()).isEqualTo(Keeping.WHILE_REACHED);
    service.known = Endpoints.ABSENT;
    assertThat(first.keeps()).isEqualTo(Keeping.WHILE_REACHED);
    know(at("10.0.0.1", 1));
    assertThat(first.keeps()).isEqualTo(Keeping.ALWAYS);
  }

  @Test
  void a_channel_that_has_gone_does_not_count_if_nothing_was_decided() {
    know(at("10.0.0.1", 1), at("10.0.0.2", 1));
    Watching first = new Watching("10.0.0.1:1");
    first.route.unwatch(first);

    assertThat(new Watching("10.0.0.2:1").keeps()).isEqualTo(Keeping.NOTHING);
  }

  @Test
  void instances_that_are_registered_later_are_found_then() {
    Watching first = new Watching("10.0.0.1:1");
    Watching second = new Watching("[fd00::1]:1");
    know(at("10.0.0.1", 1));
    assertThat(first.keeps()).isEqualTo(Keeping.NOTHING);

    know(at("10.0.0.1", 1), at("fd00::1", 1));
    assertThat(second.keeps()).isEqualTo(Keeping.ALWAYS);
    assertThat(first.told).isEqualTo(1);
  }

  @Test
  void a_name_means_what_the_channels_own_resolver_finds_if_that_is_one_address() {
    know(at("10.0.0.1", 1), at("pod-1", "10.0.0.2", 1));
    Watching byName = new Watching("dns:///shard-0.svc:1");
    Watching asRegistered = new Watching("pod-1:1");
    assertThat(byName.keeps()).isEqualTo(Keeping.NOTHING);

    byName.channel.resolvedTo(at("10.0.0.1", 1).address());
    assertThat(byName.keeps()).isEqualTo(Keeping.ALWAYS);
    assertThat(byName.told).as("of the address, and of the decision").isEqualTo(2);
    assertThat(asRegistered.keeps()).isEqualTo(Keeping.ALWAYS);

    byName.channel.resolvedTo(null);
    assertThat(byName.keeps()).as("of several addresses").isEqualTo(Keeping.NOTHING);
  }

  @Test
  void this_machines_names_for_itself_are_one() {
    know(at("127.0.0.1", 1), at("::1", 2), at("127.0.0.1", 3), at("::1", 3));
    Watching first = new Watching("localhost:1");
    Watching second = new Watching("localhost:2");

    assertThat(second.keeps()).isEqualTo(Keeping.ALWAYS);
    assertThat(first.keeps()).isEqualTo(Keeping.ALWAYS);
    assertThat(new Watching("127.0.0.2:3").keeps()).as("of two").isEqualTo(Keeping.NOTHING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"greeter", "dns:///greeter", "10.0.0.1", "", "told:///x/", "a:b:c", ":1"})
  void what_is_no_address_is_none(String target) {
    assertThat(TargetAddress.of(target)).isNull();
  }

  @Test
  void gRPCs_own_way_to_write_an_address_is_one() {
    InetSocketAddress expected = TargetAddress.of("127.0.0.1:6001");
    assertThat(expected).isEqualTo(at("127.0.0.1", 6001).address());
    assertThat(TargetAddress.of("directaddress:////127.0.0.1:6001")).isEqualTo(expected);
    assertThat(TargetAddress.of("directaddress:///localhost/127.0.0.1:6001")).isEqualTo(expected);
  }

  @Test
  void modes_and_maps_are_heeded() {
    know(at("10.0.0.1", 1), at("10.0.0.2", 1));
    routes = routes(KeepAddressed.ALWAYS, "");
    assertThat(new Watching("10.0.0.1:1").keeps()).isEqualTo(Keeping.ALWAYS);
    assertThat(new Watching("10.0.0.3:1").keeps()).isEqualTo(Keeping.NOTHING);

    routes = routes(KeepAddressed.NEVER, "");
    assertThat(new Watching("10.0.0.1:1").keeps()).isEqualTo(Keeping.NOTHING);
    assertThat(new Watching("10.0.0.2:1").keeps()).isEqualTo(Keeping.NOTHING);

    routes = routes(KeepAddressed.ALWAYS, "10.0.0.1:* -> app=x");
    assertThat(new Watching("10.0.0.1:1").keeps()).isEqualTo(Keeping.NOTHING);
    assertThat(new Watching("10.0.0.2:1").keeps()).isEqualTo(Keeping.ALWAYS);
  }

  @Test
  void a_thousand_channels_cost_a_look_up_each() {
    Instance[] shards =
        Stream.iterate(1, i -> i + 1)
            .limit(1_000)
            .map(i -> at("10.0." + i / 250 + "." + i % 250, 1))
            .collect(Collectors.toList())
            .toArray(new Instance[0]);
    know(shards);
    for (Instance shard : shards) {
      Watching unused = new Watching(shard.hostPort());
    }

    assertThat(channels).allSatisfy(each -> assertThat(each.keeps()).isEqualTo(Keeping.ALWAYS));
    assertThat(channels).allSatisfy(each -> assertThat(each.told).isLessThan(2));
  }
}
