package io.meshagent.core.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdvertisedAddressTest {

  private static final SocketAddress WILDCARD = bound("0.0.0.0");
  private static final SocketAddress LOOPBACK = bound("127.0.0.1");

  private final FakeNetwork network = new FakeNetwork();

  private static InetAddress ip(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static InetSocketAddress bound(String text) {
    return new InetSocketAddress(ip(text), 50051);
  }

  private static final class FakeNetwork implements Network {
    private InetAddress route;
    private final List<Interface> interfaces = new ArrayList<>();

    @Override
    public InetAddress routeTo(String host) {
      return route;
    }

    @Override
    public boolean isLoopback(String host) {
      return host.equals("localhost") || host.startsWith("127.");
    }

    @Override
    public boolean accepts(String host, int port) {
      return false;
    }

    @Override
    public List<Interface> interfaces() {
      return interfaces;
    }

    void add(String name, boolean pointToPoint, String... addresses) {
      interfaces.add(
          new Interface(
              name,
              pointToPoint,
              Arrays.stream(addresses).map(AdvertisedAddressTest::ip).toList()));
    }
  }

  private AdvertisedAddress.Choice choose(
      String host, List<String> etcdHosts, SocketAddress... sockets) {
    return choose(host, 0, etcdHosts, sockets);
  }

  private AdvertisedAddress.Choice choose(
      String host, int port, List<String> etcdHosts, SocketAddress... sockets) {
    RegistrarSettings settings =
        new RegistrarSettings(
            true,
            new RegistrarSettings.Address(host, port, etcdHosts),
            service -> false,
            Map.of(),
            Duration.ZERO,
            false);
    return new AdvertisedAddress(settings, network).choose(Arrays.asList(sockets));
  }

  private String host(List<String> etcdHosts, SocketAddress... sockets) {
    return choose(null, etcdHosts, sockets).host();
  }

  @Test
  void a_configured_host_wins() {
    AdvertisedAddress.Choice choice = choose("greeter.local", List.of("10.0.0.5"), LOOPBACK);

    assertThat(choice.host()).isEqualTo("greeter.local");
    assertThat(choice.port()).isEqualTo(50051);
    assertThat(choose("[::1]", List.of(), WILDCARD).host()).isEqualTo("::1");
  }

  @Test
  void a_configured_port_wins() {
    AdvertisedAddress.Choice choice = choose(null, 8080, List.of(), bound("10.1.2.3"));

    assertThat(choice.host()).isEqualTo("10.1.2.3");
    assertThat(choice.port()).isEqualTo(8080);
  }

  @Test
  void a_server_without_sockets_needs_a_port() {
    assertThat(choose(null, List.of()).host()).isNull();
    assertThat(choose(null, List.of()).problem())
        .isEqualTo(
            "a gRPC server of this program is not registered, because it has no port of its own, as"
                + " in a servlet container; set register.port to the port of the container");
    network.route = ip("10.1.2.3");
    AdvertisedAddress.Choice choice = choose(null, 8080, List.of("10.0.0.5"));
    assertThat(choice.host() + " " + choice.port()).isEqualTo("10.1.2.3 8080");
  }

  @Test
  void a_specific_address_is_published_as_it_is() {
    assertThat(host(List.of("10.0.0.5"), bound("10.1.2.3"))).isEqualTo("10.1.2.3");
    assertThat(host(List.of(), bound("10.1.2.3"))).isEqualTo("10.1.2.3");
    assertThat(host(List.of(), bound("2001:db8::7"))).isEqualTo("2001:db8::7");
  }

  @Test
  void the_local_registry_publishes_wildcards_on_loopback() {
    assertThat(ip(host(List.of(), WILDCARD)).isLoopbackAddress()).isTrue();
  }

  @Test
  void a_wildcard_is_published_as_the_address_that_faces_etcd() {
    network.route = ip("10.1.2.3");
    network.add("eth0", false, "192.168.1.1");

    assertThat(host(List.of("10.0.0.5"), WILDCARD)).isEqualTo("10.1.2.3");
    assertThat(host(List.of("10.0.0.5"), bound("::"))).isEqualTo("10.1.2.3");
  }

  @Test
  void without_such_an_address_the_best_interface_is_taken() {
    network.route = ip("127.0.0.1");
    network.add("docker0", false, "172.17.0.1");
    network.add("tun0", true, "10.8.0.1");
    network.add("eth1", false, "fe80::1", "2001:db8::7", "203.0.113.9");
    assertThat(host(List.of("localhost"), WILDCARD)).isEqualTo("203.0.113.9");

    network.add("eth2", false, "192.168.1.1");
    assertThat(host(List.of("localhost"), WILDCARD)).isEqualTo("192.168.1.1");
  }

  @Test
  void global_ipv6_and_internal_networks_come_last_but_before_loopback() {
    network.add("docker0", false, "172.17.0.1");
    assertThat(host(List.of("10.0.0.5"), WILDCARD)).isEqualTo("172.17.0.1");

    network.add("eth0", false, "2001:db8::7");
    assertThat(host(List.of("10.0.0.5"), WILDCARD)).isEqualTo("2001:db8::7");

    network.interfaces.clear();
    assertThat(ip(host(List.of("10.0.0.5"), WILDCARD)).isLoopbackAddress()).isTrue();
  }

  @Test
  void a_loopback_server_is_published_only_where_everybody_is_on_this_machine() {
    assertThat(host(List.of(), LOOPBACK)).isEqualTo("127.0.0.1");
    assertThat(host(List.of("localhost", "127.0.0.1"), LOOPBACK)).isEqualTo("127.0.0.1");

    AdvertisedAddress.Choice refused = choose(null, List.of("localhost", "10.0.0.5"), LOOPBACK);
    assertThat(refused.host()).isNull();
    assertThat(refused.problem()).contains("127.0.0.1 port 50051", "register.host");
  }

  @Test
  void a_link_local_server_is_not_published_because_its_zone_differs_from_caller_to_caller() {
    InetSocketAddress linkLocal = bound("fe80::7%2");
    assertThat(host(List.of("10.0.0.5"), linkLocal, bound("2001:db8::7"))).isEqualTo("2001:db8::7");
    assertThat(host(List.of(), linkLocal, LOOPBACK)).isEqualTo("127.0.0.1");

    AdvertisedAddress.Choice refused = choose(null, List.of(), linkLocal);
    assertThat(refused.host()).isNull();
    assertThat(refused.problem())
        .isEqualTo(
            "the server on fe80::7%2 port 50051 is not registered, because a link-local address is"
                + " of use only together with the caller's own interface; bind it to another"
                + " address, or set register.host to the one it is reached by");
  }

  @Test
  void a_route_to_etcd_over_a_link_local_address_is_of_no_use_to_others() {
    network.route = ip("fe80::7%2");
    network.add("eth0", false, "2001:db8::7");

    assertThat(host(List.of("fe80::1"), WILDCARD)).isEqualTo("2001:db8::7");
  }

  @Test
  void of_several_sockets_the_one_that_most_can_reach_is_published() {
    network.route = ip("10.1.2.3");

    assertThat(host(List.of("10.0.0.5"), LOOPBACK, WILDCARD)).isEqualTo("10.1.2.3");
    assertThat(host(List.of("10.0.0.5"), WILDCARD, bound("10.9.9.9"))).isEqualTo("10.9.9.9");
  }

  @Test
  void sockets_that_are_not_on_the_network_are_ignored_silently() {
    SocketAddress inProcess =
        new SocketAddress() {
          private static final long serialVersionUID = 1;
        };

    AdvertisedAddress.Choice choice = choose(null, List.of("10.0.0.5"), inProcess);

    assertThat(choice.host()).isNull();
    assertThat(choice.problem()).isNull();
  }

  @Test
  void this_machine_has_a_route_to_itself() {
    assertThat(new SystemNetwork().routeTo("127.0.0.1").isLoopbackAddress()).isTrue();
    assertThat(new SystemNetwork().isLoopback("localhost")).isTrue();
    assertThat(new SystemNetwork().isLoopback("does-not-exist.invalid")).isFalse();
    assertThat(new SystemNetwork().interfaces()).isNotNull();
  }
}
