package io.meshagent.grpc;

import io.grpc.Context;
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

  /** Keys by name: the stages ask for a handful of constants. */
  private static final ConcurrentMap<String, Metadata.Key<String>> KEYS = new ConcurrentHashMap<>();

  /** Before the call starts, the program's; then those of the attempt that is being made. */
  private Metadata metadata;

  public Headers(CallPlan plan, Mesh mesh, Metadata metadata) {
    super(plan, mesh);
    this.metadata = metadata;
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

  /** The trailers that go with it. */
  public static Metadata trailers(Refusal refusal) {
    Metadata trailers = new Metadata();
    if (refusal.pushbackMillis() >= 0) {
      trailers.put(PUSHBACK, Long.toString(refusal.pushbackMillis()));
    }
    return trailers;
  }
}
