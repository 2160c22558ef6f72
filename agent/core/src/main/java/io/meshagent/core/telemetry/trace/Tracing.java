package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.log.Log;
import io.meshagent.core.telemetry.otlp.Collector;

/**
 * Traces the calls: a span per call on each side, and the headers that tie them together. The
 * engine makes one at its start and asks for a {@link #stage} per method. Thread-safe; nothing
 * blocks but {@link #close}.
 *
 * <p>Without a collector there are no spans, and no class of OpenTelemetry is even loaded: the
 * headers of an incoming call are put on the calls that its handler makes, unchanged.
 */
public abstract class Tracing implements AutoCloseable {

  static final String TRACEPARENT = "traceparent";
  static final String TRACESTATE = "tracestate";

  /** Registered for OTLP over gRPC. */
  static final int OTLP_PORT = 4317;

  Tracing() {}

  /** Never fails: with an endpoint that makes no sense it warns and goes on without spans. */
  public static Tracing create(TracingSettings settings) {
    Propagation propagation = Propagation.of(settings.formats());
    if (settings.endpoint() == null) {
      return new HeaderTracing(propagation);
    }
    try {
      ServerAddress collector = ServerAddress.parse(settings.endpoint(), OTLP_PORT);
      if (collector != null) {
        return SpanTracing.to(collector, settings);
      }
      Log.warn(
          "Tracing is off, because \""
              + settings.endpoint()
              + "\" is not an address like http://collector:4317; correct tracing.otlp.endpoint and"
              + " restart the program.");
    } catch (RuntimeException | LinkageError e) {
      Log.warn("Tracing is off, because it could not be set up; calls go on without spans.", e);
    }
    return new HeaderTracing(propagation);
  }

  /**
   * The trace stage of a method. A client stage reads what a server stage says of the {@linkplain
   * io.meshagent.core.call.Call#trace trace}.
   */
  public abstract Stage stage(Side side, String method);

  /** Where spans go, and what else goes there; null for nowhere. It ends with this. */
  public Collector collector() {
    return null;
  }

  /** Spans that the collector has taken. */
  public abstract long spansExported();

  /** Spans that could not be queued or that the collector has not taken. */
  public abstract long spansDropped();

  /** Sends what is left, for a second at most, and lets go of threads and connection. */
  @Override
  public abstract void close();
}
