package io.meshagent.it.tools;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for programs that can't say which one the system chose, or that come back to theirs. Below
 * those that systems give to outgoing connections, so that none of these takes one in between, and
 * each is handed out once. Thread-safe.
 *
 * @see <a href="https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html">Linux gives out
 *     32768 and above</a>
 */
public final class Ports {

  private static final int COUNT = 2_000;

  /** Up to eight test JVMs that run side by side have a range each. */
  private static final int LOWEST =
      15_000 + Integer.parseInt(Places.setting("it.fork", "1")) % 8 * COUNT;

  /** Other builds on this machine begin elsewhere. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private Ports() {}

  /** A port where nobody listens on loopback. */
  public static int free() {
    for (int i = 0; i < COUNT; i++) {
      int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no port from " + LOWEST + " to " + (LOWEST + COUNT) + " is free");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
