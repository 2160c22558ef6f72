package io.meshagent.core.check;

import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.registry.publish.AdvertisedAddress;
import io.meshagent.core.registry.publish.RegistrarSettings;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The address under which servers of the program would be registered, before there is one: whether
 * it is this machine's, where a port is opened for a moment, and whether others can mean it.
 */
final class AddressLook implements Look {

  static final String NAME = "address";

  private static final int CONNECT_MILLIS = 1_000;

  /** For an address that is not ours, where no port is known: that it refuses says enough. */
  private static final int DISCARD = 9;

  private final Settings settings;
  private final TimeLimit limit;

  AddressLook(Settings settings, TimeLimit limit) {
    this.settings = settings;
    this.limit = limit;
  }

  @Override
  public Finding late() {
    return Finding.wrong(
        NAME,
        "the address to register could not be found out in time",
        "set register.host to the address by which others reach this machine");
  }

  @Override
  public void look(Consumer<Finding> told) {
    List<String> etcd = new ArrayList<>();
    for (String endpoint : settings.get(RegistryKeys.ETCD_ENDPOINTS)) {
      etcd.add(URI.create(endpoint).getHost());
    }
    int port = settings.get(RegistryKeys.REGISTER_PORT);
    String host =
        AdvertisedAddress.hostOfMost(
            new RegistrarSettings.Address(settings.get(RegistryKeys.REGISTER_HOST), port, etcd));
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      told.accept(
          Finding.wrong(
              NAME,
              "servers would be registered as " + host + ", which no name service here knows",
              "correct register.host, or leave it out to have the agent find the address"));
      return;
    }
    String useless = useless(address, etcd);
    told.accept(useless == null ? ofReachable(host, address, port) : wrong(host, useless));
  }

  private static Finding wrong(String host, String why) {
    return Finding.wrong(
        NAME,
        "servers would be registered as " + host + ", " + why,
        "set register.host to the address by which others reach this program");
  }

  /** Why nobody can call it, whatever listens there; null if that can't be said. */
  private static String useless(InetAddress address, List<String> etcd) {
    boolean broadcast = address.getHostAddress().equals("255.255.255.255");
    if (address.isAnyLocalAddress() || address.isMulticastAddress() || broadcast) {
      return "which is no address that can be called";
    }
    if (address instanceof Inet6Address && address.isLinkLocalAddress()) {
      return "a link-local address, which is of use only together with the caller's interface";
    }
    if (address.isLoopbackAddress() && !etcd.stream().allMatch(AddressLook::isLoopback)) {
      return "which on each other machine means that machine itself";
    }
    return null;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private Finding ofReachable(String host, InetAddress address, int port) {
    try (ServerSocket listening = new ServerSocket()) {
      listening.bind(new InetSocketAddress(address, 0), 1);
      String refusal =
          Wire.refusal(address, listening.getLocalPort(), limit.millis(CONNECT_MILLIS));
      return refusal == null
          ? Finding.good(
              NAME,
              "servers would be registered as "
                  + host
                  + (port > 0 ? " port " + port : "")
                  + ", an address of this machine that takes connections")
          : wrong(host, "an address of this machine to which no connection gets (" + refusal + ")");
    } catch (IOException | RuntimeException e) {
      return ofOthers(host, address, port);
    }
  }

  /** A load balancer's or a mapped port's, or a mistake. */
  private Finding ofOthers(String host, InetAddress address, int port) {
    int known = port > 0 ? port : DISCARD;
    return ofOthers(host, Wire.refusal(address, known, limit.millis(CONNECT_MILLIS)));
  }

  /**
   * What an address means that is not ours.
   *
   * @param refusal why nobody took a connection there; null if somebody did
   */
  static Finding ofOthers(String host, String refusal) {
    if (refusal != null && !refusal.contains("refused")) {
      return wrong(
          host,
          "which is no address of this machine and can't be reached from it (" + refusal + ")");
    }
    return Finding.hint(
        NAME,
        "servers would be registered as "
            + host
            + ", which is no address of this machine, though somebody answers there",
        "that is right for a load balancer or a mapped port; else correct register.host");
  }
}
