package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineSecretTest {

  @TempDir private Path dir;

  private String said(String... words) throws IOException {
    Path file = dir.resolve("cmdline");
    Files.writeString(file, String.join("\0", words) + "\0");
    return CommandLineSecret.ofThisJvm(TestSettings.defaults(), file);
  }

  @Test
  void a_password_is_seen_wherever_it_stands_and_not_repeated() throws IOException {
    for (String word :
        List.of(
            "-Dmesh.etcd.password=hunter2",
            "-javaagent:/opt/mesh-agent.jar=etcd.user=a\netcd.password=hunter2")) {
      assertThat(said("java", word, "-jar", "app.jar"))
          .startsWith("etcd.password stands on a command line, which every user")
          .contains("etcd.password-file", "MESH_ETCD_PASSWORD")
          .doesNotContain("hunter2");
    }
  }

  @Test
  void what_is_none_of_ours_or_no_secret_is_nothing_to_say() throws IOException {
    assertThat(said("java", "-Dmesh.etcd.user=a", "-Dmesh.etcd.password-file=/etc/p")).isNull();
    assertThat(said("java", "-jar", "app.jar", "--etcd.password=theirs")).isNull();
    assertThat(said("java", "-Dapp.etcd.password=theirs", "-Dmesh.etcd.password=")).isNull();
  }

  @Test
  void where_the_system_does_not_tell_the_source_of_a_setting_does() {
    Path none = dir.resolve("none");
    Properties system = new Properties();
    assertThat(
            CommandLineSecret.ofThisJvm(
                ConfigLoader.load(
                    TestSettings.KEYS, null, null, Map.of("MESH_ETCD_PASSWORD", "x"), system),
                none))
        .isNull();
    assertThat(
            CommandLineSecret.ofThisJvm(
                ConfigLoader.load(TestSettings.KEYS, "etcd.password=x", null, Map.of(), system),
                none))
        .isNotNull();
    system.setProperty("mesh.etcd.password", "x");
    assertThat(
            CommandLineSecret.ofThisJvm(
                ConfigLoader.load(TestSettings.KEYS, null, null, Map.of(), system), none))
        .isNotNull();
  }
}
