package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Certificates;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdCtl;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code java -jar mesh-agent.jar check …} finds what is wrong with a set-up before the program
 * does, names the cure, is done in time, and leaves nothing behind.
 */
class CheckIT {

  private static final Scenario ROW = Scenario.of("check, twelve faults");
  private static final long MOST_MILLIS = 5_000;
  private static final String SECRET = "s3cret-" + CheckIT.class.getSimpleName();
  private static final String ALL = "/services/";
  private static final Certificates RIGHT = Certificates.of("one");

  /** With users and TLS, as it should be. */
  private static EtcdServer etcd;

  private static EtcdCtl root;

  private final Path folder = Places.newDirectory("check");
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void start() {
    // Passwords are hashed with the least effort: a busy machine would not hear of its leader.
    List<String> flags = new ArrayList<>(List.of(RIGHT.etcdFlags()));
    flags.add("--bcrypt-cost=4");
    etcd = EtcdServer.start(flags.toArray(String[]::new));
    EtcdCtl ctl = etcd.ctl(RIGHT.ctlFlags());
    // One who may only read, and one who may do nothing; all have one password.
    ctl.run("role", "add", "reader");
    ctl.run("role", "grant-permission", "reader", "read", "--prefix=true", ALL);
    ctl.run("role", "grant-permission", "reader", "readwrite", "--prefix=true", "/mesh/");
    ctl.run("role", "add", "one");
    ctl.run("role", "grant-permission", "one", "readwrite", "--prefix=true", ALL + "a.Service/");
    for (String user : List.of("reader", "one", "stranger")) {
      ctl.run("user", "add", user + ":" + SECRET);
    }
    ctl.run("user", "grant-role", "reader", "reader");
    ctl.run("user", "grant-role", "one", "reader");
    ctl.run("user", "grant-role", "one", "one");
    root = ctl.withUsers(SECRET, "readwrite", ALL);
  }

  @AfterAll
  static void stop() {
    etcd.close();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  /** A set-up in which nothing is wrong, for a test to spoil. */
  private Map<String, Object> healthy() throws IOException {
    Path password = Files.writeString(folder.resolve("password"), SECRET + "\n");
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("etcd.endpoints", etcd.endpoint());
    settings.put("etcd.user", "app");
    settings.put("etcd.password-file", password);
    settings.put("etcd.tls.ca", RIGHT.authority());
    settings.put("etcd.tls.cert", RIGHT.cert("client"));
    settings.put("etcd.tls.key", RIGHT.key("client"));
    settings.put("register.host", "127.0.0.1");
    settings.put("discover.snapshot.dir", folder.resolve("snapshots"));
    settings.put("admin.port", Ports.free());
    return settings;
  }

  private Map<String, Object> healthyBut(String key, Object value) throws IOException {
    Map<String, Object> settings = healthy();
    settings.put(key, value);
    return settings;
  }

  private Path file(Map<String, Object> settings) throws IOException {
    String text =
        settings.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue() + "\n")
            .collect(Collectors.joining());
    return Files.writeString(folder.resolve("mesh-agent.properties"), text);
  }

