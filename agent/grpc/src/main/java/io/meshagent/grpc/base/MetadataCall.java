package io.meshagent.grpc.base;

import io.grpc.Context;
import io.grpc.Metadata;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import java.util.Iterator;
import java.util.Set;
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

  private static final Metadata.Key<String> BAGGAGE =
      Metadata.Key.of("baggage", Metadata.ASCII_STRING_MARSHALLER);

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
  public final byte[] rawHeader(String name) {
    return metadata.get(RawHeaders.key(name));
  }

  @Override
  public final String callerName() {
    return CallerHeader.name(metadata);
  }

  @Override
  public final Set<String> headerNames() {
    return metadata.keys();
  }

  @Override
  public final String allOf(String name) {
    return allOf(metadata, name);
  }

  /** All values of an ASCII header, joined by commas where there are several; null for none. */
  public static String allOf(Metadata headers, String name) {
    Metadata.Key<String> key = key(name);
    Iterable<String> all = headers.getAll(key);
    if (all == null) {
      return null;
    }
    Iterator<String> each = all.iterator();
    String first = each.next();
    return each.hasNext() ? String.join(",", all) : first;
  }

  /** What an attempt of this client's call will have of the call around it; null for nothing. */
  public final String carried(String name) {
    if (traceContext == null) {
      return null;
    }
    return name.equals(BAGGAGE.name())
        ? carriedBaggage()
        : name.equals("traceparent") ? carriedTraceparent() : null;
  }

  /**
   * Gives an attempt the baggage of the call around it, unless it has some of its own. Any thread.
   *
   * @param attempt its headers
   */
  public final void handOnBaggage(Metadata attempt) {
    String baggage = traceContext == null ? null : carriedBaggage();
    if (baggage != null && !attempt.containsKey(BAGGAGE)) {
      attempt.put(BAGGAGE, baggage);
    }
  }

  @Override
  public final void addHeader(String name, String value) {
    metadata.put(key(name), value);
  }

  @Override
  public final void addRawHeader(String name, byte[] value) {
    metadata.put(RawHeaders.key(name), value);
  }

  /** An attempt is about to leave with these headers. Any thread; hedged attempts come at once. */
  public final synchronized void sending(Metadata attempt) {
    metadata = attempt;
    sending();
  }
}
