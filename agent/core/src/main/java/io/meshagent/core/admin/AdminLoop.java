package io.meshagent.core.admin;

import io.meshagent.core.admin.AdminConnection.Phase;
import io.meshagent.core.log.Log;
import io.meshagent.core.run.AgentThreads;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Accepts, reads and writes for all clients of the page on one daemon thread, which never waits for
 * any of them; the pages are made on a few others, which end when there is nothing to do.
 *
 * <p>The file descriptors are the program's. So there is a bound on connections: beyond it the one
 * goes that has got nowhere for the longest. And nobody may take for ever over a request, an answer
 * or the end.
 */
final class AdminLoop implements AutoCloseable {

  /** In one turn, so that whoever has said something is heard before others take its place. */
  private static final int MOST_ACCEPTED = 16;

  private static final int THREADS = 3;

  /** How often time limits are looked at, and how soon after a failure the next try comes. */
  private static final long TURN_MILLIS = 100;

  private static final long LEAVE_MILLIS = 1_000;

  private final ServerSocketChannel listener;
  private final Selector selector;
  private final PageHandler pages;
  private final AdminConnections connections;
  private final ThreadPoolExecutor threads;
  private final AdminStreams streams;
  private final Thread thread = AgentThreads.newThread("admin", this::run);

  private final Queue<Runnable> made = new ConcurrentLinkedQueue<>();

  /** For the loop's thread: there is no file descriptor to accept anybody with. */
  private boolean accepting = true;

  private long acceptAgainAt;

  /** Volatile: set by whoever closes. */
  private volatile boolean closed;

