package io.meshagent.grpc.base;

import io.grpc.Attributes;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A call whose headers are gRPC metadata. */
public final class MetadataCall extends Call {

  /** Carries the trace from a server call to the client calls of its handler. */
  public static final Context.Key<Object> TRACE = Context.key("mesh-agent-trace");

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
  public MetadataCall(CallPlan plan, Mesh mesh, Metadata metadata, ClientCall<?, ?> asked) {
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

  /** The key of an ASCII header; for a handful of constants. */
  public static Metadata.Key<String> key(String name) {
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
}
