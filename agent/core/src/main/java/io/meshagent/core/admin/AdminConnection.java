package io.meshagent.core.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One client of the page, from its connection to its end: one request after the other. Confined to
 * the thread of {@link AdminLoop}; nothing here waits.
 */
final class AdminConnection {

  /** What it is in the middle of. */
  enum Phase {
    /** Between two requests. */
    IDLE,
    /** Its request is not complete: that is what silent and slow clients are. */
    READING,
    /** Its page is made, on another thread. */
    ANSWERING,
    /** The answer is not all written. */
    WRITING,
    /** It is told of changes, and waits for the next. */
    STREAMING,
    /** All is said; the client may still be sending, and is to have read before it is cut off. */
    LEAVING
  }

  private static final int MOST_HEAD_BYTES = 16_384;

  private final SocketChannel channel;
  private final boolean local;
  private final SelectionKey key;
  private final ByteBuffer in = ByteBuffer.allocate(MOST_HEAD_BYTES);

  /** Whose body is being read; null if none is. */
  private Request incomplete;

  /** As much of it as has come. */
  private ByteBuffer body;

  private Phase phase = Phase.READING;
  private long since;

  /** Null but while it is written. */
  private Response response;

  /** Whether its answer has no end. */
  private boolean stream;

  /** The number of the events that it was told last. */
  private long told;

  /**
   * @throws IOException if nobody is at its other end any more
   */
  AdminConnection(SocketChannel channel, SelectionKey key, long now) throws IOException {
    SocketAddress other = channel.getRemoteAddress();
    this.local =
        other instanceof InetSocketAddress
            && ((InetSocketAddress) other).getAddress().isLoopbackAddress();
    this.channel = channel;
    this.key = key;
    this.since = now;
  }

  /** Whether it comes over loopback, that is, from this machine. */
  boolean isLocal() {
    return local;
  }

  Phase phase() {
    return phase;
  }

  /** When the phase began. */
  long since() {
    return since;
  }

  void begin(Phase next, int operations, long now) {
    phase = next;
    since = now;
    key.interestOps(operations);
  }

  /**
   * Takes in what there is.
   *
   * @return false if the client has closed its side
   */
  boolean read() throws IOException {
    return channel.read(in) >= 0;
  }

  /** Takes the head of the next request out of what was read; null if it is not complete. */
  String nextHead() {
    int start = 0;
    byte[] bytes = in.array();
    // Some clients end a body with a line too many.
    while (start < in.position() && (bytes[start] == '\r' || bytes[start] == '\n')) {
      start++;
    }
    for (int i = start; i < in.position(); i++) {
      int end = endOfHead(bytes, i, in.position());
      if (end > 0) {
        String head = new String(bytes, start, i - start, StandardCharsets.ISO_8859_1);
        byte[] rest = Arrays.copyOfRange(bytes, end, in.position());
        in.clear();
        in.put(rest);
        return head;
      }
    }
    return null;
  }

  /** Where the empty line that begins here ends; 0 if none does. */
  private static int endOfHead(byte[] bytes, int at, int length) {
    int next = at;
    for (int line = 0; line < 2; line++) {
      next += next < length && bytes[next] == '\r' ? 1 : 0;
      if (next >= length || bytes[next] != '\n') {
        return 0;
      }
      next++;
    }
    return next;
  }

  /** So many bytes follow before the request is whole. */
  void expect(Request request, int bytes) {
    incomplete = request;
    body = ByteBuffer.allocate(bytes);
  }

  boolean isExpecting() {
    return incomplete != null;
  }

  /** The request with its body, of what was read; null if more of that has to come. */
  Request whole() {
    in.flip();
    ByteBuffer next = in.slice();
    next.limit(Math.min(in.remaining(), body.remaining()));
    in.position(in.position() + next.remaining());
    body.put(next);
    in.compact();
    if (body.hasRemaining()) {
      return null;
    }
    Request whole = incomplete.withBody(new String(body.array(), StandardCharsets.UTF_8));
    incomplete = null;
    body = null;
    return whole;
  }

  boolean isFull() {
    return !in.hasRemaining();
  }

  boolean hasMore() {
    return in.position() > 0;
  }

  void send(Response next) {
    response = next;
    stream |= next.feed() != null;
  }

  boolean isStream() {
    return stream;
  }

  /** The number of what it was told; 0 for nothing. */
  long told() {
    return told;
  }

  /** Is to be written next, up to that number. */
  void tell(Response events, long number) {
    response = events;
    told = number;
  }

  /** Writes what goes through now; true when that was all. */
  boolean write() throws IOException {
    ByteBuffer[] bytes = response.bytes();
    while (bytes[0].hasRemaining() || bytes[1].hasRemaining()) {
      if (channel.write(bytes) == 0) {
        return false;
      }
    }
    return true;
  }

  /** The answer is written: whether the connection ends with it. */
  boolean written() {
    boolean last = response.isLast();
    response = null;
    return last;
  }

  /** Says that nothing follows. */
  void leave() throws IOException {
    channel.shutdownOutput();
    in.clear();
  }

  /** Takes in what the client still says, for nobody. */
  boolean discard() throws IOException {
    in.clear();
    return read();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is closed for us.
    }
  }
}