  /**
   * @param listener bound; closed with the loop
   * @param patienceNanos see {@link AdminConnections}
   */
  AdminLoop(ServerSocketChannel listener, PageHandler pages, long patienceNanos)
      throws IOException {
    this.listener = listener;
    this.pages = pages;
    this.connections = new AdminConnections(patienceNanos);
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            // Bounded by the connections, each of which has one request at a time.
            new LinkedBlockingQueue<>(),
            AgentThreads.named("admin-page"));
    threads.allowCoreThreadTimeOut(true);
    this.streams = new AdminStreams(connections, threads, this::soon, this::tell);
    this.selector = Selector.open();
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed && listener.isOpen()) {
        try {
          turn();
        } catch (IOException | RuntimeException | Error e) {
          Log.warnOnce("admin loop", "the admin page begins anew after a failure: " + e);
          connections.closeAll();
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS));
        }
      }
    } finally {
      connections.closeAll();
      closeQuietly(listener);
      closeQuietly(selector);
    }
  }

  private static void closeQuietly(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      Log.debug("The admin page could not be closed: " + e);
    }
  }

  private void turn() throws IOException {
    // Who interrupts all threads of the JVM means none of ours; a selector would never wait again.
    boolean unused = Thread.interrupted();
    selector.select(connections.isEmpty() && accepting ? 0 : TURN_MILLIS);
    for (Runnable each = made.poll(); each != null; each = made.poll()) {
      each.run();
    }
    boolean anybody = false;
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.attachment() == null) {
        anybody = true;
      } else {
        AdminConnection connection = (AdminConnection) key.attachment();
        attempt(connection, () -> goOn(connection));
      }
    }
    selector.selectedKeys().clear();
    connections.closeLate();
    streams.look();
    if (anybody) {
      accept();
    } else if (!accepting && System.nanoTime() - acceptAgainAt >= 0) {
      accepting = true;
      listener.keyFor(selector).interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  /** What goes wrong with one client is nobody else's. */
  private void attempt(AdminConnection connection, Step step) {
    try {
      step.run();
    } catch (IOException | CancelledKeyException e) {
      connections.close(connection);
    } catch (RuntimeException | Error e) {
      connections.close(connection);
      if (!closed) {
        Log.warnOnce("admin connection", "a connection to the admin page has failed: " + e);
      }
    }
  }

  private void accept() {
    try {
      for (int i = 0; i < MOST_ACCEPTED; i++) {
        SocketChannel channel = listener.accept();
        if (channel == null) {
          return;
        }
        if (connections.makeRoom()) {
          welcome(channel);
        } else {
          channel.close();
        }
      }
    } catch (IOException e) {
      Log.debug("The admin page cannot accept a connection just now: " + e);
      boolean unused = connections.closeFirst();
      accepting = false;
      acceptAgainAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS);
      listener.keyFor(selector).interestOps(0);
    }
  }

  private void welcome(SocketChannel channel) {
    boolean welcome = false;
    try {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      AdminConnection connection = new AdminConnection(channel, key, System.nanoTime());
      key.attach(connection);
      connections.add(connection);
      welcome = true;
    } catch (IOException e) {
      Log.debug("A connection to the admin page was lost at once: " + e);
    } finally {
      if (!welcome) {
        closeQuietly(channel);
      }
    }
  }

  /** The client has sent something, or has room for more of its answer. */
  private void goOn(AdminConnection connection) throws IOException {
    switch (connection.phase()) {
      case WRITING:
        write(connection);
        break;
      case LEAVING:
      case STREAMING:
        if (!connection.discard()) {
          connections.close(connection);
        }
        break;
      default:
        if (connection.read()) {
          take(connection);
        } else {
          connections.close(connection);
        }
    }
  }

  private void take(AdminConnection connection) throws IOException {
    if (connection.isExpecting()) {
      takeBody(connection);
      return;
    }
    String head = connection.nextHead();
    if (head != null) {
      Request request = Request.parse(head);
      int body = request == null ? 0 : pages.bodyToRead(request, connection.isLocal());
      if (request == null) {
        answer(connection, problem(400, "This is no request that is understood here."));
      } else if (body > 0) {
        connections.begin(connection, Phase.READING, SelectionKey.OP_READ);
        connection.expect(request, body);
        takeBody(connection);
      } else {
        makeLater(connection, request);
      }
    } else if (connection.isFull()) {
      answer(connection, problem(431, "The headers of this request are too long."));
    } else if (connection.phase() == Phase.IDLE && connection.hasMore()) {
      connections.begin(connection, Phase.READING, SelectionKey.OP_READ);
    }
  }

  private void takeBody(AdminConnection connection) {
    Request whole = connection.whole();
    if (whole != null) {
      makeLater(connection, whole);
    }
  }

  private void makeLater(AdminConnection connection, Request request) {
    connections.begin(connection, Phase.ANSWERING, 0);
    threads.execute(() -> make(connection, request));
  }

  private static Response problem(int status, String sentence) {
    return Response.of(PageReply.sentence(status, sentence), false, true);
  }

  /** On a page's thread. */
  private void make(AdminConnection connection, Request request) {
    Response response = null;
    try {
      response = pages.handle(request, connection.isLocal());
    } finally {
      Response whole = response;
      soon(
          () -> {
            if (whole == null || !connections.contains(connection)) {
              connections.close(connection);
            } else {
              attempt(connection, () -> answer(connection, whole));
            }
          });
    }
  }

  /** On any thread: has the loop do it. */
  private void soon(Runnable task) {
    made.add(task);
    selector.wakeup();
  }

  /** Events are to be written. */
  private void tell(AdminConnection connection) {
    connections.begin(connection, Phase.WRITING, SelectionKey.OP_WRITE);
    attempt(connection, () -> write(connection));
  }

  private void answer(AdminConnection connection, Response response) throws IOException {
    connections.makeRoomForAnswer();
    if (response.feed() == null) {
      connection.send(response);
    } else if (streams.hasRoom()) {
      connection.send(response);
      streams.begin(response.feed());
    } else {
      connection.send(Response.noMoreStreams());
    }
    connections.begin(connection, Phase.WRITING, SelectionKey.OP_WRITE);
    write(connection);
  }

  private void write(AdminConnection connection) throws IOException {
    if (!connection.write()) {
      return;
    }
    boolean last = connection.written();
    if (connection.isStream()) {
      connections.begin(connection, Phase.STREAMING, SelectionKey.OP_READ);
    } else if (last) {
      connection.leave();
      connections.begin(connection, Phase.LEAVING, SelectionKey.OP_READ);
    } else {
      connections.begin(connection, Phase.IDLE, SelectionKey.OP_READ);
      take(connection);
    }
  }

  /** Cuts what is under way. The port is free when this returns. */
  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    selector.wakeup();
    try {
      thread.join(LEAVE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
