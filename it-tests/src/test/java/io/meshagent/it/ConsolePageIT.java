package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Browser;
import io.meshagent.it.harness.Console;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The console's page, in a real browser. */
@Thorough
class ConsolePageIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);
  @AutoClose private final Browser browser = Browser.start();

  private void awaitText(String selector, String... texts) {
    await().atMost(SOON).untilAsserted(() -> assertThat(browser.text(selector)).contains(texts));
  }

  private void click(String selector) {
    String unused = browser.evaluate("document.querySelector('" + selector + "').click()");
  }

  private void type(String selector, String text) {
    String unused =
        browser.evaluate(
            "(() => { const field = document.querySelector('"
                + selector
                + "'); field.value = '"
                + text.replace("\n", "\\n")
                + "'; field.dispatchEvent(new Event('input', { bubbles: true })); })()");
  }

  @Test
  void draws_who_calls_whom_and_what_goes_wrong() {
    String publish = "console.publish";
    List<Jvm> servers = new ArrayList<>();
    for (String[] each : new String[][] {{"a", "1", "0"}, {"b", "1", "100"}, {"c", "2", "0"}}) {
      servers.add(
          world
              .flakyServer(each[0], "fail=" + each[2])
              .mesh("app.name", "greeter")
              .mesh("app.version", each[1])
              .mesh("app.weight", each[1].equals("2") ? 5 : 100)
              .mesh(publish, "1s")
              .start());
    }
    servers.add(world.chainServer("front").mesh("app.name", "front").mesh(publish, "1s").start());
    servers.forEach(Jvm::awaitPort);
    Jvm client = world.loadClient().mesh("app.name", "shop <b>&").mesh(publish, "1s").start();
    client.awaitInstances(4);
    client.say("begin rate=20 service=chain.Front");
    Console console = Console.start(world);
    browser.resize(1280, 900);

    browser.open(console.url());

    awaitText("#chips", "3 applications", "2 services", "4 instances", "etcd answers");
    awaitText("#edges", "shop <b>&", "helloworld.Greeter/SayHello", "chain.Front/SayHello");
    awaitText("#attention", "1 of 3 instances of greeter get no calls");
    awaitText("#instances", "left out");
    awaitText("#programs", "front");
    assertThat(browser.evaluate("document.querySelectorAll('#picture .node').length"))
        .as("three applications, and a service that the client tries and nobody registers")
        .isEqualTo("4");
    assertThat(browser.text("#picture"))
        .contains("greeter", "1: 2, 2: 1", "warm.Up", "not registered");
    assertThat(browser.picture("console")).isNotEmptyFile();

    // By keyboard: nodes are links, and lead to the node with its neighbours.
    String focused =
        browser.evaluate(
            "(() => { const node = [...document.querySelectorAll('#picture [data-node]')]"
                + ".find(each => each.dataset.node === 'app:greeter'); node.focus();"
                + " return document.activeElement === node; })()");
    assertThat(focused).isEqualTo("true");
    String unused = browser.evaluate("location.hash = '#focus=app%3Agreeter'");
    awaitText("#drawn", "greeter and its neighbours (2 of 4)");
    awaitText("#instances", "127.0.0.1:");
    click("#whole");
    awaitText("#drawn", "all (4 of 4)");
    type("#search", "chain");
    awaitText("#drawn", "what has “chain” in it");
    type("#search", "");

    browser.resize(360, 740);
    browser.dark(true);
    assertThat(browser.evaluate("document.documentElement.scrollWidth"))
        .as("nothing is wider than a phone")
        .isEqualTo("360");
    assertThat(browser.picture("console-on-a-phone")).isNotEmptyFile();
    client.say("end");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void documents_are_written_and_taken_back() throws IOException {
    Console console = Console.start(world);
    browser.resize(1280, 900);
    browser.open(console.url());
    awaitText("#document-list", "There are none.");
    assertThat(browser.text("#lock-state")).isEqualTo("Read-only.");

    click("#document-list button");
    type("#document-name", "slow");
    type("#text", "client.timeuot=1s");
    click("#check");
    awaitText("#problems", "did you mean client.timeout");
    assertThat(browser.evaluate("document.querySelector('#write').disabled")).isEqualTo("true");

    type("#text", "client.timeout=1s");
    type("#token", console.token());
    click("#lock button");
    awaitText("#lock-state", "Unlocked");
    click("#write");
    awaitText("#said", "Written as revision");
    awaitText("#document-list", "slow");

    type("#share", "10");
    click("#set-share");
    awaitText("#difference", "+ apply-to.percent=10");
    click("#write");
    awaitText("#document-list", "percent 10");
    click("#earlier");
    awaitText("#difference", "- apply-to.percent=10");
    assertThat(browser.picture("console-documents")).isNotEmptyFile();
    click("#write");
    await()
        .atMost(SOON)
        .until(
            () ->
                ETCD.keys()
                    .get("/mesh/policies/")
                    .get("/mesh/policies/slow")
                    .value()
                    .equals("client.timeout=1s"));

    browser.resize(360, 740);
    assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo("360");
    assertThat(browser.complaints()).isEmpty();
  }
}
