package io.meshagent.grpc.attempt;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.meshagent.core.call.Attempts;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.RepeatRule;
import io.meshagent.grpc.base.MetadataCall;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes the tracer of each attempt. One that belongs to a call is among its options: there the
 * picker finds it, and with it the call and the attempts that went before. It costs as much as the
 * rest of a call, so calls of which nobody wants to know that have none; where only an instance's
 * statistics are wanted, one of {@link InstanceTracers} comes with the pick. An attempt never has
 * both.
 *
 * <p>gRPC asks it for a tracer before the pick from 1.40 on, and after it in older versions; an
 * attempt is known by its headers, which are an object of its own. From gRPC 1.40 on the headers
 * are shown when the stream is created: factories that the program's interceptors brought, gRPC's
 * own OpenTelemetry plug-in for one, write theirs after ours was asked, and whoever comes last has
 * to see whether there is a trace already. That plug-in writes when the stream is created, too, and
 * after us: the headers of such an attempt are shown once they have left, for everybody to see
 * which trace it is of. Thread-safe: hedged attempts come at once.
 */
public final class AttemptTracers extends ClientStreamTracer.Factory {

  private static final ClientStreamTracer NOTHING_TO_TRACE = new ClientStreamTracer() {};

  /** It is of {@code io.grpc.opentelemetry}, or wherever a program has moved that. */
  private static final String PLUGIN = "OpenTelemetryTracingModule$CallAttemptsTracerFactory";

  static final boolean CREATION_IS_TOLD = isCreationTold();

  /** Whether the call wants to see the headers of its attempts. */
  private final boolean shown;

  /** What gRPC may be told of retries and hedges of the call; null for nothing. */
  private final RepeatRule repeats;

  /** Whether it was told. Volatile: set where the stream is made, read where attempts end. */
  private volatile boolean repeating;

  /** How many retries there were, or hedges. Guarded by this. */
  private int repeated;

  /** Volatile: set when the call starts, read by the thread that makes its stream. */
  private volatile MetadataCall call;

  /** Volatile: set before the first tracer is made, read where streams are. */
  private volatile boolean followedByPlugin;

  /** Guarded by this. 0 until somebody asks. */
  private int chance;

  /** Guarded by this. Whether the call is. */
  private boolean over;

  /**
   * Whether an attempt came while another one was under way: where the program has a policy of its
   * own, nothing else tells a hedge from a retry. Guarded by this.
   */
  private boolean hedged;

  /** The last attempt of the call, which knows the ones before. Guarded by this. */
  private AttemptTracer latest;

  private AttemptTracers(boolean shown, RepeatRule repeats) {
    this.shown = shown;
    this.repeats = repeats;
  }

  /**
   * For one call.
   *
   * @param shown whether the call wants to see the headers of its attempts, after the program's
   *     interceptors and just before they are sent
   * @param repeats what gRPC may be told of retries and hedges of the call; null for nothing
   */
  public static AttemptTracers ofCall(boolean shown, RepeatRule repeats) {
    return new AttemptTracers(shown, repeats);
  }

  /** Those of the call with these options; null if it has none or an interceptor has dropped it. */
  public static AttemptTracers in(CallOptions options) {
    List<ClientStreamTracer.Factory> factories = options.getStreamTracerFactories();
    // The last: a call that is made within another one's interceptor may have that one's, too.
    for (int i = factories.size() - 1; i >= 0; i--) {
      if (factories.get(i) instanceof AttemptTracers) {
        return (AttemptTracers) factories.get(i);
      }
    }
    return null;
  }

  /** The call starts; it was admitted. */
  public void begin(MetadataCall started) {
    call = started;
  }

  /** The call is over: so are those of its attempts that have not left. */
  public void end() {
    AttemptTracer some;
    boolean first;
    boolean hedges;
    synchronized (this) {
      first = !over;
      hedges = repeating ? repeats.isHedging() : hedged;
      over = true;
      some = latest;
    }
    if (first && some != null && some.before() != null) {
      Repetitions.tell(call, some, hedges);
    }
    for (; some != null; some = some.before()) {
      some.callEnded();
    }
  }

