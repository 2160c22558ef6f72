package io.meshagent.grpc.repeat;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Agent;
import io.meshagent.core.call.RepeatRule;
import io.meshagent.grpc.attempt.AttemptTracers;
import io.meshagent.grpc.base.Statuses;

/**
 * Stands where gRPC makes a call's stream and where it decides on a retry. Attempts, their timing
 * and what is committed stay gRPC's; a policy of the program's own stands. Called by gRPC on any
 * thread; thread-safe.
 */
public final class Repeating {

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** What a server says that wants no more attempts. */
  private static final String NEVER = "-1";

  private final Agent agent;
  private final CallOfListener calls = new CallOfListener();

  /** Volatile: made by whichever call comes first. Null until then. */
  private volatile PolicyOption option;

  public Repeating(Agent agent) {
    this.agent = agent;
  }

  /**
   * A call is about to get its stream.
   *
   * @param provider gRPC's, to find its internals by
   * @return the options to make it with, or null to leave them
   */
  public Object options(Object provider, Object callOptions) {
    CallOptions options = (CallOptions) callOptions;
    AttemptTracers call = AttemptTracers.in(options);
    RepeatRule rule = call == null ? null : call.repeats();
    if (rule == null) {
      return null;
    }
    CallOptions ours = option(provider).with(options, rule);
    if (ours == null || (rule.isHedging() && !rule.mayHedge())) {
      return null;
    }
    call.repeatsByRule();
    return ours;
  }

  private PolicyOption option(Object provider) {
    PolicyOption known = option;
    if (known == null) {
      known = PolicyOption.of(provider.getClass().getClassLoader(), agent);
      option = known;
    }
    return known;
  }

  /**
   * An attempt has failed, and gRPC decides on a retry by what it is told.
   *
   * @return trailers by which there is none; null to leave them
   */
  public Object trailers(Object listener, Object status, Object trailers) {
    AttemptTracers call = calls.of(listener);
    if (call == null || !call.isRetriedByRule()) {
      return null;
    }
    Metadata seen = (Metadata) trailers;
    Status ended = (Status) status;
    String pushback = seen.get(PUSHBACK);
    if (pushback == null && !call.repeats().isRepeatedAfter(Statuses.code(ended))) {
      return null;
    }
    if (pushback != null && !isTime(pushback)) {
      return null;
    }
    // What another agent refuses is refused again at once, unless it has named a better time.
    boolean refused = Statuses.isRefused(seen) || Statuses.isRefusedByCircuits(ended);
    boolean may = (pushback != null || !refused) && call.tryRetry();
    return may ? null : refusing(seen);
  }

  private static boolean isTime(String pushback) {
    try {
      return Integer.parseInt(pushback) >= 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** A copy, since the program gets the trailers as they are. */
  private static Metadata refusing(Metadata seen) {
    Metadata refusing = new Metadata();
    refusing.merge(seen);
    Iterable<String> unused = refusing.removeAll(PUSHBACK);
    refusing.put(PUSHBACK, NEVER);
    return refusing;
  }
}
