package io.meshagent.grpc.reroute;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Instance;
import io.meshagent.grpc.base.HealthMessages;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The health check of one link, where the program's service config asks for it: gRPC's own looks
 * only at the connections of the channel's own balancer. A stream of {@code
 * grpc.health.v1.Health/Watch} says whether calls may go there; what its answers and its end mean
 * is what they mean in gRPC. Confined to the channel's sync context.
 *
 * @see <a
 *     href="https://github.com/grpc/proposal/blob/master/A17-client-side-health-checking.md">gRPC's
 *     proposal A17</a>
 */
final class HealthCheck {

  /** As gRPC waits between attempts to connect. */
  private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final double FACTOR = 1.6;
  private static final double JITTER = 0.2;

  private final ChannelSync sync;
  private final Subject subject;

  /** Null while nobody asks, the peer knows no health service, or there is no connection. */
  private String service;

  private State state = State.OFF;

  /** Why no calls may go there. Null but in state FAILING. */
  private Status failure;

  private boolean connected;

  /** Whether the peer has said that it knows no health service. Of this connection. */
  private boolean unimplemented;

  private long pauseNanos = FIRST_PAUSE_NANOS;

  /** Null while none is open. */
  private Watch watch;

  /** Opens the next one. Null if none is planned. */
  private SynchronizationContext.ScheduledHandle next;

  private enum State {
    /** Nobody asks, or nobody would answer: calls may go there. */
    OFF,
    /** Calls wait for the first answer. */
    UNANSWERED,
    SERVING,
    FAILING
  }

  /** What is checked. Called in the sync context. */
  interface Subject {

    /** Leads calls there, whatever is picked. */
    Channel channel();

    /** Who is checked, with the facts that are known now. */
    Instance instance();

    /** Whether calls may go there has changed, or why not. */
    void healthChanged(boolean permitted);
  }

  HealthCheck(ChannelSync sync, Subject subject) {
    this.sync = sync;
    this.subject = subject;
  }

  /**
   * The connection is up. Tells the subject nothing: it asks.
   *
   * @param wanted the name to ask for; null for no check
   */
  void connected(String wanted) {
    disconnected();
    connected = true;
    if (wanted != null) {
      service = wanted;
      state = State.UNANSWERED;
      open();
    }
  }

  /** The connection is up no longer. Tells the subject nothing. */
  void disconnected() {
    connected = false;
    unimplemented = false;
    forget();
  }

  private void forget() {
    stop();
    service = null;
    state = State.OFF;
    failure = null;
    pauseNanos = FIRST_PAUSE_NANOS;
  }

  /**
   * The program's service config says something else, maybe. Who gets calls gets them until the
   * first answer: none has to wait because of a new config.
   *
   * @param wanted the name to ask for; null for no check
   */
  void ask(String wanted) {
    if (!connected || unimplemented || Objects.equals(wanted, service)) {
      return;
    }
    boolean permitted = permits();
    if (wanted == null) {
      forget();
    } else {
      stop();
      service = wanted;
      state = state == State.OFF ? State.SERVING : state;
      open();
    }
    if (permits() != permitted) {
      subject.healthChanged(permitted);
    }
  }

  /** Whether calls may go there, as far as this goes. */
  boolean permits() {
    return state == State.OFF || state == State.SERVING;
  }

  /** Why they may not; null if they may, or if nobody knows yet. */
  Status failure() {
    return failure;
  }

  private void stop() {
    if (next != null) {
      next.cancel();
      next = null;
    }
    if (watch != null) {
      Watch last = watch;
      watch = null;
      last.cancel();
    }
  }

  private void open() {
    next = null;
    // The context of a call of the program's, which may be in this thread, would end with it.
    Context before = Context.ROOT.attach();
    try {
      watch = new Watch();
      watch.start();
    } finally {
      Context.ROOT.detach(before);
    }
  }

  private void become(State newState, Status newFailure) {
    boolean permitted = permits();
    state = newState;
    failure = newFailure;
    subject.healthChanged(permitted);
  }

  private void answered(int status) {
    pauseNanos = FIRST_PAUSE_NANOS;
    if (status == HealthMessages.SERVING) {
      if (state != State.SERVING) {
        become(State.SERVING, null);
      }
    } else {
      fail(HealthMethod.name(status), "says " + HealthMethod.name(status));
    }
  }

  private void ended(Status status, boolean answered, long lastedNanos) {
    watch = null;
    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      unimplemented = true;
      service = null;
      become(State.OFF, null);
      return;
    }
    fail(
        status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription()),
        "answers " + status.getCode());
    long left = withJitter(pauseNanos) - lastedNanos;
    if (!answered) {
      pauseNanos = Math.min(LONGEST_PAUSE_NANOS, (long) (pauseNanos * FACTOR));
    }
    next = sync.later(Math.max(0, TimeUnit.NANOSECONDS.toMillis(left)), this::open);
  }

  private static long withJitter(long nanos) {
    return (long) (nanos * (1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1)));
  }

  /**
   * @param why for calls
   * @param says for people, the same words each time
   */
  private void fail(String why, String says) {
    String asked = service.isEmpty() ? "the server" : service;
    become(
        State.FAILING,
        Status.UNAVAILABLE.withDescription("the health check of " + asked + " says " + why));
    sync.mesh()
        .warn(
            subject.instance().hostPort()
                + " "
                + says
                + " when asked for the health of "
                + asked
                + ", as the program's service config wants it (healthCheckConfig); over that"
                + " channel it gets no calls until it says SERVING");
  }

  /** One stream. What comes of it comes on any thread, and counts while it is the one. */
  private final class Watch extends ClientCall.Listener<Integer> {

    private final ClientCall<String, Integer> call =
        subject.channel().newCall(HealthMethod.WATCH, CallOptions.DEFAULT);

    private final long beganNanos = sync.mesh().nanoTime();

    /** Confined to the sync context. */
    private boolean answered;

    void start() {
      call.start(this, new Metadata());
      call.sendMessage(service);
      call.halfClose();
      call.request(1);
    }

    void cancel() {
      call.cancel("nobody asks any more", null);
    }

    @Override
    public void onMessage(Integer status) {
      inSync(
          () -> {
            answered = true;
            call.request(1);
            answered(status);
          });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      inSync(() -> ended(status, answered, sync.mesh().nanoTime() - beganNanos));
    }

    @SuppressWarnings("ReferenceEquality") // Each is one of its own.
    private void inSync(Runnable task) {
      sync.execute(
          () -> {
            if (watch == this) {
              task.run();
            }
          });
    }
  }
}
