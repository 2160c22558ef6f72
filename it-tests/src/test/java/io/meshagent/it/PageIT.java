package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Browser;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The page of a JVM, in a real browser. */
@Thorough
class PageIT {

  private static final Duration SOON = Duration.ofSeconds(40);

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);
  @AutoClose private final Browser browser = Browser.start();

  private void awaitText(String selector, String text) {
    await().atMost(SOON).untilAsserted(() -> assertThat(browser.text(selector)).contains(text));
  }

  @Test
  void shows_what_the_facts_say_and_what_needs_attention() {
    Jvm good = world.flakyServer("good").mesh("app.version", "1").start();
    int port = good.awaitPort();
    Jvm bad = world.flakyServer("bad", "fail=100").mesh("app.version", "2").start();
    int badPort = bad.awaitPort();
    Jvm client = world.loadClient().mesh("app.name", "shop <b>&").start();
    client.awaitInstances(2);
    client.say("begin rate=100");
    browser.resize(1280, 900);

    browser.open(client.admin() + "/");

    awaitText("#name", "shop <b>&");
    awaitText("#chips", "governance on");
    awaitText("#facts-services", "127.0.0.1:" + port);
    awaitText("#attention", "127.0.0.1:" + badPort + " of helloworld.Greeter gets no calls");
    awaitText("#calls", "Calls made");
    awaitText("#facts-channels", "registered instances");
    ETCD.keys().put("/mesh/policies/wrong", "client.timeuot=1s\n");
    awaitText("#attention", "Document wrong is refused");
    awaitText("#events", "document wrong");
    assertThat(browser.evaluate("document.body.dataset.told > 0")).as("told").isEqualTo("true");
    String asked =
        "performance.getEntriesByType('resource').filter(e => /mesh$/.test(e.name)).length";
    assertThat(Integer.parseInt(browser.evaluate(asked))).as("asked").isLessThan(5);
    assertThat(browser.picture("page")).isNotEmptyFile();

    browser.resize(360, 740);
    browser.dark(true);
    assertThat(browser.evaluate("document.documentElement.scrollWidth <= 360"))
        .as("nothing is wider than a phone")
        .isEqualTo("true");
    assertThat(browser.picture("page-on-a-phone")).isNotEmptyFile();
    client.say("end");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void explains_calls_by_their_headers_and_says_what_is_wrong_with_a_question() {
    Jvm server =
        world
            .flakyServer("guarded")
            .mesh("server.access", "allow shop; deny *")
            .mesh("server.access.mode", "enforce")
            .start();
    int unused = server.awaitPort();
    browser.resize(360, 740);
    browser.open(server.admin() + "/");
    awaitText("#chips", "registered 1 of 1");

    explain("helloworld.Greeter/SayHello", "mesh-caller=batch");
    awaitText("#explain li.bad", "access refuses batch");
    explain("helloworld.Greeter/SayHello", "mesh-caller=shop tenant=7");
    awaitText("#explain li.good", "Nothing speaks against calls of helloworld.Greeter/SayHello.");
    awaitText("#explain li.said", "registered as");
    explain("x".repeat(400), "");
    awaitText("#explain p.bad", "Name a method");
    assertThat(browser.evaluate("document.documentElement.scrollWidth <= 360"))
        .as("nothing is wider than a phone")
        .isEqualTo("true");
  }

  private void explain(String method, String headers) {
    String unused =
        browser.evaluate(
            "(form => { form.elements.method.value = '%s'; form.elements.headers.value = '%s'; form.requestSubmit(); return 1; })(document.querySelector('#explain form'))"
                .formatted(method, headers));
  }

  @Test
  void says_that_the_program_has_ended() {
    Jvm client = world.loadClient().start();
    LoadResult unused = client.load("calls n=1");
    browser.open(client.admin() + "/");
    awaitText("#attention", "Nothing.");

    client.terminate();

    awaitText("#stale", "does not answer");
  }
}
