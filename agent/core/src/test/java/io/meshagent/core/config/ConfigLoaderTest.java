package io.meshagent.core.config;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.log.Log;
import io.meshagent.core.policy.ratelimit.RateLimitKeys;
import io.meshagent.core.policy.timeout.TimeoutPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

  @TempDir Path dir;
  private final Map<String, String> environment = new HashMap<>();
  private final Properties system = new Properties();

  @BeforeEach
  void workInTheDirectory() throws IOException {
    Files.createDirectory(dir.resolve("work"));
    Files.createDirectory(dir.resolve("lib"));
    system.setProperty("user.dir", dir.resolve("work").toString());
  }

  private Settings load() {
    return load(null);
  }

  private Settings load(String agentArgument) {
    return ConfigLoader.load(
        TestSettings.KEYS, agentArgument, dir.resolve("lib/mesh-agent.jar"), environment, system);
  }

  private Path write(String name, String... lines) throws IOException {
    Path file = dir.resolve(name);
    Files.write(file, List.of(lines));
    return file;
  }

  private static List<String> problems(Settings settings) {
    return settings.problems().stream().map(Problem::toString).collect(toList());
  }

  @Test
  void without_any_configuration_there_are_the_defaults_and_no_problem() {
    Settings settings = load();

    assertThat(settings.problems()).isEmpty();
    assertThat(settings.get(Keys.ENABLED)).isTrue();
    assertThat(settings.get(Keys.LOG_LEVEL)).isEqualTo(Log.Level.WARN);
    assertThat(settings.get(RegistryKeys.REGISTRY_TTL)).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.get(RateLimitKeys.CLIENT_RATE).isOff()).isTrue();
    assertThat(settings.get(Keys.APP_NAME)).isEqualTo("java");
  }

  @Test
  void a_default_that_is_empty_is_told_by_what_it_means() throws IOException {
    write("work/mesh-agent.properties", "discover.allow-addresses=10.0.0.0/33");

    assertThat(problems(load()))
        .singleElement()
        .asString()
        .endsWith("using all but link-local, multicast and unspecified addresses (the default).");
  }

  @Test
  void the_first_place_that_has_a_file_wins() throws IOException {
    write("work/mesh-agent.properties", "app.name=working-directory");
    assertThat(load().get(Keys.APP_NAME)).isEqualTo("working-directory");

    write("lib/mesh-agent.properties", "app.name=beside-the-jar");
    assertThat(load().get(Keys.APP_NAME)).isEqualTo("beside-the-jar");

    environment.put("MESH_CONFIG", write("env.properties", "app.name=environment").toString());
    assertThat(load().get(Keys.APP_NAME)).isEqualTo("environment");

    system.setProperty("mesh.config", write("prop.properties", "app.name=property").toString());
    assertThat(load().get(Keys.APP_NAME)).isEqualTo("property");

    write("work/arg.properties", "app.name=argument");
    Settings settings = load("arg.properties");
    assertThat(settings.get(Keys.APP_NAME)).isEqualTo("argument");
    assertThat(settings.problems()).isEmpty();
  }

  @Test
  void a_named_file_that_is_missing_is_a_problem_and_the_others_are_not_looked_for()
      throws IOException {
    write("work/mesh-agent.properties", "app.name=working-directory");

    Settings settings = load("nowhere.properties");

    assertThat(problems(settings))
        .containsExactly(
            "nowhere.properties: this configuration file does not exist, so none of it is used.");
    assertThat(settings.get(Keys.APP_NAME)).isEqualTo("java");
  }

  @Test
  void a_directory_and_an_impossible_path_are_problems() {
    assertThat(problems(load(dir.toString())).get(0)).contains("is a directory");
    assertThat(problems(load("a\0b")).get(0)).contains("no path of a configuration file");
  }

  @Test
  void later_sources_win_for_each_key_and_selector_by_itself() throws IOException {
    write(
        "work/mesh-agent.properties",
        "client.timeout=1s",
        "client.timeout@a.B=2s",
        "app.zone=file",
        "app.version=file");
    environment.put("MESH_CLIENT_TIMEOUT", "3s");
    environment.put("MESH_APP_ZONE", "environment");
    system.setProperty("mesh.app.zone", "property");
    system.setProperty("mesh.client.timeout@a.B/C", "4s");

    Settings settings = load();

    assertThat(settings.problems()).isEmpty();
    assertThat(settings.get(TimeoutPolicy.CLIENT_TIMEOUT)).hasSeconds(3);
    assertThat(settings.select(TimeoutPolicy.CLIENT_TIMEOUT, "a.B/X").value()).hasSeconds(2);
    assertThat(settings.select(TimeoutPolicy.CLIENT_TIMEOUT, "a.B/C").value()).hasSeconds(4);
    assertThat(settings.get(Keys.APP_ZONE)).isEqualTo("property");
    assertThat(settings.get(Keys.APP_VERSION)).isEqualTo("file");
    assertThat(
            settings.sources().stream()
                .filter(setting -> !setting.isDefault())
                .map(setting -> setting.name() + "=" + setting.value() + " " + setting.source()))
        .containsExactly(
            "app.version=file mesh-agent.properties:4",
            "app.zone=property -Dmesh.app.zone",
            "client.timeout=3s MESH_CLIENT_TIMEOUT",
            "client.timeout@a.B=2s mesh-agent.properties:2",
            "client.timeout@a.B/C=4s -Dmesh.client.timeout@a.B/C");
  }

  @Test
  void every_problem_is_reported_at_once_with_what_happens_now() throws IOException {
    write(
        "work/mesh-agent.properties",
        "# a comment",
        "client.timeot=2s",
        "client.breaker.window=10",
        "client.breaker.probes=0",
        "app.zone@a.B=x",
        "client.timeout@=1s",
        "no separator here",
        "client.timeout=5s",
        "client.timeout=6s",
        "admin.port=http",
        "server.rate-limit.rate@a.B=100",
        "log.level=loud");
    environment.put("MESH_CLIENT_TIMEOUT", "soon");

    Settings settings = load();

    assertThat(problems(settings))
        .containsExactly(
            "mesh-agent.properties:2: client.timeot is no setting (did you mean"
                + " client.timeout?), so it changes nothing.",
            "mesh-agent.properties:3: client.breaker.window=10 has no unit: write 10ms, 10s or 10m:"
                + " using 10s (the default).",
            "mesh-agent.properties:4: client.breaker.probes=0 is outside 1 to 1000: using 5 (the"
                + " default).",
            "mesh-agent.properties:5: app.zone@a.B cannot be set for a selector, only as app.zone:"
                + " using none (the default).",
            "mesh-agent.properties:6: client.timeout@ has nothing after the @, so it changes"
                + " nothing.",
            "mesh-agent.properties:7: this line has no = between key and value, so it is ignored.",
            "mesh-agent.properties:9: client.timeout was set in line 8 already; this line counts.",
            "mesh-agent.properties:10: admin.port=http is not a whole number from 0 to 65535: using"
                + " 26464 (the default).",
            "mesh-agent.properties:11: server.rate-limit.rate@a.B=100 is not a rate like 100/s,"
                + " 30/m or 1000/h, or off: using off (the default).",
            "mesh-agent.properties:12: log.level=loud is not one of off, error, warn, info, debug:"
                + " using warn (the default).",
            "environment: MESH_CLIENT_TIMEOUT=soon is not a duration like 300ms, 2s, 5m or 1h, or"
                + " off: using 6s (mesh-agent.properties:9).");
    assertThat(settings.get(TimeoutPolicy.CLIENT_TIMEOUT)).hasSeconds(6);
  }

  @Test
  void unknown_names_in_the_environment_and_properties_are_reported() {
    environment.put("MESH_CLIENT_TIMEOT", "1s");
    environment.put("MESH_CONFIG", "");
    environment.put("MESH_AGENT_SERVICE_HOST", "10.0.0.1");
    environment.put("MESH_AGENT_PORT_80_TCP_ADDR", "10.0.0.1");
    environment.put("MESHES", "3");
    system.setProperty("mesh.size", "3");

    assertThat(problems(load()))
        .containsExactly(
            "environment: MESH_CLIENT_TIMEOT is no setting (did you mean client.timeout?), so it"
                + " changes nothing.",
            "system property: -Dmesh.size is no setting, so it changes nothing.");
  }

  @Test
  void secrets_are_never_shown() throws IOException {
    write(
        "work/mesh-agent.properties",
        "etcd.password=hunter2",
        "etcd.password=hunter2",
        "etcd.password@a.B=hunter2",
        "etcd.pasword=hunter2",
        "etcd.password hunter2",
        "etcd.endpoints=http://root:hunter2@h:2379");
    environment.put("MESH_ETCD_PASWORD", "hunter2");

    Settings settings = load();

    assertThat(settings.get(RegistryKeys.ETCD_PASSWORD)).isEqualTo("hunter2");
    assertThat(problems(settings)).hasSize(6);
    assertThat(problems(settings).toString()).doesNotContain("hunter2");
    assertThat(settings.sources()).noneMatch(setting -> setting.value().contains("hunter2"));
  }

  @Test
  void a_file_that_is_not_utf_8_is_read_as_far_as_possible() throws IOException {
    Files.write(
        dir.resolve("work/mesh-agent.properties"),
        "app.zone=z\u00fcrich\nclient.timeout=2s".getBytes(StandardCharsets.ISO_8859_1));

    Settings settings = load();

    assertThat(problems(settings).get(0)).contains("is not UTF-8");
    assertThat(settings.get(TimeoutPolicy.CLIENT_TIMEOUT)).hasSeconds(2);
  }

  @Test
  void a_huge_file_is_not_a_configuration() throws IOException {
    Files.write(dir.resolve("work/mesh-agent.properties"), new byte[(1 << 20) + 1]);

    assertThat(problems(load()).get(0)).contains("larger than 1 MiB");
  }

  @Test
  void the_application_is_called_after_its_main_class_or_jar() {
    assertThat(nameOf("com.example.GreeterServer 50051", "a.jar:b.jar")).isEqualTo("GreeterServer");
    assertThat(nameOf("Main lib.jar", "classes")).isEqualTo("Main");
    assertThat(nameOf("my.module/com.example.Main x", "")).isEqualTo("Main");
    assertThat(nameOf("/opt/greeter-1.2.jar --port 1", "/opt/greeter-1.2.jar"))
        .isEqualTo("greeter-1.2");
    assertThat(nameOf("/opt/my apps/greeter.jar a b", "/opt/my apps/greeter.jar:/x/agent.jar"))
        .isEqualTo("greeter");
    assertThat(nameOf("", "")).isEqualTo("java");
  }

  private String nameOf(String command, String classPath) {
    system.setProperty("sun.java.command", command);
    system.setProperty("java.class.path", classPath.replace(":", java.io.File.pathSeparator));
    return load().get(Keys.APP_NAME);
  }

  @Test
  void settings_in_the_agent_argument_win_and_leave_the_file_in_force() throws IOException {
    write("lib/mesh-agent.properties", "app.name=from-file", "app.zone=from-file");
    system.setProperty("mesh.app.name", "from-property");
    Settings settings = load("app.name=from-argument\nclient.timeout@a.B/C=3s");

    assertThat(settings.problems()).isEmpty();
    assertThat(settings.get(Keys.APP_NAME)).isEqualTo("from-argument");
    assertThat(settings.get(Keys.APP_ZONE)).isEqualTo("from-file");
    assertThat(problems(load("app.name=x\napp.nmae=y"))).hasSize(1);
  }

  @Test
  void a_path_in_the_agent_argument_is_no_setting() throws IOException {
    write("work/a=b.properties", "app.name=from-file");
    assertThat(load("./a=b.properties").get(Keys.APP_NAME)).isEqualTo("from-file");
  }

  @Test
  void a_policy_for_what_no_policy_governs_is_said_to_change_nothing() {
    Settings settings =
        TestSettings.loadText("test", "server.rate-limit.rate@grpc.health.v1.Health=5/s");
    assertThat(settings.problems())
        .singleElement()
        .asString()
        .contains("server.rate-limit.rate@grpc.health.v1.Health", "so it changes nothing");
  }
}
