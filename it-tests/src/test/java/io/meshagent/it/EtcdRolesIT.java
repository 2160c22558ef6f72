package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdCtl;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the roles of {@code agent/docs/security.md} a program may write its own service only. */
@Thorough
class EtcdRolesIT {

  private static final Pattern COMMANDS = Pattern.compile("(?s)```sh\n(.*?)```");
  private static final String ALL = "/services/";
  private static final String GREETER = ALL + "helloworld.Greeter/";

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final World world = World.on(etcd);
  private final Path secrets = Places.newDirectory("roles");
  private EtcdCtl root;

  @BeforeEach
  void makeRolesAsThePageSays() throws IOException {
    Matcher page =
        COMMANDS.matcher(Files.readString(Places.root().resolve("agent/docs/security.md")));
    assertThat(page.find()).as("commands on the page").isTrue();
    etcd.ctl().script(secrets, page.group(1));
    root = as("root");
  }

  private EtcdCtl as(String user) throws IOException {
    String password = Files.readString(secrets.resolve(user + ".password")).trim();
    return etcd.ctl("--user=" + user + ":" + password);
  }

  private JvmBuilder of(String user, JvmBuilder program) {
    return program
        .mesh("etcd.user", user)
        .mesh("etcd.password-file", secrets.resolve(user + ".password"))
        .mesh("registry.ttl", "3s");
  }

  private static List<String> warnings(Jvm jvm) {
    return jvm.stderr().stream().filter(line -> !line.contains("governs gRPC")).toList();
  }

  private void awaitKey(String key) {
    await(key).atMost(Jvm.PATIENCE).until(() -> root.get(ALL).keySet().equals(Set.of(key)));
  }

  private String leaseOf(String key) {
    return root.run("get", key, "-w", "fields")
        .lines()
        .filter(line -> line.startsWith("\"Lease\""))
        .map(line -> line.replaceAll("\\D", ""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_program_registers_discovers_and_keeps_its_entry() throws IOException {
    Jvm server = of("greeter", world.flakyServer("a")).leavingFast().start();
    String key = GREETER + "127.0.0.1:" + server.awaitPort();
    awaitKey(key);
    Jvm client = of("caller", world.loadClient()).start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=20").okBy()).isEqualTo(Map.of("a", 20));

    root.run("del", key);
    awaitKey(key);
    String lease = leaseOf(key);
    root.run("lease", "revoke", Long.toHexString(Long.parseLong(lease)));
    await("another lease")
        .atMost(Jvm.PATIENCE)
        .until(() -> root.get(ALL).containsKey(key) && !leaseOf(key).equals(lease));
    assertThat(client.load("calls n=20").okBy()).isEqualTo(Map.of("a", 20));

    // Nobody else can take it, or give its calls to himself.
    String stranger = GREETER + "127.0.0.1:1";
    EtcdCtl caller = as("caller");
    for (String[] command :
        List.of(
            new String[] {"put", stranger, "127.0.0.1:1"},
            new String[] {"del", key},
            new String[] {"lease", "revoke", Long.toHexString(Long.parseLong(leaseOf(key)))})) {
      assertThatThrownBy(() -> caller.run(command)).hasMessageContaining("permission denied");
    }

    assertThat(server.terminate()).isEqualTo(143);
    assertThat(root.get(ALL)).as("taken out by its own user").isEmpty();
    assertThat(warnings(server)).as(() -> server.described("quiet")).isEmpty();
    assertThat(warnings(client)).as(() -> client.described("quiet")).isEmpty();
  }

  @Test
  void a_program_can_not_write_anothers_entry() throws IOException {
    EtcdCtl greeter = as("greeter");
    for (String key :
        List.of(ALL + "other.Service/127.0.0.1:1", ALL + "helloworld.GreeterAdmin/x")) {
      assertThatThrownBy(() -> greeter.run("put", key, "127.0.0.1:1"))
          .hasMessageContaining("permission denied");
    }
    Jvm server =
        of("greeter", world.flakyServer("a", "services=helloworld.Greeter,other.Service")).start();
    String key = GREETER + "127.0.0.1:" + server.awaitPort();
    server.awaitError(line -> line.contains("does not let this program register"), Jvm.PATIENCE);
    awaitKey(key);
    assertThat(warnings(server))
        .as(() -> server.described("one line"))
        .singleElement()
        .asString()
        .contains("permission denied");

    Jvm caller = of("caller", world.flakyServer("b")).start();
    caller.awaitPort();
    caller.awaitError(line -> line.contains("unseen by others"), Jvm.PATIENCE);
    assertThat(root.get(ALL)).containsOnlyKeys(key);
  }

  @Test
  void who_operates_changes_policies_and_no_program_does() throws IOException {
    EtcdCtl operator = as("operator");
    String document = "/mesh/policies/limit";
    operator.run("put", document, "client.timeout=2s");
    assertThat(as("caller").get(document)).containsEntry(document, "client.timeout=2s");
    assertThat(operator.get("/mesh/agents/")).as("what programs say").isEmpty();

    for (String program : List.of("greeter", "caller")) {
      EtcdCtl user = as(program);
      assertThatThrownBy(() -> user.run("put", document, "client.timeout=1ms"))
          .hasMessageContaining("permission denied");
    }
    assertThatThrownBy(() -> operator.run("put", GREETER + "127.0.0.1:1", "127.0.0.1:1"))
        .hasMessageContaining("permission denied");
    assertThat(root.get(document)).containsEntry(document, "client.timeout=2s");
  }
}
