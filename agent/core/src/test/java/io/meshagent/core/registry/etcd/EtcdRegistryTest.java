package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.RegistryContract;
import io.meshagent.core.registry.RegistryView;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and what only etcd can do to a registry, with a real etcd. */
class EtcdRegistryTest extends RegistryContract {

  private static final Instance INSTANCE = at("127.0.0.1", 50051, "started", "5");

  @TempDir private static Path folder;
  private static EtcdProcess etcd;

  @BeforeAll
  static void startEtcd() throws Exception {
    etcd = new EtcdProcess(folder.resolve("data")).start();
  }

  @AfterAll
  static void stopEtcd() throws Exception {
    etcd.close();
  }

  @BeforeEach
  void empty() throws Exception {
    String unused = etcd.ctl("del", "--prefix", "/");
  }

  @Override
  protected Registry newRegistry() {
    return registry(etcd, 15);
  }

  private static Registry registry(EtcdProcess etcd, int ttlSeconds) {
    return registry("http://127.0.0.1:" + etcd.port(), ttlSeconds);
  }

  private static Registry registry(String endpoint, int ttlSeconds) {
    return new EtcdRegistry(
        new EtcdSettings(
            List.of(endpoint), null, null, "/services", Duration.ofSeconds(ttlSeconds)));
  }

  @Override
  protected void plantGarbage(String service, String name, String text) throws Exception {
    String unused = etcd.ctl("put", "/services/" + service + "/" + name, text);
  }

  @Override
  protected List<String> values() throws Exception {
    return values(etcd);
  }

  private static List<String> values(EtcdProcess etcd) throws Exception {
    return Arrays.stream(
            etcd.ctl("get", "--prefix", "/services/", "--print-value-only").split("\n"))
        .filter(line -> !line.isEmpty())
        .sorted()
        .collect(Collectors.toList());
  }

  private static String lease(EtcdProcess etcd) throws Exception {
    return Arrays.stream(etcd.ctl("lease", "list").split("\n")).skip(1).findFirst().orElse("");
  }

  @Test
  void a_revoked_lease_is_replaced_within_two_seconds() throws Exception {
    RegistryView view = new RegistryView();
    Registry registry = open(view);
    registry.register(SERVICE, INSTANCE);
    soon(() -> view.of(SERVICE).size() == 1);
    String first = lease(etcd);

    String unused = etcd.ctl("lease", "revoke", first);

    await()
        .atMost(Duration.ofSeconds(2))
        .until(() -> registry.status().registration().leasesLost() == 1);
    await().atMost(Duration.ofSeconds(2)).until(() -> values().size() == 1);
    soon(
        () ->
            view.of(SERVICE).size() == 1
                && registry.status().registration().state() == RegistrationState.ALIVE);
  }

  @Test
  void a_deleted_or_overwritten_entry_is_put_right() throws Exception {
    Registry registry = open(new RegistryView());
    registry.register(SERVICE, INSTANCE);
    soon(() -> registry.status().registration().registered() == 1);
    List<String> right = values();
    String key = "/services/helloworld.Greeter/127.0.0.1:50051";

    String unused = etcd.ctl("del", key);
    soon(() -> values().equals(right));
    String unusedToo = etcd.ctl("put", key, "127.0.0.1:50051");
    soon(() -> values().equals(right));
    assertThat(registry.status().registration().leasesLost()).isZero();
  }

  @Test
  void of_two_that_claim_an_address_the_younger_has_it_and_the_elders_end_leaves_it()
      throws Exception {
    RegistryView view = new RegistryView();
    open(view);
    Registry elder = open(new RegistryView());
    elder.register(SERVICE, INSTANCE);
    soon(() -> view.of(SERVICE).equals(List.of(INSTANCE)));
    Registry younger = open(new RegistryView());
    Instance successor = at("127.0.0.1", 50051, "started", "6");

    younger.register(SERVICE, successor);
    soon(() -> view.of(SERVICE).equals(List.of(successor)));
    soon(() -> elder.status().registration().registered() == 0);
    elder.close();

    assertThat(view.of(SERVICE)).containsExactly(successor);
    assertThat(values()).hasSize(1);
    younger.close();
    assertThat(values()).isEmpty();
  }

