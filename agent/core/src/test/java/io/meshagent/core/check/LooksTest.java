package io.meshagent.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.Policies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at on this machine. */
class LooksTest {

  private static final String ETCD_HERE = "etcd.endpoints=http://127.0.0.1:2379\n";

  @TempDir Path dir;

  private static Settings settings(String text) {
    return ConfigLoader.loadText(Policies.keys(), "text", text);
  }

  private static Finding only(Look look) {
    List<Finding> told = new ArrayList<>();
    look.look(told::add);
    assertThat(told).hasSize(1);
    return told.get(0);
  }

  private static Finding address(String text) {
    return only(new AddressLook(settings(text), new TimeLimit(3_000)));
  }

  @Test
  void an_address_of_this_machine_is_good_if_etcd_is_here_too() {
    Finding good = address(ETCD_HERE + "register.host=127.0.0.1\n");
    assertThat(good.mark()).isEqualTo(Finding.Mark.GOOD);
    Finding wrong = address("etcd.endpoints=http://192.0.2.9:2379\nregister.host=127.0.0.1\n");
    assertThat(wrong.mark()).isEqualTo(Finding.Mark.WRONG);
    assertThat(wrong.sentence()).contains("means that machine itself", "register.host");
  }

  @Test
  void an_address_that_nobody_can_call_is_wrong() {
    for (String host : List.of("0.0.0.0", "224.0.0.1", "255.255.255.255", "fe80::1")) {
      Finding wrong = address(ETCD_HERE + "register.host=" + host + "\n");
      assertThat(wrong.mark()).as(host).isEqualTo(Finding.Mark.WRONG);
      assertThat(wrong.sentence()).contains(host, "set register.host");
    }
  }

  @Test
  void an_address_of_another_machine_is_right_at_best() {
    for (String refusal : new String[] {null, "connection refused"}) {
      assertThat(AddressLook.ofOthers("10.0.0.9", refusal).mark()).isEqualTo(Finding.Mark.HINT);
    }
    Finding wrong = AddressLook.ofOthers("10.0.0.9", "no answer within 1.0 s");
    assertThat(wrong.mark()).isEqualTo(Finding.Mark.WRONG);
    assertThat(wrong.sentence()).contains("can't be reached", "set register.host");
  }

  @Test
  void a_port_that_is_taken_is_wrong_if_it_was_asked_for() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Finding wrong = admin("admin.port=" + taken.getLocalPort() + "\n", Map.of());
      assertThat(wrong.mark()).isEqualTo(Finding.Mark.WRONG);
      assertThat(wrong.sentence()).contains("is taken", "admin.port");
    }
    assertThat(admin("admin.port=0\n", Map.of("PORT", "0")).mark()).isEqualTo(Finding.Mark.GOOD);
    assertThat(admin("admin.host=::2\n", Map.of()).sentence()).contains("correct admin.host");
  }

  private static Finding admin(String text, Map<String, String> environment) {
    return only(new AdminLook(settings(text), environment));
  }

  @Test
  void a_port_that_the_program_itself_is_told_to_use_is_wrong() throws IOException {
    int port;
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = any.getLocalPort();
    }
    String told = "admin.port=" + port + "\n";

    Finding wrong = admin(told, Map.of("SERVER_PORT", Integer.toString(port)));

    assertThat(wrong.mark()).isEqualTo(Finding.Mark.WRONG);
    assertThat(wrong.sentence())
        .contains("SERVER_PORT tells the program itself to use the admin port", "set another");
    assertThat(admin(told, Map.of("SERVER_PORT", "x", "PORT", "1")).mark())
        .isEqualTo(Finding.Mark.GOOD);
  }

  @Test
  void a_folder_is_looked_at_and_not_made() throws IOException {
    Path folder = dir.resolve("a/b");
    Settings settings = settings("discover.snapshot.dir=" + folder + "\n");
    assertThat(only(FolderLook.ofSnapshot(settings)).mark()).isEqualTo(Finding.Mark.GOOD);
    assertThat(folder.getParent()).doesNotExist();

    Files.createFile(dir.resolve("a"));
    Finding wrong = only(FolderLook.ofSnapshot(settings));
    assertThat(wrong.mark()).isEqualTo(Finding.Mark.WRONG);
    assertThat(wrong.sentence()).contains(folder.toString(), "discover.snapshot.dir");

    Files.delete(dir.resolve("a"));
    Files.createDirectories(folder);
    assertThat(only(FolderLook.ofSnapshot(settings)).mark()).isEqualTo(Finding.Mark.GOOD);
    assertThat(folder).isEmptyDirectory();
  }

  private static List<Finding> agents(Map<String, String> environment) {
    List<Finding> told = new ArrayList<>();
    new AgentsLook(AgentsLook.of(environment)).look(told::add);
    return told;
  }

  @Test
  void other_agents_are_named_without_what_they_are_told() {
    assertThat(agents(Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g -javaagent:/opt/mesh-agent.jar=a=b")))
        .extracting(Finding::mark)
        .containsExactly(Finding.Mark.GOOD);
    assertThat(agents(Map.of("JDK_JAVA_OPTIONS", "-javaagent:/opt/opentelemetry-javaagent.jar")))
        .singleElement()
        .extracting(Finding::sentence)
        .asString()
        .contains("OpenTelemetry", "was tried beside this one");
    assertThat(agents(Map.of("_JAVA_OPTIONS", "-javaagent:/x/other.jar=token=s3cret")))
        .singleElement()
        .extracting(Finding::sentence)
        .asString()
        .contains("_JAVA_OPTIONS", "/x/other.jar", "not tried")
        .doesNotContain("s3cret");
  }

  @Test
  void this_agent_twice_is_a_hint() {
    String flag = "-javaagent:/opt/mesh-agent.jar";
    assertThat(agents(Map.of("JAVA_TOOL_OPTIONS", flag, "JDK_JAVA_OPTIONS", flag)))
        .extracting(Finding::mark)
        .contains(Finding.Mark.HINT);
  }

  @Test
  void an_agent_that_is_switched_off_needs_nothing_else() {
    List<Finding> found =
        Check.ofStart(settings(ETCD_HERE + "enabled=false\n"), "text", Map.of(), 30_000)
            .run()
            .findings();
    assertThat(found).hasSize(2);
    assertThat(found.get(1).sentence()).contains("enabled=false");
  }

  @Test
  void each_look_has_a_section_of_its_own() throws IOException {
    String page = Files.readString(Path.of("../docs/check.md"));
    for (String look :
        List.of(
            SettingsLook.NAME,
            EtcdLook.ADDRESS,
            EtcdLook.TLS,
            EtcdLook.LOGIN,
            EtcdLook.MEMBER,
            EtcdLook.SPACE,
            EtcdLook.CLOCK,
            EtcdRights.NAME,
            AddressLook.NAME,
            AdminLook.NAME,
            FolderLook.SNAPSHOT,
            FolderLook.LOCAL,
            GrpcLook.NAME,
            AgentsLook.NAME,
            RunningLook.REGISTRATION,
            CheckReport.PROGRAM)) {
      assertThat(page).contains("\n### " + look + "\n");
    }
  }
}
