package io.meshagent.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever looks at the page is told of changes, over few connections and without threads. */
class StreamsTest {

  private static final int PATIENCE_MILLIS = 20_000;

  private final AtomicInteger looks = new AtomicInteger();
  private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
  private AdminServer server;
  private int port;

  @BeforeEach
  void start() {
    Map<String, Page> pages =
        new TreeMap<>(
            AdminPages.of(
                (accept, writer) -> {
                  writer.write("up 1\n");
                  return "text/plain";
                },
                () -> Collections.singletonMap("look", looks.incrementAndGet()),
                () -> Collections.singletonMap("seconds", 5),
                () -> Collections.singletonMap("events", "one"),
                query -> Collections.emptyMap()));
    server = new AdminServer("127.0.0.1", 0, pages);
    port = server.start().getAsInt();
  }

  @AfterEach
  void close() throws IOException {
    for (Socket each : sockets) {
      each.close();
    }
    server.close();
  }

  private BufferedReader ask(String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(socket);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket
        .getOutputStream()
        .write((request + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String next(BufferedReader stream, String part) throws IOException {
    for (String line = stream.readLine(); line != null; line = stream.readLine()) {
      if (line.contains(part)) {
        return line;
      }
    }
    throw new AssertionError("ended before " + part);
  }

  @Test
  void all_is_told_at_once_and_then_each_change() throws Exception {
    BufferedReader stream = ask("GET /stream");

    assertThat(stream.readLine()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(next(stream, "Content-Type")).contains("text/event-stream");
    assertThat(next(stream, "event: ")).isEqualTo("event: mesh");
    assertThat(next(stream, "look")).contains("1");
    assertThat(next(stream, "event: ")).isEqualTo("event: history");
    assertThat(next(stream, "event: ")).isEqualTo("event: events");
    assertThat(next(stream, "event: ")).isEqualTo("event: mesh");
    assertThat(next(stream, "look")).contains("2");
  }

  @Test
  void there_are_few_and_who_leaves_makes_room() throws Exception {
    for (int i = 0; i < AdminStreams.MOST; i++) {
      assertThat(next(ask("GET /stream"), "event: ")).isEqualTo("event: mesh");
    }
    assertThat(ask("GET /stream").readLine()).isEqualTo("HTTP/1.1 204 No Content");
    assertThat(ask("GET /health").readLine()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(ask("HEAD /stream").readLine()).isEqualTo("HTTP/1.1 200 OK");

    sockets.get(0).close();

    await("one more").until(() -> ask("GET /stream").readLine().equals("HTTP/1.1 200 OK"));
  }

  @Test
  void silent_connections_take_nothing_from_them() throws Exception {
    BufferedReader stream = ask("GET /stream");
    String unused = next(stream, "event: events");
    for (int i = 0; i < AdminConnections.MOST - 1; i++) {
      sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
    }
    unused = next(stream, "event: mesh");
    for (int i = 0; i < AdminConnections.MOST / 2; i++) {
      sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    assertThat(next(stream, "event: ")).isEqualTo("event: mesh");
  }

  @Test
  void nothing_is_looked_at_for_nobody_and_all_end_with_the_server() throws Exception {
    BufferedReader stream = ask("GET /stream");
    String unused = next(stream, "event: events");

    server.close();

    assertThat(ended(stream)).isTrue();
    assertThat(looks.get()).isEqualTo(1);
  }

  private static boolean ended(BufferedReader stream) {
    try {
      String line = stream.readLine();
      while (line != null) {
        line = stream.readLine();
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
