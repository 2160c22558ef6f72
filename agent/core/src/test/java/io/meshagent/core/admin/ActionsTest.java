package io.meshagent.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent to the server reaches who takes it, within bounds. */
class ActionsTest {

  @AutoClose
  private final AdminServer server =
      new AdminServer(
          "127.0.0.1",
          0,
          Map.of("/", query -> PageReply.sentence(200, "page")),
          Map.of("/do", (token, body) -> PageReply.sentence(200, token + " " + body.length())));

  private int port;

  @BeforeEach
  void start() {
    port = server.start().getAsInt();
  }

  private String said(String... parts) throws IOException, InterruptedException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      for (String part : parts) {
        socket.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String head(String method, String path, long length) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nMesh-Token: t\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  @Test
  void a_body_is_taken_whole_in_however_many_parts_it_comes() throws Exception {
    assertThat(said(head("POST", "/do", 3) + "abc")).contains(" 200 ").endsWith("t 3\n");
    String large = "x".repeat(99_999);
    assertThat(said(head("POST", "/do", 100_000), "x", large)).endsWith("t 100000\n");
    assertThat(said(head("POST", "/do", 100_000) + "x", large + "more")).endsWith("t 100000\n");
    assertThat(said("POST /do HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .endsWith(" 0\n");
  }

  @Test
  void what_is_too_long_or_of_no_known_length_is_refused() throws Exception {
    assertThat(said(head("POST", "/do", Action.MOST_BODY_BYTES + 1))).contains(" 413 ");
    assertThat(
            said("POST /do HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"))
        .contains(" 413 ");
    assertThat(said(head("POST", "/do", -1))).contains(" 413 ");
  }

  @Test
  void only_who_calls_it_by_its_name_and_right_may_do_it() throws Exception {
    assertThat(said(head("POST", "/do", 3).replace("localhost", "evil.example") + "abc"))
        .contains(" 403 ");
    assertThat(said(head("POST", "/", 3) + "abc")).contains(" 405 ");
    assertThat(said(head("GET", "/do", 3) + "abc")).contains(" 404 ");
  }
}
