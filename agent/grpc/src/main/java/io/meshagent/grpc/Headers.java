package io.meshagent.grpc;

import io.grpc.Attributes;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Call;
import io.meshagent.core.api.CallPlan;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Refusal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A call whose headers are gRPC metadata, and the conversions between gRPC's words and ours. */
public final class Headers extends Call {

  /** Carries the trace from a server call to the client calls of its handler. */
  public static final Context.Key<Object> TRACE = Context.key("mesh-agent-trace");

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * What a refusal of ours is known by where it was handed on, with the policy's name: who gets it
   * has nobody to blame.
   */
  private static final Metadata.Key<String> REFUSED =
      Metadata.Key.of("mesh-refused", Metadata.ASCII_STRING_MARSHALLER);

  /** What descriptions of the agent's begin with. */
  private static final String OURS = "mesh-agent: ";

  /** Keys by name: the stages ask for a handful of constants. */
  private static final ConcurrentMap<String, Metadata.Key<String>> KEYS = new ConcurrentHashMap<>();

  /** Client: asked who answered, once the call ends. Null on a server. */
  private final ClientCall<?, ?> asked;

  /** Before the call starts, the program's; then those of the attempt that is being made. */
  private Metadata metadata;

  /**
   * A call with these headers.
   *
   * @param asked a client's call, which knows its connection; null on a server
   */
  public Headers(CallPlan plan, Mesh mesh, Metadata metadata, ClientCall<?, ?> asked) {
    super(plan, mesh);
    this.metadata = metadata;
    this.asked = asked;
  }

  @Override
  public Object peer() {
    // Null from a call of the program's own that comes to no connection.
    Attributes attributes = asked == null ? null : asked.getAttributes();
    return attributes == null ? null : attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
  }

  private static Metadata.Key<String> key(String name) {
    Metadata.Key<String> known = KEYS.get(name);
    return known != null
        ? known
        : KEYS.computeIfAbsent(name, n -> Metadata.Key.of(n, Metadata.ASCII_STRING_MARSHALLER));
  }

  @Override
  public String header(String name) {
    return metadata.get(key(name));
  }

  @Override
  public void addHeader(String name, String value) {
    metadata.put(key(name), value);
  }

  /** An attempt is about to leave with these headers. Any thread; hedged attempts come at once. */
  public synchronized void sending(Metadata attempt) {
    metadata = attempt;
    sending();
  }

  public static Code code(Status status) {
    return Code.of(status.getCode().value());
  }

  /** The status that a program sees of a refusal. */
  public static Status status(Refusal refusal) {
    return Status.fromCodeValue(refusal.code().ordinal()).withDescription(refusal.description());
  }

  /** Whether a call ended with a refusal of ours, made there or handed on. */
  public static boolean isRefused(Metadata trailersOrNull) {
    return trailersOrNull != null && trailersOrNull.containsKey(REFUSED);
  }

  /**
   * A status that was made of a refusal is one, too: its trailers get the mark. Many programs hand
   * the status on and not its trailers; then its cause has them, or its description is ours.
   */
  public static void markPassedOn(Status status, Metadata trailers) {
    if (trailers == null || trailers.containsKey(REFUSED)) {
      return;
    }
    Throwable cause = status.getCause();
    Metadata theirs = cause == null ? null : Status.trailersFromThrowable(cause);
    String policy = theirs == null ? null : theirs.get(REFUSED);
    String description = status.getDescription();
    if (policy != null) {
      trailers.put(REFUSED, policy);
    } else if (description != null && description.startsWith(OURS)) {
      trailers.put(REFUSED, "passed-on");
    }
  }

  /** The trailers that go with it. */
  public static Metadata trailers(Refusal refusal) {
    Metadata trailers = new Metadata();
    trailers.put(REFUSED, refusal.policy());
    if (refusal.pushbackMillis() >= 0) {
      trailers.put(PUSHBACK, Long.toString(refusal.pushbackMillis()));
    }
    return trailers;
  }
}
