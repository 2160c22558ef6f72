package io.meshagent.core.registry.etcd.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** A wire to a server on this machine that counts the bytes of both directions. Thread-safe. */
final class CountingWire implements AutoCloseable {

  private final int target;
  private final ServerSocket listening;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();

  CountingWire(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  String endpoint() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  long bytes() {
    return bytes.get();
  }

  long connections() {
    return connections.get();
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "wire");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        connections.incrementAndGet();
        daemon(() -> connect(client));
      } catch (IOException e) {
        // It is closed.
        return;
      }
    }
  }

  private void connect(Socket client) {
    try (client;
        Socket server = new Socket()) {
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      daemon(() -> copy(server, client));
      copy(client, server);
    } catch (IOException e) {
      // The server is away, which the other side sees by the end of the connection.
      return;
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      byte[] some = new byte[65_536];
      for (int got = in.read(some); got >= 0; got = in.read(some)) {
        bytes.addAndGet(got);
        to.getOutputStream().write(some, 0, got);
      }
    } catch (IOException e) {
      // One of the two has ended it.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
