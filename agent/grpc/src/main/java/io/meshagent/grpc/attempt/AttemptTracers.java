package io.meshagent.grpc.attempt;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.meshagent.core.call.CallPlan;
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
 * to see whether there is a trace already. Thread-safe: hedged attempts come at once.
 */
public final class AttemptTracers extends ClientStreamTracer.Factory {

  private static final ClientStreamTracer NOTHING_TO_TRACE = new ClientStreamTracer() {};

  static final boolean CREATION_IS_TOLD = isCreationTold();

  /** Whether the call wants to see the headers of its attempts. */
  private final boolean shown;

  /** Volatile: set when the call starts, read by the thread that makes its stream. */
  private volatile MetadataCall call;

  /** Guarded by this. 0 until somebody asks. */
  private int chance;

  /** The last attempt of the call, which knows the ones before. Guarded by this. */
  private AttemptTracer latest;

  private AttemptTracers(boolean shown) {
    this.shown = shown;
  }

  /**
   * For one call.
   *
   * @param shown whether the call wants to see the headers of its attempts, after the program's
   *     interceptors and just before they are sent
   */
  public static AttemptTracers ofCall(boolean shown) {
    return new AttemptTracers(shown);
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

  /** The attempt with these headers, which is being picked for. */
  public synchronized AttemptTracer attempt(Metadata headers) {
    for (AttemptTracer some = latest; some != null; some = some.before()) {
      if (some.isOpen(headers)) {
        return some;
      }
    }
    return another(headers);
  }

  private AttemptTracer another(Metadata headers) {
    latest = new AttemptTracer(this, headers, latest);
    return latest;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    AttemptTracer attempt = ofCall(headers);
    if (attempt == null) {
      return NOTHING_TO_TRACE;
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
    for (AttemptTracer some = latest; some != null; some = some.before()) {
      if (some.isOpen(headers) && some.take()) {
        return some;
      }
    }
    AttemptTracer attempt = another(headers);
    boolean unused = attempt.take();
    return attempt;
  }

  boolean isShown() {
    return shown;
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
