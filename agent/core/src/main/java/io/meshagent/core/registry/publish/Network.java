package io.meshagent.core.registry.publish;

import java.net.InetAddress;
import java.util.List;

/** What this machine's network looks like, as far as it matters for a published address. */
public interface Network {

  /** The own address that packets to the host would carry; null if there is no way to it. */
  InetAddress routeTo(String host);

  /** Whether the name or address can only mean this machine. */
  boolean isLoopback(String host);

  /** Whether somebody accepts connections there. May take half a second. */
  boolean accepts(String host, int port);

  /** The interfaces that are up, in the system's order. */
  List<Interface> interfaces();

  /** One network interface. Immutable. */
  final class Interface {
    private final String name;
    private final boolean pointToPoint;
    private final List<InetAddress> addresses;

    /**
     * @param pointToPoint a tunnel or the like, which others can't be expected to reach
     */
    public Interface(String name, boolean pointToPoint, List<InetAddress> addresses) {
      this.name = name;
      this.pointToPoint = pointToPoint;
      this.addresses = addresses;
    }

    /** A bridge or a cable end of containers on this machine: known to nobody else. */
    boolean isInternal() {
      return pointToPoint || name.matches("(docker|br-|veth|virbr|cni|flannel|vmnet|tun|tap).*");
    }

    List<InetAddress> addresses() {
      return addresses;
    }
  }
}
