package io.meshagent.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A wire on this machine that a test can cut, mend, slow down, or let swallow what is sent.
 * Programs connect to {@link #port}, and what they send comes out at the target. Thread-safe.
 */
public final class Wire implements AutoCloseable {

  private final int target;
  private final ServerSocket listening;

  /** Guarded by this, as is all that follows. */
  private final Set<WireLink> links = new HashSet<>();

  private boolean cut;
  private Predicate<WireLink> held = link -> false;
  private Duration delay = Duration.ZERO;

  private Wire(int target) {
    this.target = target;
    try {
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A wire that lets everything pass to a port on loopback. */
  public static Wire to(int port) {
    Wire wire = new Wire(port);
    wire.daemon("accept", wire::accept);
    return wire;
  }

  public static Wire to(EtcdServer etcd) {
    return to(etcd.clientPort());
  }

  public int port() {
    return listening.getLocalPort();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  /** All connections are reset, and new ones as soon as they begin. */
  public synchronized void cut() {
    cut = true;
    Set.copyOf(links).forEach(WireLink::reset);
  }

  /**
   * What is sent on the present connections does not arrive, either way, and nobody is told. New
   * connections work.
   */
  public synchronized void swallow() {
    hold(Set.copyOf(links)::contains);
  }

  /** The same for the present connections and for all to come. */
  public void swallowAll() {
    hold(link -> true);
  }

  /** The same for the connections for which it holds when something is sent on them. */
  synchronized void hold(Predicate<WireLink> which) {
    held = which;
    notifyAll();
  }

  /** What is sent takes so much longer to arrive. */
  public synchronized void delay(Duration longer) {
    delay = longer;
  }

  /** All is well again; what was held back arrives. */
  public synchronized void mend() {
    cut = false;
    delay = Duration.ZERO;
    hold(link -> false);
  }

  /** How many connections there are. */
  public synchronized int connections() {
    return links.size();
  }

  /** Returns when something that was sent on the link may go on, or the link is over. */
  synchronized void pass(WireLink link) throws InterruptedException {
    long until = System.nanoTime() + delay.toNanos();
    long left = delay.toNanos();
    while (!link.isOver() && (left > 0 || held.test(link))) {
      if (left > 0) {
        wait(left / 1_000_000 + 1);
      } else {
        wait();
      }
      left = until - System.nanoTime();
    }
  }

  synchronized void gone(WireLink link) {
    links.remove(link);
    notifyAll();
  }

  private void daemon(String what, Runnable task) {
    Thread thread = new Thread(task, "wire-" + what + "-" + port());
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (true) {
      Socket client;
      try {
        client = listening.accept();
      } catch (IOException e) {
        // Closed: the test is over.
        return;
      }
      connect(client);
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    WireLink link = new WireLink(this, client, server);
    try {
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
    } catch (IOException e) {
      // As if the target itself had been asked, which does not listen.
      link.reset();
      return;
    }
    synchronized (this) {
      if (cut) {
        link.reset();
        return;
      }
      links.add(link);
    }
    daemon("out", () -> link.copy(client, server));
    daemon("in", () -> link.copy(server, client));
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
