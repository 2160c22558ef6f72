package io.meshagent.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminServerTest {

  private static final String HALF_A_REQUEST = "GET /metrics HTTP/1.1\r\nHost: loc";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final List<AdminServer> servers = new ArrayList<>();

  @AfterEach
  void close() {
    servers.forEach(AdminServer::close);
  }

  @Test
  void serves_metrics_health_and_the_mesh() throws Exception {
    int port = started(0);

    HttpResponse<String> metrics = get(port, "/metrics");
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.body()).isEqualTo("up 1\n");
    assertThat(metrics.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(get(port, "/health").body()).isEqualTo("ok\n");
    HttpResponse<String> mesh = get(port, "/mesh");
    assertThat(mesh.headers().firstValue("Content-Type"))
        .hasValue("application/json; charset=utf-8");
    assertThat(mesh.body()).contains("\"application\": \"grüße\"");
    assertThat(get(port, "/history").body()).contains("\"seconds\": 5");
    assertThat(get(port, "/events").body()).contains("one");
    HttpResponse<String> page = get(port, "/plain");
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(page.body()).contains("grüße");
  }

  @Test
  void the_page_needs_nothing_from_elsewhere() throws Exception {
    int port = started(0);

    HttpResponse<String> page = get(port, "/");

    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).contains("default-src 'none'", "script-src 'self'"));
    List<String> files =
        Pattern.compile("(?:src|rel=\"stylesheet\" href)=\"([^\"]+)\"")
            .matcher(page.body())
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(files)
        .containsExactlyInAnyOrder("page.css", "elements.js", "charts.js", "explain.js", "page.js");
    for (String file : files) {
      HttpResponse<String> answer = get(port, "/" + file);
      assertThat(answer.statusCode()).as(file).isEqualTo(200);
      assertThat(answer.body()).as(file).doesNotContain("https://", "innerHTML");
    }
  }

  @Test
  void names_its_pages_where_there_is_none() throws Exception {
    HttpResponse<String> answer = get(started(0), "/metrics/more");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("/health", "/mesh", "/metrics");
  }

  @Test
  void hands_the_query_on() throws Exception {
    assertThat(get(started(0), "/echo?a=1%202").body()).isEqualTo("a=1%202\n");
    assertThat(get(started(0), "/echo").body()).isEqualTo("\n");
  }

  @Test
  void metrics_come_in_the_format_that_is_asked_for() throws Exception {
    HttpResponse<String> answer =
        send(
            request(started(0), "/metrics")
                .header("Accept", "application/openmetrics-text;version=1.0.0"));

    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("application/openmetrics-text;version=1.0.0");
  }

  @Test
  void compresses_what_is_worth_it_for_who_takes_it() throws Exception {
    int port = started(0);
    HttpResponse<byte[]> large =
        client.send(
            request(port, "/large").header("Accept-Encoding", "deflate, gzip;q=0.5").build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(large.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(large.headers().firstValue("Vary")).hasValue("Accept-Encoding");
    assertThat(large.body()).hasSizeLessThan(200_000);
    try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(large.body()))) {
      assertThat(plain.readAllBytes()).hasSize(20_000_001);
    }
    HttpResponse<String> small = send(request(port, "/metrics").header("Accept-Encoding", "gzip"));
    assertThat(small.headers().firstValue("Content-Encoding")).isEmpty();
    HttpResponse<String> never =
        send(request(port, "/large").header("Accept-Encoding", "gzip;q=0, identity"));
    assertThat(never.headers().firstValue("Content-Encoding")).isEmpty();
  }

  @Test
  void answers_head_without_a_body() throws Exception {
    HttpResponse<String> answer =
        send(request(started(0), "/metrics").method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Content-Length")).hasValue("5");
  }

  @Test
  void refuses_other_methods() throws Exception {
    HttpResponse<String> answer =
        send(request(started(0), "/mesh").POST(HttpRequest.BodyPublishers.ofString("x")));

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @Test
  void says_in_a_sentence_that_a_page_failed() throws Exception {
    HttpResponse<String> answer = get(started(0), "/broken");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("could not be made")
        .contains("no luck")
        .doesNotContain("\tat");
  }

  @Test
  void refuses_foreign_names_on_loopback() throws Exception {
    int port = started(0);

    assertThat(statusForHost(port, "evil.example:" + port)).contains(" 403 ");
    assertThat(statusForHost(port, "localhost:" + port)).contains(" 200 ");
  }

  @ParameterizedTest
  @CsvSource({
    "/mesh,cross-site,403",
    "/mesh,same-site,403",
    "/mesh,same-origin,200",
    "/mesh,none,200",
    "/,cross-site,200"
  })
  void pages_of_other_web_sites_get_nothing(String path, String site, int status) throws Exception {
    HttpRequest.Builder request = request(started(0), path).header("Sec-Fetch-Site", site);
    assertThat(send(request).statusCode()).isEqualTo(status);
  }

  @Test
  void takes_any_port_and_not_the_next_one_when_its_own_is_taken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = started(taken.getLocalPort());

      assertThat(port).isPositive().isNotEqualTo(taken.getLocalPort());
      assertThat(get(port, "/health").body()).isEqualTo("ok\n");
    }
  }

  @Test
  void does_without_a_page_where_nothing_can_be_bound() {
    assertThat(server("[no-address", 0).start()).isEmpty();
    assertThat(server("192.0.2.1", 0).start()).isEmpty();
    assertThat(server("127.0.0.1", 70_000).start()).isEmpty();
  }

  @Test
  void uses_daemon_threads_only() throws Exception {
    List<Thread> before = List.copyOf(Thread.getAllStackTraces().keySet());

    assertThat(statusForHost(started(0), "localhost")).contains(" 200 ");

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !before.contains(thread))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }

  @Test
  void frees_its_port_when_closed() throws Exception {
    AdminServer server = server("127.0.0.1", 0);
    int port = server.start().getAsInt();
    server.close();
    server.close();

    try (ServerSocket again = new ServerSocket()) {
      again.setReuseAddress(true);
      again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void gives_up_on_clients_that_stop_halfway() throws Exception {
    int port = server("127.0.0.1", 0, Duration.ofMillis(300)).start().getAsInt();
    List<Socket> stuck = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        stuck.add(sent(port, ""));
        stuck.add(sent(port, HALF_A_REQUEST));
        stuck.add(
            sent(port, "GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
      }
      // On a busy machine this client may itself be slower than it is given time for.
      await()
          .ignoreException(IOException.class)
          .untilAsserted(() -> assertThat(get(port, "/health").body()).isEqualTo("ok\n"));

      stuck.add(sent(port, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"));
      for (Socket each : stuck) {
        await().until(() -> isClosed(each));
      }
      await()
          .ignoreException(IOException.class)
          .untilAsserted(() -> assertThat(get(port, "/health").body()).isEqualTo("ok\n"));
    } finally {
      for (Socket each : stuck) {
        each.close();
      }
    }
  }

  @Test
  void closes_those_that_are_silent_for_longest_when_there_are_too_many() throws Exception {
    int port = server("127.0.0.1", 0, Duration.ofMinutes(5)).start().getAsInt();
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < AdminConnections.MOST + 6; i++) {
        silent.add(sent(port, i % 2 == 0 ? HALF_A_REQUEST : ""));
      }
      await().until(() -> closed(silent.subList(0, 6)) == 6);
      assertThat(closed(silent)).isEqualTo(6);

      assertThat(get(port, "/health").body()).isEqualTo("ok\n");
      await().until(() -> closed(silent.subList(0, 7)) == 7);
    } finally {
      for (Socket each : silent) {
        each.close();
      }
    }
  }

  @Test
  void has_few_answers_in_memory_for_those_that_do_not_read_them() throws Exception {
    int port = server("127.0.0.1", 0, Duration.ofMinutes(5)).start().getAsInt();
    List<Socket> stuck = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        stuck.add(sent(port, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        assertThat(stuck.get(i).getInputStream().read()).isEqualTo('H');
      }
      await().until(() -> closed(stuck.subList(0, 4)) == 4);
      assertThat(get(port, "/health").body()).isEqualTo("ok\n");
    } finally {
      for (Socket each : stuck) {
        each.close();
      }
    }
  }

  @Test
  void answers_one_request_after_the_other_on_a_connection() throws Exception {
    String request = "GET /health HTTP/1.1\r\nHost: localhost\r\n";
    try (Socket socket =
        sent(started(0), request + "\r\n\r\n" + request + "Connection: close\r\n\r\n")) {
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(all.split("HTTP/1.1 200 OK", -1)).hasSize(3);
      assertThat(all.split("Connection: close", -1)).hasSize(2);
      assertThat(all)
          .containsPattern("Date: [A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} [0-9:]{8} GMT");
    }
  }

  @Test
  void tells_what_it_does_not_understand() throws Exception {
    int port = started(0);

    assertThat(said(port, "HELLO\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(said(port, "GET / HTTP/2.0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(said(port, "GET /|^ HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(said(port, "GET / HTTP/1.1\r\nno header\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(said(port, "GET / HTTP/1.1\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(said(port, "GET /health HTTP/1.0\nHost: localhost\n\n"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("ok\n");
    assertThat(said(port, "OPTIONS * HTTP/1.0\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ");
  }

  private static String said(int port, String request) throws IOException {
    try (Socket socket = sent(port, request)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Socket sent(int port, String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static int closed(List<Socket> sockets) throws IOException {
    int closed = 0;
    for (Socket each : sockets) {
      if (isClosed(each)) {
        closed++;
      }
    }
    return closed;
  }

  /** By the other side. What it has sent before is read. */
  private static boolean isClosed(Socket socket) throws IOException {
    socket.setSoTimeout(1);
    try {
      return socket.getInputStream().readAllBytes() != null;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  private int started(int port) {
    OptionalInt bound = server("127.0.0.1", port).start();
    assertThat(bound).isPresent();
    return bound.getAsInt();
  }

  private AdminServer server(String host, int port) {
    return server(host, port, Duration.ofSeconds(10));
  }

  private static Map<String, Object> explained(String query) {
    if (query.isEmpty()) {
      throw new IllegalArgumentException("Name a method.");
    }
    return Map.of("asked", query);
  }

  private AdminServer server(String host, int port, Duration patience) {
    Map<String, Page> pages =
        new TreeMap<>(
            AdminPages.of(
                (accept, writer) -> {
                  writer.write("up 1\n");
                  return accept == null ? "text/plain; version=0.0.4; charset=utf-8" : accept;
                },
                () -> Map.of("application", "grüße"),
                () -> Map.of("seconds", 5),
                () -> Map.of("events", List.of("one")),
                AdminServerTest::explained));
    pages.put("/echo", query -> PageReply.sentence(200, query));
    pages.put("/large", query -> PageReply.sentence(200, "x".repeat(20_000_000)));
    pages.put(
        "/broken",
        query -> {
          throw new IllegalStateException("no luck");
        });
    AdminServer server = new AdminServer(host, port, pages, patience.toNanos());
    servers.add(server);
    return server;
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return send(request(port, path));
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** By hand, because the JDK's client does not let one choose the Host header. */
  private static String statusForHost(int port, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
    }
  }
}
