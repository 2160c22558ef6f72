package io.meshagent.grpc.base;

import io.grpc.Context;
import io.grpc.Metadata;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A call whose headers are gRPC metadata. Each side has a form of its own. */
public class MetadataCall extends Call {

  /** Carries the trace from a server call to the client calls of its handler. */
  public static final Context.Key<Object> TRACE = Context.key("mesh-agent-trace");

  /** Carries to the client calls of a handler that its own call is a copy. */
  public static final Context.Key<Boolean> COPY = Context.key("mesh-agent-copy");

  /** The header by which servers can tell a copy. */
  public static final String COPY_MARK = "mesh-mirror";

  /** Keys by name: the stages ask for a handful of constants. */
  private static final ConcurrentMap<String, Metadata.Key<String>> KEYS = new ConcurrentHashMap<>();

  /** Before the call starts, the program's; then those of the attempt that is being made. */
  private Metadata metadata;

  /**
   * A call of this plan.
   *
   * @param metadata null if the call {@link #starts} later
   */
  protected MetadataCall(CallPlan plan, Mesh mesh, Metadata metadata) {
    super(plan, mesh);
    this.metadata = metadata;
  }

  /** Before it is admitted: the program starts the call with these headers. */
  protected final void starts(Metadata headers) {
    metadata = headers;
  }

  /** The key of an ASCII header; for a handful of constants. */
  public static Metadata.Key<String> key(String name) {
    Metadata.Key<String> known = KEYS.get(name);
    return known != null
        ? known
        : KEYS.computeIfAbsent(name, n -> Metadata.Key.of(n, Metadata.ASCII_STRING_MARSHALLER));
  }

  /** Those that the attempt will send, while {@link #sending} lasts. */
  protected final Metadata headers() {
    return metadata;
  }

  @Override
  public final String header(String name) {
    return metadata.get(key(name));
  }

  @Override
  public final void addHeader(String name, String value) {
    metadata.put(key(name), value);
  }

  /** An attempt is about to leave with these headers. Any thread; hedged attempts come at once. */
  public final synchronized void sending(Metadata attempt) {
    metadata = attempt;
    sending();
  }
}
