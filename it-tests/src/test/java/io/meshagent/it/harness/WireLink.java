package io.meshagent.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** One connection through a {@link Wire}, copied by two threads of the wire. Thread-safe. */
final class WireLink {

  private final Wire wire;
  private final Socket client;
  private final Socket server;

  /** Volatile: set by whoever ends the link, read under the wire's lock by those that wait. */
  private volatile boolean over;

  WireLink(Wire wire, Socket client, Socket server) {
    this.wire = wire;
    this.client = client;
    this.server = server;
  }

  boolean isOver() {
    return over;
  }

  /** The port from which the client connected. */
  int clientPort() {
    return client.getPort();
  }

  void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      byte[] bytes = new byte[8_192];
      for (int got = in.read(bytes); got >= 0; got = in.read(bytes)) {
        wire.pass(this);
        to.getOutputStream().write(bytes, 0, got);
        to.getOutputStream().flush();
      }
      // An end is something that is sent, too.
      wire.pass(this);
    } catch (IOException e) {
      // One side is gone; that is passed on below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end();
  }

  /** Both sides see a reset rather than an end. */
  void reset() {
    try {
      client.setSoLinger(true, 0);
      server.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already.
    }
    end();
  }

  private void end() {
    over = true;
    try (client;
        server) {
      wire.gone(this);
    } catch (IOException e) {
      // Closed is what they should be.
    }
  }
}
