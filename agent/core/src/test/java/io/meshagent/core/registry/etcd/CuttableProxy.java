package io.meshagent.core.registry.etcd;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire to a server on this machine that a test can cut and mend. */
final class CuttableProxy implements AutoCloseable {

  private final int target;
  private final List<Closeable> open = new CopyOnWriteArrayList<>();
  private final ServerSocket listening;

  /** Volatile: the test cuts, the accepting thread looks. */
  private volatile boolean cut;

  CuttableProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  String endpoint() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** Ends all connections; new ones end as soon as they begin. */
  void cut() throws IOException {
    cut = true;
    for (Closeable each : open) {
      each.close();
    }
    open.clear();
  }

  void mend() {
    cut = false;
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        if (cut) {
          client.close();
          continue;
        }
        Socket server = new Socket();
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        open.add(client);
        open.add(server);
        daemon(() -> copy(client, server));
        daemon(() -> copy(server, client));
      }
    } catch (IOException e) {
      // The test is over, or the server is gone and with it the use of this proxy.
      cut = true;
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      byte[] bytes = new byte[8_192];
      for (int got = in.read(bytes); got >= 0; got = in.read(bytes)) {
        to.getOutputStream().write(bytes, 0, got);
        to.getOutputStream().flush();
      }
    } catch (IOException e) {
      // Cut.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
