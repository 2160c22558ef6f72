package io.meshagent.core.registry.etcd.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.RegistrationStatus.Request;
import io.meshagent.core.registry.etcd.FakeEtcd;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.run.ManualLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EtcdRegistrationTest {

  private static final String KEY = "/services/a.B/127.0.0.1:1";
  private static final EtcdFailure DOWN =
      new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused");

  private final FakeEtcd etcd = new FakeEtcd();
  private final ManualLoop loop = new ManualLoop();
  private final EtcdRegistration registration = new EtcdRegistration(etcd, loop, 15);

  private static String value(int started) {
    return "{\"Op\":0,\"Addr\":\"127.0.0.1:1\",\"Metadata\":{\"started\":\"" + started + "\"}}";
  }

  private long asked(String what) {
    return etcd.asked.stream().filter(each -> each.startsWith(what)).count();
  }

  @Test
  void without_anything_to_register_nothing_is_asked() {
    loop.passSeconds(100);

    assertThat(etcd.asked).isEmpty();
    assertThat(registration.state()).isEqualTo(RegistrationState.IDLE);
  }

  @Test
  void one_lease_carries_all_entries_and_is_renewed_at_a_third() {
    registration.register(KEY, value(5));
    registration.register(KEY + "1", value(5));
    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(etcd.leases).hasSize(1);
    assertThat(etcd.entries).hasSize(2);

    loop.passSeconds(60);

    assertThat(asked("renew")).isBetween(12L, 15L);
    assertThat(asked("grant")).isEqualTo(1);
    assertThat(asked("put")).isEqualTo(2);
    assertThat(asked("read")).isBetween(2L, 3L);
    assertThat(registration.leasesLost()).isZero();
  }

  @Test
  void the_last_word_of_an_entry_is_written_before_it_is_deleted() {
    registration.register(KEY, value(5));
    etcd.silent = true;
    registration.register(KEY, value(6));
    registration.withdraw(KEY);

    List<String> seen = new ArrayList<>();
    while (!etcd.held.isEmpty() && seen.size() < 100) {
      etcd.held.remove(0).run();
      EtcdEntry entry = etcd.entries.get(KEY);
      seen.add(entry == null ? "gone" : entry.value());
    }
    assertThat(seen).contains(value(6)).endsWith("gone");
  }

  @Test
  void registers_again_after_the_lease_was_lost() {
    registration.register(KEY, value(5));

    etcd.expire(etcd.leases.get(0));
    assertThat(etcd.entries).isEmpty();
    loop.passSeconds(6);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(registration.leasesLost()).isEqualTo(1);
    assertThat(etcd.entries.get(KEY).lease()).isEqualTo(etcd.leases.get(0));
  }

  @Test
  void a_lease_that_lives_after_a_long_silence_is_kept_and_nothing_written_again() {
    registration.register(KEY, value(5));
    registration.report("/mesh/agents/1", "{}");

    etcd.failure = DOWN;
    loop.passSeconds(60);
    assertThat(registration.state()).isEqualTo(RegistrationState.LOST);
    assertThat(registration.registered()).isZero();
    registration.register(KEY + "2", value(6));
    etcd.failure = null;
    loop.passSeconds(4);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(registration.leasesLost()).isZero();
    assertThat(registration.registered()).isEqualTo(2);
    assertThat(asked("grant")).isEqualTo(1);
    assertThat(asked("put")).as("each once").isEqualTo(3);
  }

  @Test
  void a_lease_that_ended_in_a_long_silence_is_replaced() {
    registration.register(KEY, value(5));

    etcd.failure = DOWN;
    loop.passSeconds(60);
    etcd.expire(etcd.leases.get(0));
    etcd.failure = null;
    loop.passSeconds(6);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(registration.leasesLost()).isEqualTo(1);
    assertThat(asked("grant")).isEqualTo(2);
    assertThat(etcd.entries.get(KEY).lease()).isEqualTo(etcd.leases.get(0));
  }

  @Test
  void a_lease_that_is_refused_after_a_long_silence_is_replaced() {
    registration.register(KEY, value(5));

    etcd.failure = DOWN;
    loop.passSeconds(60);
    etcd.failure =
        new EtcdFailure(EtcdFailure.Kind.LEASE_GONE, "etcdserver: requested lease not found");
    loop.passSeconds(4);
    assertThat(registration.leasesLost()).isEqualTo(1);
    etcd.failure = null;
    loop.passSeconds(31);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(asked("grant")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void a_put_whose_answer_was_lost_is_not_written_twice() {
    registration.register(KEY, value(5));
    etcd.silent = true;
    registration.register(KEY, value(6));
    // Etcd has it, and nobody hears of that.
    etcd.write(KEY, value(6), etcd.leases.get(0));
    long written = etcd.revision;
    etcd.silent = false;
    etcd.held.forEach(Runnable::run);
    loop.passSeconds(60);

    assertThat(etcd.revision).isEqualTo(written);
    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
  }

  @Test
  void a_lease_that_took_long_to_get_is_renewed_in_time() {
    etcd.silent = true;
    registration.register(KEY, value(5));
    loop.passSeconds(12);
    etcd.silent = false;
    etcd.held.forEach(Runnable::run);

    loop.passSeconds(10);

    assertThat(registration.leasesLost()).isZero();
    assertThat(asked("renew")).isBetween(2L, 4L);
  }

  @Test
  void an_error_that_says_nothing_of_the_lease_costs_none() {
    registration.register(KEY, value(5));

    // As a member says while the cluster chooses a leader.
    etcd.failure = new EtcdFailure(EtcdFailure.Kind.OTHER, "not the leader");
    loop.passSeconds(9);
    etcd.failure = null;
    loop.passSeconds(5);
    assertThat(registration.leasesLost()).isZero();
    assertThat(asked("grant")).isEqualTo(1);

    etcd.failure = new EtcdFailure(EtcdFailure.Kind.REFUSED, "permission denied");
    loop.passSeconds(16);
    assertThat(registration.state()).isEqualTo(RegistrationState.LOST);
    assertThat(registration.leasesLost()).isZero();
  }

  @Test
  void a_day_without_etcd_is_survived_with_few_tries_and_a_quick_end() {
    etcd.failure = DOWN;
    registration.register(KEY, value(5));
    loop.passSeconds(86_400);
    assertThat(asked("grant")).isLessThan(50_000);

    etcd.failure = null;
    loop.passSeconds(5.1);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
  }

  @Test
  void answers_of_an_earlier_lease_are_dropped() {
    etcd.silent = true;
    registration.register(KEY, value(5));
    List<Runnable> late = new ArrayList<>(etcd.held);
    etcd.held.clear();
    etcd.silent = false;
    etcd.failure = DOWN;
    late.forEach(Runnable::run);
    assertThat(registration.state()).isEqualTo(RegistrationState.PUT);
    etcd.failure = null;
    loop.passSeconds(31);
    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);

    etcd.silent = true;
    loop.passSeconds(16);
    assertThat(registration.state()).isEqualTo(RegistrationState.LOST);
    etcd.silent = false;
    etcd.held.forEach(Runnable::run);
    loop.passSeconds(60);
    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
    assertThat(registration.leasesLost()).isZero();
  }

  @Test
  void a_withdrawn_entry_goes_also_if_its_put_was_still_under_way() {
    registration.register(KEY + "1", value(5));
    etcd.silent = true;
    registration.register(KEY, value(5));
    registration.withdraw(KEY);
    etcd.silent = false;
    etcd.held.forEach(Runnable::run);

    assertThat(etcd.entries).containsOnlyKeys(KEY + "1");
    assertThat(registration.desired()).isEqualTo(1);
    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
  }

  @Test
  void a_withdrawal_is_repeated_until_it_is_done() {
    registration.register(KEY, value(5));
    etcd.failure = DOWN;
    registration.withdraw(KEY);
    loop.passSeconds(3);
    etcd.failure = null;
    loop.passSeconds(6);

    assertThat(etcd.entries).isEmpty();
  }

  @Test
  void an_entry_that_was_registered_again_while_it_was_deleted_stays() {
    registration.register(KEY, value(5));
    etcd.silent = true;
    registration.withdraw(KEY);
    registration.register(KEY, value(6));
    etcd.silent = false;
    etcd.held.forEach(Runnable::run);

    assertThat(etcd.entries.get(KEY).value()).isEqualTo(value(6));
    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
  }

  @Test
  void own_entries_are_verified_every_thirty_seconds() {
    registration.register(KEY, value(5));
    EtcdEntry unused = etcd.entries.remove(KEY);

    loop.passSeconds(30);

    assertThat(etcd.entries).containsKey(KEY);
  }

  @Test
  void a_change_of_an_own_entry_is_looked_at_at_once_but_not_again_and_again() {
    registration.register(KEY, value(5));
    loop.passSeconds(2);
    for (int i = 0; i < 10; i++) {
      etcd.write(KEY, "nonsense" + i, 0);
      registration.seen(etcd.entries.get(KEY));
      loop.passSeconds(0.1);
    }
    loop.passSeconds(1);

    assertThat(etcd.entries.get(KEY).value()).isEqualTo(value(5));
    assertThat(asked("read")).isBetween(2L, 3L);
  }

  @Test
  void a_change_that_is_told_before_the_answer_to_a_put_is_looked_at_too() {
    registration.register(KEY + "1", value(5));
    etcd.silent = true;
    registration.register(KEY, value(5));
    registration.seen(new EtcdEntry(KEY, null, 0, 9));
    etcd.silent = false;
    etcd.held.forEach(Runnable::run);
    EtcdEntry unused = etcd.entries.remove(KEY);

    loop.passSeconds(1.1);

    assertThat(etcd.entries).containsKey(KEY);
  }

  @Test
  void the_elder_of_two_yields_and_comes_back_when_the_younger_is_gone() {
    registration.register(KEY, value(5));
    etcd.write(KEY, value(6), 7);
    registration.seen(etcd.entries.get(KEY));
    loop.passSeconds(60);
    assertThat(etcd.entries.get(KEY).value()).isEqualTo(value(6));
    assertThat(registration.registered()).isZero();

    etcd.remove(KEY);
    loop.passSeconds(30);

    assertThat(etcd.entries.get(KEY).value()).isEqualTo(value(5));
  }

  @Test
  void a_refusal_is_retried() {
    etcd.failure = new EtcdFailure(EtcdFailure.Kind.REFUSED, "permission denied");
    registration.register(KEY, value(5));
    loop.passSeconds(120);
    assertThat(registration.state()).isEqualTo(RegistrationState.GRANT);
    assertThat(asked("grant")).isBetween(5L, 40L);

    etcd.failure = null;
    loop.passSeconds(31);

    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);
  }

  @Test
  void closing_gives_the_lease_back() {
    registration.register(KEY, value(5));
    List<String> done = new ArrayList<>();

    registration.close(() -> done.add("done"));
    registration.register(KEY, value(6));
    loop.passSeconds(60);

    assertThat(done).hasSize(1);
    assertThat(etcd.entries).isEmpty();
    assertThat(registration.state()).isEqualTo(RegistrationState.CLOSED);
    assertThat(etcd.asked.get(etcd.asked.size() - 1)).startsWith("revoke");
  }

  @Test
  void closing_without_a_lease_has_nothing_to_wait_for() {
    List<String> done = new ArrayList<>();

    registration.close(() -> done.add("done"));

    assertThat(done).hasSize(1);
    assertThat(etcd.asked).isEmpty();
  }

  @Test
  void tells_what_it_tried_and_when_the_lease_was_renewed() {
    assertThat(registration.status().renewedSecondsAgo()).isEmpty();
    etcd.failure = DOWN;
    registration.register(KEY, value(5));
    etcd.failure = null;
    loop.passSeconds(60);
    assertThat(registration.status().attempts().get(Request.GRANT))
        .isEqualTo(Map.of("unreachable", 1L, "ok", 1L));
    assertThat(registration.status().attempts().get(Request.PUT)).isEqualTo(Map.of("ok", 1L));
    assertThat(registration.status().renewedSecondsAgo().getAsDouble()).isBetween(0.0, 5.1);

    etcd.leases.clear();
    loop.passSeconds(5.1);
    assertThat(registration.status().attempts().get(Request.RENEW))
        .containsEntry("lease_gone", 1L)
        .containsKey("ok");
    etcd.failure = DOWN;
    loop.passSeconds(100);
    assertThat(registration.status().renewedSecondsAgo().getAsDouble()).isBetween(100.0, 105.1);
  }

  @Test
  void what_is_only_mentioned_is_given_up_without_a_word_where_it_is_refused() {
    registration.register(KEY, value(5));
    etcd.failure = new EtcdFailure(EtcdFailure.Kind.REFUSED, "permission denied");
    registration.mention("/mesh/agents/1/calls", "{}");
    registration.mention("/mesh/agents/1/calls", "{1}");
    long puts = asked("put");
    etcd.failure = null;

    loop.passSeconds(300);
    assertThat(asked("put")).isEqualTo(puts);
    assertThat(etcd.entries).containsOnlyKeys(KEY);
    assertThat(registration.state()).isEqualTo(RegistrationState.ALIVE);

    etcd.expire(etcd.leases.get(0));
    loop.passSeconds(60);
    assertThat(etcd.entries).as("with another lease").hasSize(2);
  }

  @Test
  void what_is_mentioned_and_there_is_written_again_once_etcd_takes_it() {
    registration.register(KEY, value(5));
    registration.mention("/mesh/agents/1/calls", "{1}");
    etcd.failure = new EtcdFailure(EtcdFailure.Kind.REFUSED, "permission denied");
    registration.mention("/mesh/agents/1/calls", "{2}");
    etcd.failure = null;
    assertThat(etcd.entries.get("/mesh/agents/1/calls").value()).isEqualTo("{1}");

    loop.passSeconds(31);

    assertThat(etcd.entries.get("/mesh/agents/1/calls").value()).isEqualTo("{2}");
  }
}
