package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Surroundings;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever can reach the admin port can't take from the program what it needs to serve. */
class AdminPortIT {

  private static final int OPEN_FILES = 512;
  private static final int SILENT = 2_000;
  private static final int SLOW = 200;
  private static final int IDLE = 500;
  private static final int ROUNDS = 10;
  private static final String CUT_OFF = "cut off";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);
  private final List<SocketChannel> callers = new ArrayList<>();

  @AfterEach
  void hangUp() throws IOException {
    for (SocketChannel each : callers) {
      each.close();
    }
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = 17)
  @ThoroughRows("8")
  void silent_and_slow_connections_take_no_file_descriptors_from_the_program(int jdk)
      throws IOException {
    world.with(Classpaths.MIDDLE, jdk);
    Jvm server = world.flakyServer("a").in(Surroundings.openFiles(OPEN_FILES)).start();
    server.awaitPort();
    URI admin = URI.create(server.admin());
    long before = openFiles(server);

    for (int i = 0; i < SILENT; i++) {
      call(admin);
    }
    List<SocketChannel> slow = new ArrayList<>();
    for (int i = 0; i < SLOW; i++) {
      slow.add(call(admin));
    }
    say(slow, "GET /metrics HTTP/1.1\r\nHost: ");

    // A client that comes now needs new connections of the server.
    Jvm client = world.loadClient().start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=50").okBy())
        .as(() -> server.described("calls beside them"))
        .isEqualTo(Map.of("a", 50));
    say(slow, "127");
    assertThat(openFiles(server) - before).as("file descriptors").isLessThan(OPEN_FILES / 4);
    assertThat(server.metrics().sum("grpc_server_call_started_total")).isEqualTo(50);
    hangUp();
    assertThat(server.metrics().sum("grpc_server_call_started_total")).isEqualTo(50);
    await("nothing is kept").atMost(Jvm.PATIENCE).until(() -> openFiles(server) - before < 10);
  }

  @Test
  void all_attacks_at_once_stop_no_call_and_no_look_and_change_nothing() throws IOException {
    Jvm server = world.flakyServer("a").in(Surroundings.openFiles(OPEN_FILES)).start();
    server.awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(1);
    URI admin = URI.create(server.admin());
    String settings = settings(server);
    Map<String, EtcdKeys.Entry> entries = ETCD.keys().get("/");
    client.say("begin rate=100");

    for (int i = 0; i < IDLE; i++) {
      call(admin);
    }
    List<SocketChannel> slow = new ArrayList<>();
    for (int i = 0; i < SLOW; i++) {
      slow.add(call(admin));
      say(slow.subList(i, i + 1), "GET /metrics HTTP/1.1\r\nHost: ");
    }
    for (int round = 0; round < ROUNDS; round++) {
      say(slow, "1");
      assertThat(status(admin, "GET / HTTP/1.1\r\nX: " + "x".repeat(65_536) + "\r\n\r\n"))
          .isIn("431", CUT_OFF);
      assertThat(status(admin, "\u0016\u0003\u0001 no words of HTTP\r\n\r\n")).isEqualTo("400");
      assertThat(status(admin, "GET /mesh HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
          .isEqualTo("403");
      for (String order : List.of("POST /mesh", "PUT /", "DELETE /metrics", "POST /api/document")) {
        assertThat(
                status(
                    admin,
                    order
                        + " HTTP/1.1\r\nHost: localhost\r\nMesh-Token: forged\r\n"
                        + "Authorization: Bearer forged\r\nCookie: token=forged\r\n"
                        + "Content-Length: 12\r\n\r\nenabled=false"))
            .as(order)
            .isEqualTo("405");
      }
      assertThat(Metrics.get(server.admin() + "/")).as("the page").contains("<html");
    }

    LoadResult calls = client.load("end");
    assertThat(calls.failures()).as(() -> server.described(calls.toString())).isZero();
    assertThat(calls.ok()).isPositive();
    assertThat(settings(server)).isEqualTo(settings);
    assertThat(ETCD.keys().get("/")).isEqualTo(entries);
  }

  private static String settings(Jvm jvm) {
    return JsonParser.parseString(Metrics.get(jvm.admin() + "/mesh"))
        .getAsJsonObject()
        .get("settings")
        .toString();
  }

  /** What a request is answered with, or that the connection ended before the answer was read. */
  private static String status(URI admin, String request) {
    try (Socket socket = new Socket(admin.getHost(), admin.getPort())) {
      socket.setSoTimeout((int) Jvm.PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      byte[] begin = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      String line = new String(begin, StandardCharsets.ISO_8859_1);
      return line.isEmpty() ? CUT_OFF : line.substring(line.indexOf(' ') + 1);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("nobody answers " + request.lines().findFirst(), e);
    } catch (IOException e) {
      return CUT_OFF;
    }
  }

  /** Does not wait for the connection, which a server without file descriptors never takes. */
  private SocketChannel call(URI admin) throws IOException {
    SocketChannel channel = SocketChannel.open();
    callers.add(channel);
    channel.configureBlocking(false);
    channel.connect(new InetSocketAddress(admin.getHost(), admin.getPort()));
    return channel;
  }

  /** Some have been closed by then, which is what this is about. */
  private static void say(List<SocketChannel> callers, String part) {
    for (SocketChannel each : callers) {
      try {
        if (each.finishConnect()) {
          each.write(ByteBuffer.wrap(part.getBytes(StandardCharsets.US_ASCII)));
        }
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private static long openFiles(Jvm jvm) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + jvm.pid() + "/fd"))) {
      return files.count();
    }
  }
}
