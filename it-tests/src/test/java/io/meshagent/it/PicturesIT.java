package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Browser;
import io.meshagent.it.harness.Console;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Takes the pictures that README.md shows: three applications, of whose instances one fails and one
 * is a canary. CONTRIBUTING.md says how they get from the build directory to the page.
 */
@Thorough
class PicturesIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** Of a file that everybody fetches with the sources. */
  private static final long MOST_BYTES = 150_000;

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);
  @AutoClose private final Browser browser = Browser.start();

  @Test
  void page_and_console_with_real_traffic() throws IOException {
    List<Jvm> servers = new ArrayList<>();
    servers.add(named("stock", world.flakyServer("good").mesh("app.version", "1")).start());
    servers.add(
        named("stock", world.flakyServer("bad", "fail=100").mesh("app.version", "1")).start());
    servers.add(
        named("stock", world.flakyServer("canary").mesh("app.version", "2").mesh("app.weight", "5"))
            .start());
    Jvm prices = named("prices", world.chainServer("prices").mesh("app.version", "7")).start();
    servers.add(prices);
    servers.forEach(Jvm::awaitPort);
    Jvm shop = named("shop", world.loadClient()).start();
    shop.awaitInstances(4);
    shop.say("begin rate=50 service=chain.Front");

    browser.resize(1280, 1000);
    browser.open(prices.admin() + "/");
    awaitText("#name", "prices");
    awaitText("#attention", "of helloworld.Greeter gets no calls");
    awaitText("#calls", "Calls made", "Calls served");
    awaitText("#facts-services", "ejected", "stock");
    assertThat(browser.view("readme-page")).satisfies(PicturesIT::isShort);

    Console console = Console.start(world);
    browser.resize(1280, 1000);
    browser.open(console.url());
    awaitText("#attention", "1 of 3 instances of stock get no calls");
    awaitText("#edges", "shop", "prices", "helloworld.Greeter/SayHello", "chain.Front/SayHello");
    awaitText("#picture", "stock", "1: 2, 2: 1");
    assertThat(browser.view("readme-console")).satisfies(PicturesIT::isShort);
    assertThat(shop.load("end").ok()).isPositive();
    assertThat(browser.complaints()).isEmpty();
  }

  private static JvmBuilder named(String application, JvmBuilder program) {
    return program.mesh("app.name", application).mesh("console.publish", "1s");
  }

  private void awaitText(String selector, String... texts) {
    await().atMost(SOON).untilAsserted(() -> assertThat(browser.text(selector)).contains(texts));
  }

  private static void isShort(Path picture) throws IOException {
    assertThat(Files.size(picture)).isBetween(1L, MOST_BYTES);
  }
}
