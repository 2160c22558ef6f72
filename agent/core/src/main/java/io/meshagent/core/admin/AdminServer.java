package io.meshagent.core.admin;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import io.meshagent.core.engine.AgentThreads;
import io.meshagent.core.log.Log;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * The JVM's admin page, on the JDK's HTTP server. Started and closed by the engine on a thread of
 * its own; {@link #start} waits for the port to be bound, never for anybody outside. If there can
 * be no page, one line says so and the program runs without.
 */
public final class AdminServer implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String host;
  private final int port;
  private final Map<String, Page> pages;
  private final Instrumentation instrumentation;
  private final long patienceNanos;

  /** Volatile: closed by another thread than it was started by. */
  private volatile HttpServer server;

  /** Volatile: as the server. */
  private volatile AdminThreads threads;

  /**
   * @param host the name or address to listen on
   * @param port the port to listen on, or any if it is taken; 0 for any
   * @param pages by path, {@code /metrics}; copied
   * @param instrumentation for what the JDK keeps to itself
   */
  public AdminServer(
      String host, int port, Map<String, Page> pages, Instrumentation instrumentation) {
    this(host, port, pages, instrumentation, PATIENCE_NANOS);
  }

  /** For tests, which have less patience. */
  AdminServer(
      String host,
      int port,
      Map<String, Page> pages,
      Instrumentation instrumentation,
      long patienceNanos) {
    this.patienceNanos = patienceNanos;
    this.host = host;
    this.port = port;
    this.pages = pages;
    this.instrumentation = instrumentation;
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
      HttpServer bound = bind(first);
      boolean loopback = bound.getAddress().getAddress().isLoopbackAddress();
      HttpContext page = bound.createContext("/", new PageHandler(pages, loopback));
      // OpenTelemetry's agent adds one to every context: each scrape would be a trace of the
      // program's.
      page.getFilters().clear();
      threads = new AdminThreads(patienceNanos);
      bound.setExecutor(threads);
      startOnDaemon(bound);
      server = bound;
      return OptionalInt.of(bound.getAddress().getPort());
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

  /** A neighbour of a port that is taken may be the one that the program is about to use. */
  private HttpServer bind(InetSocketAddress first) throws IOException {
    JdkHttpServer servers = new JdkHttpServer(instrumentation);
    try {
      return servers.bind(first);
    } catch (BindException e) {
      if (first.getPort() == 0) {
        throw e;
      }
      return servers.bind(new InetSocketAddress(first.getAddress(), 0));
    }
  }

  /** The server's dispatcher is a daemon only if the thread that starts it is one. */
  private static void startOnDaemon(HttpServer server) {
    Thread starter = AgentThreads.newThread("admin-start", server::start);
    starter.start();
    try {
      starter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops at once; answers under way are cut. */
  @Override
  public void close() {
    HttpServer running = server;
    server = null;
    if (running != null) {
      running.stop(0);
      threads.close();
    }
  }
}
