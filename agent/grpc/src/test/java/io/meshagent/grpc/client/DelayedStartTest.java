package io.meshagent.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.grpc.base.Channels;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What becomes of a call that waits when several things happen at once. */
class DelayedStartTest {

  private static final KnownChannel KNOWN =
      (KnownChannel)
          Proxy.newProxyInstance(
              KnownChannel.class.getClassLoader(),
              new Class<?>[] {KnownChannel.class},
              (proxy, method, args) -> null);

  private final List<Runnable> timers = new ArrayList<>();
  private final List<String> reached = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final Shut channel = new Shut();

  /** What the stage says when it is asked for the first time, the second … */
  private final List<Function<Call, Verdict>> words = new ArrayList<>();

  private int abandoned;
  private int left;
  private Call waiting;
  private GovernedCall<String, String> call;

  private final Mesh mesh =
      (Mesh)
          Proxy.newProxyInstance(
              Mesh.class.getClassLoader(),
              new Class<?>[] {Mesh.class},
              (proxy, method, args) ->
                  switch (method.getName()) {
                    case "nanoTime" -> 0L;
                    case "after" -> timer((Runnable) args[1]);
                    case "channel" -> KNOWN;
                    default -> throw new AssertionError(method.getName());
                  });

  private Runnable timer(Runnable task) {
    timers.add(task);
    return () -> timers.remove(task);
  }

  /** Whatever is due some day is due now. */
  private void fireTimers() {
    List<Runnable> due = List.copyOf(timers);
    timers.clear();
    due.forEach(Runnable::run);
  }

  private void start(CallOptions options) {
    CallPlan plan = new CallPlan(Side.CLIENT, "a.B/C", null);
    plan.install(new Stage[] {new Counting(), new Saying()}, 0);
    OutgoingCall of = new OutgoingCall(plan, mesh, null);
    CallOptions direct = options.withExecutor(Runnable::run);
    call =
        new GovernedCall<>(
            new Reached(), of, new Channels(mesh).of(channel), direct, Context.current(), null);
    call.start(new Told(), new Metadata());
  }

  private Verdict waits(Call asked) {
    waiting = asked;
    return Wait.on("the test");
  }

  @Test
  void does_in_order_what_the_program_did_meanwhile() {
    words.add(this::waits);
    start(CallOptions.DEFAULT);
    call.request(1);
    call.setMessageCompression(true);
    call.sendMessage("a");
    call.sendMessage("b");
    call.halfClose();
    assertThat(call.isReady()).isFalse();
    assertThat(reached).isEmpty();

    waiting.resume();
    call.request(2);

    assertThat(reached)
        .containsExactly("start", "request 1", "compression", "a", "b", "halfClose", "request 2");
    assertThat(call.isReady()).isTrue();
    fireTimers();
    assertThat(timers).as("nobody looks after it any more").isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void is_closed_once_when_it_is_cancelled_while_it_begins_to_wait() {
    words.add(
        asked -> {
          call.cancel("at the same time", null);
          return waits(asked);
        });
    start(CallOptions.DEFAULT);
    waiting.resume();
    fireTimers();

    assertThat(told).containsExactly("CANCELLED: cancelled while it was started");
    assertThat(reached).containsExactly("cancel");
    assertThat(left).isEqualTo(1);
  }

  @Test
  void is_closed_once_when_its_time_is_over_while_the_stage_is_asked_again() {
    words.add(this::waits);
    words.add(
        asked -> {
          fireTimers();
          return null;
        });
    start(CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS));
    call.sendMessage("a");
    waiting.resume();
    call.sendMessage("b");

    assertThat(told).containsExactly("DEADLINE_EXCEEDED: the call waited for the test");
    assertThat(reached).isEmpty();
    assertThat(left).as("it had been let in").isEqualTo(1);
  }

  @Test
  void is_closed_once_when_it_is_cancelled_while_the_stage_has_it_wait_again() {
    words.add(this::waits);
    words.add(
        asked -> {
          call.cancel("enough", null);
          return waits(asked);
        });
    start(CallOptions.DEFAULT);
    waiting.resume();
    waiting.resume();

    assertThat(told).containsExactly("CANCELLED: enough");
    assertThat(abandoned).isEqualTo(1);
    assertThat(reached).isEmpty();
  }

  @Test
  void is_refused_after_a_wait_and_nothing_of_it_reaches_grpc() {
    words.add(this::waits);
    words.add(asked -> Refusal.of("test", Code.ABORTED, "no"));
    start(CallOptions.DEFAULT);
    call.sendMessage("a");
    waiting.resume();
    call.sendMessage("b");
    call.request(1);
    call.cancel("late", null);

    assertThat(told).containsExactly("ABORTED: no");
    assertThat(reached).isEmpty();
  }

  @Test
  void ends_with_its_channel() {
    words.add(this::waits);
    start(CallOptions.DEFAULT);
    fireTimers();
    assertThat(told).isEmpty();
    channel.shut = true;
    fireTimers();

    assertThat(told)
        .containsExactly(
            "UNAVAILABLE: Channel shutdown invoked while the call waited for the test");
    assertThat(abandoned).isEqualTo(1);
    assertThat(timers).isEmpty();
  }

