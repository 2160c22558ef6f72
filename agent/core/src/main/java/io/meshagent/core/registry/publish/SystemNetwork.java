package io.meshagent.core.registry.publish;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The network of the machine we are on. Asks the name service, so not for the program's threads.
 */
final class SystemNetwork implements Network {

  /** Any would do: connecting a datagram socket only asks the system for the route. */
  private static final int DISCARD = 9;

  private static final int CONNECT_MILLIS = 500;

  @Override
  public InetAddress routeTo(String host) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName(host), DISCARD));
      InetAddress local = socket.getLocalAddress();
      return local == null || local.isAnyLocalAddress() ? null : local;
    } catch (IOException | RuntimeException e) {
      // No route, no such name: some JDKs wrap the first in an unchecked exception.
      return null;
    }
  }

  @Override
  public boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (IOException | SecurityException e) {
      return false;
    }
  }

  @Override
  public boolean accepts(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return true;
    } catch (IOException | RuntimeException e) {
      // Refused, unknown, not allowed: for us it is all the same.
      return false;
    }
  }

  @Override
  public List<Interface> interfaces() {
    List<Interface> found = new ArrayList<>();
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (each.isUp() && !each.isLoopback() && !each.isVirtual()) {
          found.add(
              new Interface(
                  each.getName(),
                  each.isPointToPoint(),
                  Collections.list(each.getInetAddresses())));
        }
      }
    } catch (SocketException | RuntimeException e) {
      // Not to be had here (some JDKs throw if there is no interface at all): what we found is it.
      return found;
    }
    return found;
  }
}