  @Test
  void an_etcd_that_is_not_there_is_said_at_once_and_used_when_it_comes(@TempDir Path data)
      throws Exception {
    try (EtcdProcess late = new EtcdProcess(data.resolve("late"))) {
      RegistryView view = new RegistryView();
      long began = System.nanoTime();
      try (Registry registry = registry(late, 15)) {
        registry.start(view);
        registry.register(SERVICE, INSTANCE);
        soon(() -> !view.troubles.isEmpty());
        assertThat(System.nanoTime() - began).isLessThan(1_500_000_000L);
        assertThat(view.lists.get()).isZero();
        assertThat(registry.status().registration().state()).isEqualTo(RegistrationState.GRANT);

        late.start();

        await().atMost(Duration.ofSeconds(10)).until(() -> view.of(SERVICE).size() == 1);
        assertThat(values(late)).hasSize(1);
      }
    }
  }

  @Test
  void a_killed_and_restarted_etcd_costs_nothing(@TempDir Path data) throws Exception {
    try (EtcdProcess other = new EtcdProcess(data.resolve("other")).start()) {
      RegistryView view = new RegistryView();
      try (Registry registry = registry(other, 15);
          Registry second = registry(other, 15)) {
        registry.start(view);
        second.start(new RegistryView());
        registry.register(SERVICE, INSTANCE);
        soon(() -> view.of(SERVICE).size() == 1);

        other.kill();
        soon(() -> !view.troubles.isEmpty());
        second.register(SERVICE, at("127.0.0.1", 2));
        registry.register("other.Service", INSTANCE);
        other.start();

        await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> view.of(SERVICE).size() == 2 && view.of("other.Service").size() == 1);
        assertThat(values(other)).hasSize(3);
        await().until(() -> registry.status().registration().state() == RegistrationState.ALIVE);
        assertThat(registry.status().registration().leasesLost()).isZero();
        assertThat(view.lists.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void an_etcd_that_comes_back_empty_is_filled_again(@TempDir Path data) throws Exception {
    try (EtcdProcess other = new EtcdProcess(data.resolve("full")).start()) {
      RegistryView view = new RegistryView();
      try (Registry registry = registry(other, 15)) {
        registry.start(view);
        registry.register(SERVICE, INSTANCE);
        soon(() -> view.of(SERVICE).size() == 1);
        for (int i = 0; i < 20; i++) {
          String unused = other.ctl("put", "/else", "where");
        }
        other.kill();
        other.wipe();
        other.start();

        await().atMost(Duration.ofSeconds(15)).until(() -> values(other).size() == 1);
        await().atMost(Duration.ofSeconds(15)).until(() -> view.lists.get() > 1);
        soon(() -> view.of(SERVICE).size() == 1);
      }
    }
  }

  @Test
  void a_compaction_while_the_watch_is_cut_leads_to_a_fresh_list() throws Exception {
    RegistryView view = new RegistryView();
    Registry writer = open(new RegistryView());
    writer.register(SERVICE, INSTANCE);
    try (CuttableProxy proxy = new CuttableProxy(etcd.port());
        Registry reader = registry(proxy.endpoint(), 15)) {
      reader.start(view);
      soon(() -> view.of(SERVICE).size() == 1);

      proxy.cut();
      soon(() -> !view.troubles.isEmpty());
      writer.withdraw(SERVICE, INSTANCE);
      writer.register("other.Service", INSTANCE);
      soon(() -> writer.status().registration().registered() == 1);
      String revision = etcd.ctl("endpoint", "status", "-w", "fields");
      long now =
          Long.parseLong(
              revision
                  .lines()
                  .filter(l -> l.startsWith("\"Revision\""))
                  .findFirst()
                  .orElseThrow()
                  .replaceAll("[^0-9]", ""));
      assertThat(etcd.ctl("compaction", Long.toString(now))).contains("compacted");
      assertThat(view.of(SERVICE)).hasSize(1);
      proxy.mend();

      await().atMost(Duration.ofSeconds(10)).until(() -> view.of("other.Service").size() == 1);
      assertThat(view.of(SERVICE)).isEmpty();
      assertThat(view.lists.get()).isEqualTo(2);
    }
  }

  @Test
  void user_and_password_open_an_etcd_that_asks_for_them(@TempDir Path data) throws Exception {
    try (EtcdProcess guarded = new EtcdProcess(data.resolve("guarded")).start()) {
      assertThat(guarded.ctl("user", "add", "root:secret")).contains("created");
      assertThat(guarded.ctl("auth", "enable")).contains("Enabled");
      String endpoint = "http://127.0.0.1:" + guarded.port();
      RegistryView view = new RegistryView();
      RegistryView refused = new RegistryView();
      try (Registry registry = registry(endpoint, "root", "secret");
          Registry stranger = registry(endpoint, "root", "guess")) {
        registry.start(view);
        stranger.start(refused);
        registry.register(SERVICE, INSTANCE);
        soon(() -> view.of(SERVICE).size() == 1);
        soon(() -> !refused.troubles.isEmpty());
        assertThat(refused.troubles.get(0))
            .contains("authentication failed")
            .doesNotContain("guess");

        // A restart makes every token worthless.
        guarded.kill();
        guarded.start();
        registry.register("other.Service", INSTANCE);
        await().atMost(Duration.ofSeconds(10)).until(() -> view.of("other.Service").size() == 1);
      }
    }
  }

  private static Registry registry(String endpoint, String user, String password) {
    return new EtcdRegistry(
        new EtcdSettings(List.of(endpoint), user, password, "/services/", Duration.ofSeconds(15)));
  }

  @Test
  void an_endpoint_that_is_down_is_passed_over() throws Exception {
    List<String> endpoints = List.of("http://127.0.0.1:1", "127.0.0.1:" + etcd.port());
    RegistryView view = new RegistryView();
    EtcdSettings settings =
        new EtcdSettings(endpoints, null, null, "/services", Duration.ofSeconds(15));
    try (Registry registry = new EtcdRegistry(settings)) {
      registry.start(view);
      registry.register(SERVICE, INSTANCE);

      soon(() -> view.of(SERVICE).size() == 1);
      assertThat(view.troubles).isEmpty();
    }
  }

  @Test
  void a_list_of_many_pages_is_complete() throws Exception {
    Registry writer = open(new RegistryView());
    for (int i = 0; i < 2_500; i++) {
      writer.register("paged.Service" + i % 50, at("127.0.0.1", 1_000 + i));
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> writer.status().registration().registered() == 2_500);

    RegistryView view = new RegistryView();
    open(view);

    soon(() -> view.lists.get() == 1);
    assertThat(view.services.values().stream().mapToInt(List::size).sum()).isEqualTo(2_500);
  }

  @Test
  void a_namespace_stands_before_all_keys_and_hides_those_of_others() throws Exception {
    EtcdSettings settings =
        new EtcdSettings(
            List.of("http://127.0.0.1:" + etcd.port()),
            null,
            null,
            "/services",
            Duration.ofSeconds(15));
    RegistryView inside = new RegistryView();
    RegistryView outside = new RegistryView();
    open(outside);
    try (Registry writer = new EtcdRegistry(settings.withNamespace("/team"));
        Registry reader = new EtcdRegistry(settings.withNamespace("/team"));
        Registry stranger = new EtcdRegistry(settings.withNamespace("/team-b"))) {
      // More than a page.
      for (int i = 0; i < 1_100; i++) {
        writer.register("paged.Service" + i % 50, at("127.0.0.1", 1_000 + i));
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> writer.status().registration().registered() == 1_100);
      reader.start(inside);
      soon(() -> inside.lists.get() == 1);
      assertThat(inside.services.values().stream().mapToInt(List::size).sum()).isEqualTo(1_100);
      RegistryView other = new RegistryView();
      stranger.start(other);
      writer.register(SERVICE, INSTANCE);
      soon(() -> inside.of(SERVICE).equals(List.of(INSTANCE)));

      assertThat(etcd.ctl("get", "--prefix", "/team/services/" + SERVICE, "--keys-only").trim())
          .isEqualTo("/team/services/helloworld.Greeter/127.0.0.1:50051");
      writer.withdraw(SERVICE, INSTANCE);
      soon(() -> inside.of(SERVICE).isEmpty());
      soon(() -> other.lists.get() == 1);
      assertThat(other.services).isEmpty();
      assertThat(outside.services).isEmpty();
    }
  }
}