  @Test
  void goes_when_the_stage_resumed_it_at_once() {
    words.add(
        asked -> {
          asked.resume();
          return waits(asked);
        });
    start(CallOptions.DEFAULT);
    assertThat(reached).containsExactly("start");
  }

  @Test
  void of_a_program_that_never_looks_so_much_is_kept_and_no_more() {
    words.add(this::waits);
    words.add(asked -> asked.canWait() ? waits(asked) : Refusal.of("test", Code.ABORTED, "full"));
    start(CallOptions.DEFAULT);
    for (int i = 0; i < DelayedStart.MOST_KEPT; i++) {
      call.sendMessage("a");
    }
    assertThat(told).isEmpty();
    call.sendMessage("a");
    assertThat(told).containsExactly("ABORTED: full");
  }

  @Test
  void goes_on_the_programs_thread_when_the_message_is_there_that_it_waited_for() {
    words.add(asked -> Wait.FOR_REQUEST);
    start(CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS));
    call.request(2);
    assertThat(reached).isEmpty();
    assertThat(timers).as("one, for a message that does not come").hasSize(1);
    call.sendMessage("a");
    assertThat(reached).containsExactly("start", "request 2", "a");
    call.halfClose();
    assertThat(reached).endsWith("halfClose");
    assertThat(timers).isEmpty();
  }

  @Test
  void goes_without_its_message_when_that_does_not_come() {
    words.add(asked -> Wait.FOR_REQUEST);
    start(CallOptions.DEFAULT);
    assertThat(call.isReady()).as("for who looks before sending").isTrue();
    assertThat(reached).isEmpty();
    fireTimers();
    assertThat(reached).containsExactly("start");
    call.sendMessage("a");
    assertThat(reached).containsExactly("start", "a");
  }

  @Test
  void waits_for_its_message_and_then_for_something_else() {
    words.add(asked -> Wait.FOR_REQUEST);
    words.add(this::waits);
    words.add(asked -> Refusal.of("test", Code.ABORTED, "no"));
    start(CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS));
    call.sendMessage("a");
    call.halfClose();
    assertThat(timers).as("its deadline, and a look at its channel").hasSize(2);
    waiting.resume();
    assertThat(told).containsExactly("ABORTED: no");
    assertThat(reached).isEmpty();
  }

  @Test
  void waits_for_something_and_then_for_a_message_that_is_there() {
    words.add(this::waits);
    words.add(
        asked -> {
          call.sendMessage("a");
          return Wait.FOR_REQUEST;
        });
    start(CallOptions.DEFAULT);
    waiting.resume();
    assertThat(reached).containsExactly("start", "a");
  }

  @Test
  void is_cancelled_or_refused_while_its_message_is_waited_for() {
    words.add(asked -> Wait.FOR_REQUEST);
    start(CallOptions.DEFAULT);
    call.cancel("enough", null);
    call.sendMessage("a");
    fireTimers();
    assertThat(told).containsExactly("CANCELLED: enough");

    words.add(asked -> Wait.FOR_REQUEST);
    words.add(asked -> Refusal.of("test", Code.ABORTED, "no"));
    told.clear();
    start(CallOptions.DEFAULT);
    call.sendMessage("a");
    call.halfClose();
    assertThat(told).containsExactly("ABORTED: no");
    assertThat(reached).isEmpty();
    assertThat(timers).isEmpty();
  }

  private final class Saying implements Stage {
    private int asked;

    @Override
    public Verdict enter(Call of) {
      return asked < words.size() ? words.get(asked++).apply(of) : null;
    }

    @Override
    public void abandoned(Call of) {
      abandoned++;
    }

    @Override
    public void leave(Call of) {}
  }

  private final class Counting implements Stage {
    @Override
    public Verdict enter(Call of) {
      return null;
    }

    @Override
    public void leave(Call of) {
      left++;
    }
  }

  private final class Told extends ClientCall.Listener<String> {
    @Override
    public void onClose(Status status, Metadata trailers) {
      String description = status.getDescription();
      told.add(status.getCode() + (description == null ? "" : ": " + description));
    }
  }

  /** gRPC's call. */
  private final class Reached extends ClientCall<String, String> {
    @Override
    public void start(Listener<String> listener, Metadata headers) {
      reached.add("start");
    }

    @Override
    public void request(int messages) {
      reached.add("request " + messages);
    }

    @Override
    public void cancel(String message, Throwable cause) {
      reached.add("cancel");
    }

    @Override
    public void halfClose() {
      reached.add("halfClose");
    }

    @Override
    public void sendMessage(String message) {
      reached.add(message);
    }

    @Override
    public void setMessageCompression(boolean enabled) {
      reached.add("compression");
    }
  }

  private static final class Shut extends ManagedChannel {
    private boolean shut;

    @Override
    public ManagedChannel shutdown() {
      return this;
    }

    @Override
    public boolean isShutdown() {
      return shut;
    }

    @Override
    public boolean isTerminated() {
      return shut;
    }

    @Override
    public ManagedChannel shutdownNow() {
      return this;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return shut;
    }

    @Override
    public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> method, CallOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String authority() {
      return "a";
    }
  }
}
