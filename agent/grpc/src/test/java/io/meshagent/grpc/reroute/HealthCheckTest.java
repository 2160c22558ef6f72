package io.meshagent.grpc.reroute;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Rights;
import io.meshagent.grpc.base.HealthMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a peer says of its health, and what becomes of calls to it. */
class HealthCheckTest {

  private static final int NOT_SERVING = 2;

  private final FakeMesh mesh = new FakeMesh(new FakeBalancer());
  private final FakeChannel channel = new FakeChannel();
  private final List<Stream> streams = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();
  private final HealthCheck health =
      new HealthCheck(new ChannelSync(channel, mesh, Rights.ofCallers()), new Peer());

  private final class Peer implements HealthCheck.Subject {
    @Override
    public Channel channel() {
      return new Channel() {
        @Override
        @SuppressWarnings("unchecked")
        public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> method, CallOptions options) {
          assertThat(method.getFullMethodName()).isEqualTo("grpc.health.v1.Health/Watch");
          assertThat(options.getDeadline()).isNull();
          assertThat(Context.current()).isSameAs(Context.ROOT);
          streams.add(new Stream());
          return (ClientCall<A, B>) last();
        }

        @Override
        public String authority() {
          return "peer";
        }
      };
    }

    @Override
    public Instance instance() {
      return FakeMesh.endpoint(7).instance();
    }

    @Override
    public void healthChanged(boolean permitted) {
      changes.add(permitted + " -> " + health.permits());
    }
  }

  private static final class Stream extends ClientCall<String, Integer> {
    private Listener<Integer> listener;
    private String asked;
    private boolean halfClosed;
    private boolean cancelled;
    private int requested;

    @Override
    public void start(Listener<Integer> responses, Metadata headers) {
      listener = responses;
    }

    @Override
    public void request(int messages) {
      requested += messages;
    }

    @Override
    public void cancel(String message, Throwable cause) {
      cancelled = true;
    }

    @Override
    public void halfClose() {
      halfClosed = true;
    }

    @Override
    public void sendMessage(String message) {
      asked = message;
    }
  }

  private Stream last() {
    return streams.get(streams.size() - 1);
  }

  private void says(int status) {
    last().listener.onMessage(status);
  }

  private void ends(Status status) {
    last().listener.onClose(status, new Metadata());
  }

  @AfterEach
  void nothing_of_ours_failed() {
    assertThat(mesh.failures).isEmpty();
  }

  @Test
  void nobody_is_asked_unless_the_program_wants_it() {
    health.connected(null);

    assertThat(streams).isEmpty();
    assertThat(health.permits()).isTrue();
    assertThat(health.failure()).isNull();
  }

  @Test
  void calls_wait_for_the_first_answer_and_go_by_each() {
    Context.current().withValue(Context.key("of a call"), 1).run(() -> health.connected("a.B"));
    assertThat(last().asked).isEqualTo("a.B");
    assertThat(last().halfClosed).isTrue();
    assertThat(last().requested).isEqualTo(1);
    assertThat(health.permits()).isFalse();
    assertThat(health.failure()).isNull();

    says(HealthMessages.SERVING);
    says(HealthMessages.SERVING);
    assertThat(health.permits()).isTrue();
    assertThat(changes).containsExactly("false -> true");
    assertThat(last().requested).as("one more each time").isEqualTo(3);

    says(NOT_SERVING);
    assertThat(health.permits()).isFalse();
    assertThat(health.failure().getDescription())
        .isEqualTo("the health check of a.B says NOT_SERVING");
    assertThat(mesh.warnings).hasSize(1);
    assertThat(mesh.warnings.get(0))
        .startsWith("one:7 says NOT_SERVING")
        .contains("healthCheckConfig");

    says(HealthMessages.SERVING);
    assertThat(health.permits()).isTrue();
    assertThat(health.failure()).isNull();
    assertThat(streams).hasSize(1);
  }

  @Test
  void who_has_no_health_service_is_well_until_the_next_connection() {
    health.connected("");
    ends(Status.UNIMPLEMENTED);
    assertThat(health.permits()).isTrue();
    assertThat(changes).containsExactly("false -> true");
    health.ask("");
    channel.timeIsUp();
    assertThat(streams).hasSize(1);

    health.disconnected();
    health.connected("");
    assertThat(streams).hasSize(2);
  }

  @Test
  void a_stream_that_ends_is_opened_again_at_once_if_it_had_lasted() {
    health.connected("");
    says(HealthMessages.SERVING);
    mesh.now += TimeUnit.SECONDS.toNanos(10);
    ends(Status.UNAVAILABLE.withDescription("gone"));

    assertThat(health.permits()).isFalse();
    assertThat(health.failure().getDescription()).contains("UNAVAILABLE: gone");
    assertThat(channel.delays).containsExactly(0L);
    channel.timeIsUp();
    says(HealthMessages.SERVING);
    assertThat(health.permits()).isTrue();
  }

  @Test
  void pauses_grow_while_there_is_no_answer() {
    health.connected("");
    for (int i = 0; i < 20; i++) {
      ends(Status.UNAVAILABLE);
      channel.timeIsUp();
    }

    assertThat(streams).hasSize(21);
    assertThat(channel.delays.get(0)).isBetween(800L, 1_200L);
    assertThat(channel.delays.get(1)).isBetween(1_280L, 1_920L);
    assertThat(channel.delays.get(19)).isBetween(96_000L, 144_000L);
    says(HealthMessages.SERVING);
    ends(Status.UNAVAILABLE);
    assertThat(channel.delays.get(20)).as("it has answered").isBetween(800L, 1_200L);
  }

  @Test
  void another_name_is_asked_for_without_a_pause_in_calls() {
    health.connected(null);
    health.ask("a.B");
    assertThat(health.permits()).isTrue();
    Stream first = last();
    health.ask("a.C");
    assertThat(first.cancelled).isTrue();
    first.listener.onMessage(NOT_SERVING);
    assertThat(health.permits()).as("what the old one says").isTrue();

    says(NOT_SERVING);
    assertThat(health.permits()).isFalse();
    health.ask(null);
    assertThat(last().cancelled).isTrue();
    assertThat(health.permits()).isTrue();
    assertThat(changes).containsExactly("true -> false", "false -> true");
  }

  @Test
  void nothing_is_left_when_the_connection_is_gone() {
    health.connected("");
    ends(Status.UNAVAILABLE);
    health.disconnected();
    channel.timeIsUp();
    assertThat(streams).hasSize(1);
    assertThat(health.failure()).isNull();

    health.connected("");
    health.disconnected();
    assertThat(last().cancelled).isTrue();
    ends(Status.CANCELLED);
    assertThat(health.failure()).isNull();
  }
}