  /** What the call follows; null before it starts. */
  public CallPlan plan() {
    MetadataCall of = call;
    return of == null ? null : of.plan();
  }

  /** See {@link io.meshagent.core.api.Attempt#chance}. */
  synchronized double chance() {
    while (chance == 0) {
      chance = ThreadLocalRandom.current().nextInt();
    }
    return (chance & 0xffff_ffffL) * 0x1.0p-32;
  }

  /** What gRPC may be told of retries and hedges of the call; null for nothing. */
  public RepeatRule repeats() {
    return repeats;
  }

  /** gRPC was told: what it repeats from here on it repeats by our rule. */
  public void repeatsByRule() {
    repeating = true;
  }

  /** Whether gRPC may retry the call by our rule, as far as that can be told from here. */
  public boolean isRetriedByRule() {
    return repeating && !repeats.isHedging();
  }

  /**
   * An attempt has failed in a way that gRPC would retry by our rule: takes what that costs.
   *
   * @return false if it must not; true also where no attempt is left, which gRPC knows by itself
   */
  public synchronized boolean tryRetry() {
    if (repeated + 1 >= repeats.attempts()) {
      return true;
    }
    boolean may = repeats.tryRetry();
    if (may) {
      repeated++;
    }
    return may;
  }

  /** The attempt with these headers, which is being picked for. */
  public synchronized AttemptTracer attempt(Metadata headers) {
    for (AttemptTracer some = latest; some != null; some = some.before()) {
      if (some.isOpen(headers)) {
        return some;
      }
    }
    return another(headers);
  }

  /** The attempt with these headers, if there is one yet, goes where it went without us. */
  public synchronized void goesElsewhere(Metadata headers) {
    for (AttemptTracer some = latest; some != null; some = some.before()) {
      if (some.isOpen(headers) && !some.hasBegun()) {
        some.goesTo(null);
      }
    }
  }

  private AttemptTracer another(Metadata headers) {
    MetadataCall of = call;
    AttemptTracer last = latest;
    hedged |= last != null && last.isRunning() && AttemptTracer.isRepeated(headers);
    latest =
        of != null && Attempts.areMeasured(of.pipeline())
            ? new MeasuredAttempt(this, of, headers, last)
            : new AttemptTracer(this, headers, last);
    if (over) {
      // One that is made while the call is cancelled.
      latest.callEnded();
    }
    return latest;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    AttemptTracer attempt = ofCall(headers);
    if (attempt == null) {
      return NOTHING_TO_TRACE;
    }
    if (shown) {
      followedByPlugin = isFollowedByPlugin(info.getCallOptions().getStreamTracerFactories());
    }
    if (!CREATION_IS_TOLD) {
      attempt.created(headers);
    }
    return attempt;
  }

  private synchronized AttemptTracer ofCall(Metadata headers) {
    if (call == null) {
      return null;
    }
    if (repeating && repeats.isHedging()) {
      countHedges(AttemptTracer.number(headers));
    }
    for (AttemptTracer some = latest; some != null; some = some.before()) {
      if (some.isOpen(headers) && some.take()) {
        return some;
      }
    }
    AttemptTracer attempt = another(headers);
    boolean unused = attempt.take();
    return attempt;
  }

  private boolean isFollowedByPlugin(List<ClientStreamTracer.Factory> all) {
    // From the end: where the program brings none, which is as good as always, ours is there.
    for (int i = all.size() - 1; i >= 0 && all.get(i) != this; i--) {
      if (all.get(i).getClass().getName().endsWith(PLUGIN)) {
        return true;
      }
    }
    return false;
  }

  /** One that gRPC sends again because nothing of it was sent keeps its number. */
  private void countHedges(int number) {
    for (; repeated < number; repeated++) {
      repeats.hedged();
    }
  }

  boolean isShown() {
    return shown;
  }

  /** Whether gRPC's own plug-in for tracing writes its header after ours would be. */
  boolean isFollowedByPlugin() {
    return followedByPlugin;
  }

  /** Null before the call starts. */
  MetadataCall call() {
    return call;
  }

  private static boolean isCreationTold() {
    try {
      return ClientStreamTracer.class.getMethod("streamCreated", Attributes.class, Metadata.class)
          != null;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
