package io.meshagent.core.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.AskedCall;
import io.meshagent.core.call.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cache must not do: tell one what is another's, or have one wait for what hangs. */
class CacheHarmTest extends CacheFixture {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authorization",
        "cookie",
        "proxy-authorization",
        "x-api-key",
        "x-auth-token",
        "x-jwt",
        "x-forwarded-client-cert",
        "x-amz-security-token"
      })
  void calls_with_credentials_have_no_part_in_it_unless_told(String header) {
    use(TTL);
    ask("x").succeed("1");
    AskedCall own = call("x");
    own.headers.put(header, "secret");
    assertThat(own.start().isSent()).isTrue();
    own.succeed("mine");
    assertThat(ask("x").answer()).isEqualTo("1");
    AskedCall signed = call("x");
    signed.credentials = true;
    assertThat(signed.start().isSent()).isTrue();

    use(TTL + "client.cache.with-credentials@a.B=true\n");
    AskedCall first = call("x");
    first.credentials = true;
    assertThat(first.start().isSent()).as("what was kept by another rule is not for it").isTrue();
    first.succeed("all");
    AskedCall second = call("x");
    second.headers.put(header, "other");
    assertThat(second.start().answer()).isEqualTo("all");
  }

  @Test
  void where_an_interceptor_adds_credentials_later_nobody_shares_and_nobody_waits() {
    use(TTL);
    AskedCall first = ask("x");
    AskedCall waiting = ask("x");
    first.leaves("authorization", "Bearer 1");
    assertThat(waiting.isSent()).isTrue();
    first.succeed("mine");
    AskedCall next = ask("x");
    assertThat(next.isSent()).isTrue();
    assertThat(caches().store().size()).isZero();

    use(TTL + "client.timeout=1s\n");
    assertThat(ask("x").isSent()).as("another setting has changed").isTrue();
    waiting.finish(Outcome.of(Code.UNAVAILABLE, null));
    assertNothingHeld();
  }

  @Test
  void where_an_interceptor_adds_later_what_the_response_depends_on_nobody_shares() {
    use(TTL + "client.cache.headers@a.B=x-user\n");
    AskedCall first = ask("x");
    AskedCall waiting = ask("x");
    first.leaves("x-user", "alice");
    assertThat(waiting.isSent()).isTrue();
    waiting.leaves("x-user", "bob");
    first.succeed("for alice");
    waiting.succeed("for bob");

    assertThat(ask("x").isSent()).as("it can't be told whose it is").isTrue();
    assertThat(caches().store().size()).isZero();
  }

  @Test
  void calls_that_show_what_the_response_depends_on_share_with_their_like() {
    use(TTL + "client.cache.headers@a.B=x-user\n");
    for (String user : List.of("alice", "bob")) {
      AskedCall own = call("x");
      own.headers.put("x-user", user);
      own.start().leaves("x-user", user);
      own.succeed("for " + user);
    }
    AskedCall again = call("x");
    again.headers.put("x-user", "bob");
    assertThat(again.start().answer()).isEqualTo("for bob");
  }

  @Test
  void calls_that_a_rule_may_send_to_other_instances_share_only_with_their_like() {
    String rule =
        "client.route@a.B=X-Group~canary.* -> version=2 ; 50% & :path=/a.B/C -> version=1\n";
    use(TTL + rule);
    askOf("canary-1").succeed("from version 2");
    askOf(null).succeed("from version 1");

    assertThat(askOf("canary-1").answer()).isEqualTo("from version 2");
    assertThat(askOf(null).answer()).isEqualTo("from version 1");
    assertThat(askOf("canary-2").isSent()).as("not known yet").isTrue();

    use(TTL + rule.replace("X-Group", "x-other"));
    assertThat(askOf(null).isSent()).as("by another rule it may have gone elsewhere").isTrue();
  }

  private AskedCall askOf(String group) {
    AskedCall call = call("x");
    if (group != null) {
      call.headers.put("x-group", group);
    }
    return call.start();
  }

  @Test
  void who_asks_for_all_and_hangs_does_not_keep_the_others() {
    use(TTL);
    AskedCall usual = ask("y");
    mesh.pass(Duration.ofMillis(50));
    usual.succeed("quick");
    AskedCall hangs = ask("x");
    List<AskedCall> others = ask("x", 10);

    mesh.pass(Duration.ofMillis(199));
    assertThat(others).allMatch(AskedCall::isWaiting);
    mesh.pass(Duration.ofMillis(1));
    assertThat(others).as("one goes, not all").filteredOn(AskedCall::isSent).hasSize(1);
    mesh.pass(Duration.ofMillis(399));
    assertThat(others).filteredOn(AskedCall::isSent).hasSize(1);
    mesh.pass(Duration.ofMillis(1));
    List<AskedCall> sent = others.stream().filter(AskedCall::isSent).toList();
    assertThat(sent).as("one more after twice the time").hasSize(2);

    sent.get(0).succeed("1");
    assertThat(others)
        .filteredOn(other -> !sent.contains(other))
        .allMatch(other -> "1".equals(other.answer()));
    assertThat(ask("x").answer()).isEqualTo("1");
    hangs.finish(Outcome.of(Code.DEADLINE_EXCEEDED, null));
    sent.get(1).succeed("late");
    assertNothingHeld();
  }

  @Test
  void who_asks_for_all_and_is_late_still_answers_those_who_wait() {
    use(TTL);
    AskedCall slow = ask("x");
    List<AskedCall> others = ask("x", 3);
    mesh.pass(Duration.ofSeconds(5));
    assertThat(others).filteredOn(AskedCall::isSent).hasSize(1);

    slow.succeed("1");

    assertThat(others).filteredOn(other -> "1".equals(other.answer())).hasSize(2);
    others.stream().filter(AskedCall::isSent).forEach(other -> other.succeed("2"));
    assertNothingHeld();
  }
}
