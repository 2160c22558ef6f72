package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.Registry.WrittenDocument;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents and reports in a real etcd. */
class EtcdDocumentsTest {

  @TempDir private static Path folder;
  private static EtcdProcess etcd;

  /** Volatile: set by the registry. */
  private volatile Map<String, WrittenDocument> documents;

  @AutoClose private Registry registry;

  @BeforeAll
  static void startEtcd() throws Exception {
    etcd = new EtcdProcess(folder.resolve("data")).start();
  }

  @AfterAll
  static void stopEtcd() throws Exception {
    etcd.close();
  }

  @BeforeEach
  void begin() throws Exception {
    String unused = etcd.ctl("del", "--prefix", "/");
    String unusedToo = etcd.ctl("put", "/mesh/policies/first", "a=1");
    registry =
        new EtcdRegistry(
            new EtcdSettings(
                    List.of("http://127.0.0.1:" + etcd.port()),
                    null,
                    null,
                    "/services",
                    Duration.ofSeconds(5))
                .withDocuments("/mesh/"));
    registry.documents((all, listed) -> documents = all);
    registry.start(new Nobody());
    soon("first=a=1");
  }

  private void soon(String expected) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> documents != null && Objects.equals(shown(), expected));
  }

  private String shown() {
    return documents.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue().text())
        .collect(Collectors.joining(" "));
  }

  @Test
  void every_change_is_told_with_its_revision() throws Exception {
    long first = documents.get("first").revision();
    String unused = etcd.ctl("put", "/mesh/policies/second/part", "b=2");
    soon("first=a=1 second/part=b=2");
    String unusedToo = etcd.ctl("put", "/mesh/policies/first", "a=3");
    soon("first=a=3 second/part=b=2");
    assertThat(documents.get("first").revision()).isGreaterThan(first);

    String unusedAgain = etcd.ctl("del", "/mesh/policies/first");
    soon("second/part=b=2");
    String tooLong = etcd.ctl("put", "/mesh/policies/long", "x".repeat(70_000));
    assertThat(tooLong).contains("OK");
    soon("long=null second/part=b=2");
  }

  @Test
  void a_report_stands_under_the_lease_and_goes_with_the_program() throws Exception {
    registry.report("me", "{}");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> etcd.ctl("get", "--prefix", "/mesh/agents/").contains("/mesh/agents/me\n{}"));
    assertThat(registry.status().registration().desired()).as("no instance").isZero();

    registry.report("me", "{1}");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> etcd.ctl("get", "/mesh/agents/me").contains("{1}"));
    Instance instance =
        new Instance(
            "127.0.0.1", 50051, InetSocketAddress.createUnresolved("127.0.0.1", 50051), Map.of());
    registry.register("a.B", instance);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> registry.status().registration().state() == RegistrationState.ALIVE);
    assertThat(etcd.ctl("lease", "list").lines()).as("one lease for all").hasSize(2);

    registry.close();
    assertThat(etcd.ctl("get", "--prefix", "/mesh/agents/")).isBlank();
  }

  /** Nobody who wants to know of instances. */
  private static final class Nobody implements Registry.Listener {

    @Override
    public void listed(Map<String, List<Instance>> services) {}

    @Override
    public void changed(List<ServiceChange> changes) {}

    @Override
    public void unreachable(String why) {}
  }
}
