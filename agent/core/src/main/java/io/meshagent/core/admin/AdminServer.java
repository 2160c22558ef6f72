package io.meshagent.core.admin;

import io.meshagent.core.log.Log;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The JVM's admin page. Started and closed by the engine on a thread of its own; {@link #start}
 * waits for the port to be bound, never for anybody outside. If there can be no page, one line says
 * so and the program runs without.
 *
 * <p>The JDK's own HTTP server bounds neither its connections nor the time of a silent one, unless
 * by properties that are the program's.
 */
public final class AdminServer implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String host;
  private final int port;
  private final Map<String, Page> pages;
  private final Map<String, Action> actions;
  private final long patienceNanos;
  private final Supplier<AccessToken> tokens;

  /** Volatile: set by the start. Null if nobody needs one, or nobody can know it. */
  private volatile AccessToken token;

  /** Volatile: closed by another thread than it was started by. */
  private volatile AdminLoop loop;

  /**
   * @param host the name or address to listen on
   * @param port the port to listen on, or any if it is taken; 0 for any
   * @param pages by path, {@code /metrics}; copied
   */
  public AdminServer(String host, int port, Map<String, Page> pages) {
    this(host, port, pages, Collections.emptyMap(), () -> null, PATIENCE_NANOS);
  }

  /**
   * The same, and more than numbers and health for who knows the token.
   *
   * @param tokens what somebody on another machine has to know, or null if nobody there sees more;
   *     asked once, if other machines can reach the port
   */
  public AdminServer(String host, int port, Map<String, Page> pages, Supplier<AccessToken> tokens) {
    this(host, port, pages, Collections.emptyMap(), tokens, PATIENCE_NANOS);
  }

  /**
   * The same with what may be done there.
   *
   * @param actions by path, as pages
   */
  public AdminServer(String host, int port, Map<String, Page> pages, Map<String, Action> actions) {
    this(host, port, pages, actions, () -> null, PATIENCE_NANOS);
  }

  /** For tests, which have less patience. */
  AdminServer(String host, int port, Map<String, Page> pages, long patienceNanos) {
    this(host, port, pages, Collections.emptyMap(), () -> null, patienceNanos);
  }

  private AdminServer(
      String host,
      int port,
      Map<String, Page> pages,
      Map<String, Action> actions,
      Supplier<AccessToken> tokens,
      long patienceNanos) {
    this.tokens = tokens;
    this.actions = actions;
    this.patienceNanos = patienceNanos;
    this.host = host;
    this.port = port;
    this.pages = pages;
  }

  /**
   * Binds and begins to answer. Called once.
   *
   * @return the port, or nothing if there is no page
   */
  public OptionalInt start() {
    try {
      InetSocketAddress first = new InetSocketAddress(host, port);
      if (first.isUnresolved()) {
        Log.warn(noPage("the host " + host + " is not known here") + " Correct admin.host.");
        return OptionalInt.empty();
      }
      return OptionalInt.of(serve(bind(first)));
    } catch (IOException | IllegalArgumentException e) {
      Log.warn(
          noPage("nothing could be bound at " + host + ":" + port + ": " + e.getMessage())
              + " Give it a free port with admin.port, or 0 for any.");
    }
    return OptionalInt.empty();
  }

  private static String noPage(String why) {
    return "There is no admin page, because " + why + "; the program runs without it.";
  }

  private int serve(ServerSocketChannel bound) throws IOException {
    boolean serves = false;
    try {
      InetSocketAddress address = (InetSocketAddress) bound.getLocalAddress();
      boolean loopback = address.getAddress().isLoopbackAddress();
      token = loopback ? null : tokens.get();
      PageHandler handler = new PageHandler(pages, actions, loopback, token);
      AdminLoop started = new AdminLoop(bound, handler, patienceNanos);
      started.start();
      loop = started;
      serves = true;
      return address.getPort();
    } finally {
      if (!serves) {
        bound.close();
      }
    }
  }

  /** A neighbour of a port that is taken may be the one that the program is about to use. */
  private static ServerSocketChannel bind(InetSocketAddress first) throws IOException {
    try {
      return bound(first);
    } catch (BindException e) {
      if (first.getPort() == 0) {
        throw e;
      }
      return bound(new InetSocketAddress(first.getAddress(), 0));
    }
  }

  private static ServerSocketChannel bound(InetSocketAddress address) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    boolean bound = false;
    try {
      channel.bind(address);
      bound = true;
      return channel;
    } finally {
      if (!bound) {
        channel.close();
      }
    }
  }

  /** What somebody on another machine has to know; null if nobody needs one, or can know it. */
  public AccessToken token() {
    return token;
  }

  /** Stops at once; answers under way are cut. */
  @Override
  public void close() {
    AdminLoop running = loop;
    loop = null;
    if (running != null) {
      running.close();
    }
  }
}
