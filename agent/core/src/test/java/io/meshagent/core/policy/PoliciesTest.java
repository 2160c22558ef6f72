package io.meshagent.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.access.AccessKeys;
import io.meshagent.core.policy.balance.BalanceKeys;
import io.meshagent.core.policy.base.Policy;
import io.meshagent.core.policy.breaker.BreakerKeys;
import io.meshagent.core.policy.cache.CacheKeys;
import io.meshagent.core.policy.concurrency.ConcurrencyKeys;
import io.meshagent.core.policy.fallback.FallbackKeys;
import io.meshagent.core.policy.fault.FaultKeys;
import io.meshagent.core.policy.ratelimit.RateLimitKeys;
import io.meshagent.core.policy.retry.RetryKeys;
import io.meshagent.core.policy.route.RouteKeys;
import io.meshagent.core.policy.shed.ShedKeys;
import io.meshagent.core.policy.timeout.TimeoutPolicy;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PoliciesTest {

  @Test
  void each_has_a_name_of_its_own_and_keys_that_begin_with_it() {
    assertThat(Policies.inOrder()).extracting(Policy::name).doesNotHaveDuplicates();
    for (Policy policy : Policies.inOrder()) {
      assertThat(policy.keys())
          .extracting(Key::name)
          .isNotEmpty()
          .allMatch(name -> name.matches("(client|server)\\." + policy.name() + "(\\..*)?"));
    }
  }

  @Test
  void what_switches_a_policy_is_one_word_for_all_calls() {
    for (Policy policy : Policies.inOrder()) {
      assertThat(policy.switches())
          .allMatch(key -> key.name().matches("[a-z-]+") && key.isLive() && !key.isSelectable());
      assertThat(Policies.keys().all()).containsAll(policy.switches());
    }
  }

  @Test
  void whatever_a_policy_can_be_told_may_be_told_while_calls_flow() {
    for (Policy policy : Policies.inOrder()) {
      assertThat(policy.keys()).allMatch(Key::isLive);
      assertThat(Policies.keys().all()).containsAll(policy.keys());
    }
  }

  @Test
  void every_constant_stands_among_the_keys() throws IllegalAccessException {
    var constants =
        Stream.of(
                TimeoutPolicy.class,
                BalanceKeys.class,
                RouteKeys.class,
                BreakerKeys.class,
                RateLimitKeys.class,
                ConcurrencyKeys.class,
                FaultKeys.class,
                FallbackKeys.class,
                CacheKeys.class,
                ShedKeys.class,
                RetryKeys.class,
                AccessKeys.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
            .filter(field -> Modifier.isPublic(field.getModifiers()))
            .toList();

    assertThat(constants).hasSize(56);
    for (var constant : constants) {
      assertThat(Policies.keys().all()).containsOnlyOnce((Key<?>) constant.get(null));
    }
  }

  @Test
  void for_readers_what_belongs_together_stands_together() {
    assertThat(Policies.keys().all())
        .extracting(Key::name)
        .containsSubsequence(
            "discover.snapshot.dir",
            "client.timeout",
            "client.breaker.enabled",
            "client.breaker.probes",
            "client.rate-limit.rate",
            "client.rate-limit.burst",
            "server.rate-limit.rate",
            "server.rate-limit.pushback",
            "drain.delay");
  }
}