  /** What is found with all the time that a busy machine takes. */
  private static Report found(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("--within", 60));
    all.addAll(List.of(arguments));
    return new Report(all);
  }

  /** What the command says, as JSON. It shows no secret. */
  private static final class Report {
    private final JsonObject json;
    private final Commands.Result result;

    Report(List<?> arguments) {
      List<Object> all = new ArrayList<>(List.of("check", "--json"));
      all.addAll(arguments);
      result = AgentCommand.run(all.toArray());
      String said = result.output();
      assertThat(said).contains("{").doesNotContain(SECRET).doesNotContain("wrong-password");
      json = JsonParser.parseString(said.substring(said.indexOf('{'))).getAsJsonObject();
      assertThat(result.exitCode()).as(said).isEqualTo(json.get("ok").getAsBoolean() ? 0 : 1);
    }

    List<String> of(String mark) {
      List<String> found = new ArrayList<>();
      for (JsonElement each : json.getAsJsonArray("looks")) {
        JsonObject look = each.getAsJsonObject();
        if (look.get("result").getAsString().equals(mark)) {
          String cure = look.get("do").isJsonNull() ? "" : look.get("do").getAsString();
          found.add(
              look.get("look").getAsString() + ": " + look.get("seen").getAsString() + "; " + cure);
        }
      }
      return found;
    }

    /** One thing is wrong, of which each of the words is said, and nothing else. */
    Report isWrong(String... words) {
      assertThat(of("wrong")).as(result.output()).hasSize(1);
      assertThat(of("wrong").get(0)).as(result.output()).contains(words);
      ROW.saw(words[0] + ": " + json.get("millis") + " ms");
      return this;
    }
  }

  @Thorough
  @Test
  void nothing_is_wrong_with_a_healthy_set_up_and_nothing_is_left_behind() throws IOException {
    root.run("put", "/other", "x");
    String before = root.run("get", "/other", "-w", "fields");
    Report report = found(file(healthy()), "--app", Classpaths.ofGreeter(Classpaths.MIDDLE));

    assertThat(report.json.get("ok").getAsBoolean()).as(report.result.output()).isTrue();
    assertThat(report.of("wrong")).isEmpty();
    assertThat(report.of("hint")).isEmpty();
    assertThat(String.join("\n", report.of("good")))
        .contains(
            "configuration: ",
            "etcd-address: ",
            "etcd-tls: the certificate",
            "etcd-login: etcd lets the user app in",
            "etcd-member: etcd 3.",
            "etcd-rights: etcd grants a lease",
            "read below /services/",
            "register below /services/",
            "read below /mesh/policies/",
            "report below /mesh/agents/",
            "address: servers would be registered as 127.0.0.1",
            "admin-port: ",
            "snapshot: ",
            "grpc: gRPC " + Classpaths.MIDDLE + ": all works",
            "agents: ");
    assertThat(root.run("get", "/other", "-w", "fields"))
        .as("no revision was made, so no watch has seen anything")
        .isEqualTo(
            before.replaceAll(
                "\"RaftTerm\" : \\d+", termOf(root.run("get", "/other", "-w", "fields"))));
    assertThat(root.run("lease", "list").lines().filter(line -> !line.startsWith("found")))
        .as("leases")
        .isEmpty();
    assertThat(folder.resolve("snapshots")).as("made by nobody").doesNotExist();

    Commands.Result text = AgentCommand.run("check", "--within", 60, file(healthy()));
    assertThat(text.output().lines().filter(line -> line.matches("[\u221a+] .*")))
        .as(text.output())
        .hasSizeGreaterThan(10);
    assertThat(text.output()).contains(": nothing is wrong.");
    assertThat(text.exitCode()).isZero();
  }

  private static String termOf(String fields) {
    return fields.lines().filter(line -> line.startsWith("\"RaftTerm\"")).findFirst().orElseThrow();
  }

  @Thorough
  @Test
  void what_is_wrong_with_etcd_is_found() throws IOException {
    found(file(healthyBut("etcd.endpoints", "https://127.0.0.1:" + Ports.free())))
        .isWrong("etcd-address: nobody takes connections", "etcd.endpoints");
    found(file(healthyBut("etcd.tls.ca", Certificates.of("another").authority())))
        .isWrong("etcd-tls: ", "not trusted", "etcd.tls.ca");
    Path wrong = Files.writeString(folder.resolve("wrong"), "wrong-password\n");
    found(file(healthyBut("etcd.password-file", wrong)))
        .isWrong("etcd-login: etcd does not let this user in", "etcd.password-file");
    found(file(healthyBut("etcd.user", "reader")))
        .isWrong(
            "etcd-rights: etcd does not let this program write below /services/",
            "readwrite --prefix=true /services/SERVICE/");
  }

  @Thorough
  @Test
  void more_that_is_wrong_with_etcd_is_found() throws IOException {
    found(file(healthyBut("etcd.tls.server-name", "etcd.example")))
        .isWrong("etcd-tls: ", "for another name", "etcd.tls.server-name");
    Report stranger = found(file(healthyBut("etcd.user", "stranger")));
    assertThat(String.join("\n", stranger.of("wrong")))
        .as(stranger.result.output())
        .contains("read below /services/", "write below /services/", "read below /mesh/policies/");
    assertThat(stranger.of("hint")).hasSize(1).allMatch(hint -> hint.contains("/mesh/agents/"));
    // Who may write the entries of one service needs no more.
    Report one = found(file(healthyBut("etcd.user", "one")));
    assertThat(one.of("good")).anyMatch(good -> good.contains("below /services/a.Service/* only"));
    assertThat(one.json.get("ok").getAsBoolean()).as(one.result.output()).isTrue();
    Map<String, Object> nobody = healthy();
    nobody.keySet().removeAll(List.of("etcd.user", "etcd.tls.cert", "etcd.tls.key"));
    found(file(nobody)).isWrong("etcd-tls: ", "etcd.tls.cert");
    found(file(healthyBut("etcd.endpoints", etcd.endpoint().replace("https", "http"))))
        .isWrong("etcd-member: ", "https://");
  }

  @Thorough
  @Test
  void a_full_etcd_is_found() throws IOException {
    EtcdServer full = EtcdServer.start("--quota-backend-bytes=16384");
    open.add(full);
    assertThatThrownBy(() -> full.ctl().run("put", "a", "b"))
        .hasMessageContaining("space exceeded");
    Map<String, Object> settings = healthy();
    settings.keySet().removeIf(key -> key.startsWith("etcd."));
    settings.put("etcd.endpoints", full.endpoint());
    Report report = found(file(settings));
    report.isWrong("etcd-space: ", "alarm NOSPACE", "etcdctl alarm disarm");
    assertThat(report.of("good"))
        .as("told by HTTP, so without TLS")
        .anyMatch(good -> good.startsWith("etcd-clock: ") && good.contains("agree"));
  }

  @Test
  void what_is_wrong_on_this_machine_is_found_at_once() throws IOException {
    Map<String, Object> settings = healthyBut("register.host", "fe80::1");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      settings.put("admin.port", taken.getLocalPort());
      // Below a file, because root may write into any directory.
      Path below = Files.createFile(folder.resolve("file"));
      settings.put("discover.snapshot.dir", below.resolve("snapshots"));
      settings.put("etcd.tls.sever-name", "a");
      Report report = found(file(settings), "--app", Classpaths.ofGreeter("1.21.0"));
      List<String> wrong = report.of("wrong");
      assertThat(wrong).as(report.result.output()).hasSize(5);
      assertThat(wrong)
          .anyMatch(line -> line.contains("did you mean etcd.tls.server-name?"))
          .anyMatch(line -> line.matches("address: .* as fe80::1, .*register.host.*"))
          .anyMatch(line -> line.matches("admin-port: .* is taken.*admin.port"))
          .anyMatch(line -> line.startsWith("snapshot: ") && line.contains("discover.snapshot.dir"))
          .anyMatch(line -> line.contains("gRPC 1.21.0 is too old") && line.contains("gRPC 1.22"));
      ROW.saw("address, port, folder, gRPC, key: " + report.json.get("millis") + " ms");
    }
  }

  @Thorough
  @Test
  void endpoints_that_swallow_everything_are_waited_for_no_longer() throws IOException {
    List<Integer> ports = List.of(blackHole(), blackHole(), blackHole());
    Map<String, Object> settings = healthy();
    settings.put(
        "etcd.endpoints",
        ports.stream().map(port -> "https://127.0.0.1:" + port).collect(Collectors.joining(",")));
    Report report = new Report(List.of(file(settings)));
    assertThat(report.json.get("millis").getAsLong()).isLessThan(MOST_MILLIS);
    assertThat(report.of("wrong"))
        .as(report.result.output())
        .hasSize(3)
        .allMatch(line -> line.contains("no answer within"));
    ROW.saw("three black holes: " + report.json.get("millis") + " ms");
  }

  /** A port whose queue of connections is full, so that whoever comes gets no answer at all. */
  private int blackHole() throws IOException {
    ServerSocket hole = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    open.add(hole);
    while (true) {
      Socket socket = new Socket();
      open.add(socket);
      try {
        socket.connect(new InetSocketAddress(hole.getInetAddress(), hole.getLocalPort()), 300);
      } catch (SocketTimeoutException e) {
        return hole.getLocalPort();
      }
    }
  }

  @Thorough
  @Test
  void a_program_that_runs_is_looked_at_by_its_pid() {
    EtcdServer shared = EtcdServer.shared();
    World world = World.on(shared);
    open.add(world);
    Jvm server = world.flakyServer("a").start();
    int port = server.awaitPort();
    await("registered")
        .atMost(Jvm.PATIENCE)
        .until(() -> shared.keys().get(ALL).size() == 1 && server.admin() != null);

    Report report = new Report(List.of(server.pid()));

    assertThat(report.json.get("ok").getAsBoolean()).as(report.result.output()).isTrue();
    assertThat(report.json.get("of").getAsString()).isEqualTo("pid " + server.pid());
    assertThat(String.join("\n", report.of("good")))
        .contains(
            "register below /services/helloworld.Greeter/",
            "registration: published: helloworld.Greeter 127.0.0.1:" + port,
            "address: its server takes connections at 127.0.0.1:" + port,
            "admin-port: the admin page is at " + server.admin(),
            "grpc: gRPC " + Classpaths.MIDDLE);

    Jvm without = world.loadClient().withoutAgent().start();
    without.load("calls n=1 channel=target:localhost:" + port);
    new Report(List.of(without.pid()))
        .isWrong("program: pid " + without.pid() + ": has no admin page");
  }

  @Thorough
  @Test
  void a_program_that_may_not_register_any_more_is_told_so() throws IOException {
    World world = World.on(etcd);
    open.add(world);
    root.run("user", "add", "late:" + SECRET);
    root.run("user", "grant-role", "late", "reader");
    Path password = Files.writeString(folder.resolve("password"), SECRET + "\n");
    Jvm server =
        world
            .flakyServer("a")
            .mesh("etcd.user", "late")
            .mesh("etcd.password-file", password)
            .mesh("etcd.tls.ca", RIGHT.authority())
            .mesh("etcd.tls.cert", RIGHT.cert("client"))
            .mesh("etcd.tls.key", RIGHT.key("client"))
            .start();
    server.awaitPort();
    server.awaitError(line -> line.contains("does not let this program register"), Jvm.PATIENCE);
    Report report = new Report(List.of(server.pid()));
    assertThat(String.join("\n", report.of("wrong")))
        .as(report.result.output())
        .contains(
            "write below /services/helloworld.Greeter/",
            "registration: 1 entry of this program should be in the registry");
  }
}
