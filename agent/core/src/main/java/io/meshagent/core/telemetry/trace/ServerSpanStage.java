package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.util.EnumSet;
import java.util.Set;

/**
 * The server's span of a call, under the one that the call's header tells of, and the context in
 * which the handler's own calls go out. One that is not sampled has no span and passes its header
 * on.
 */
final class ServerSpanStage implements Stage {

  /** The rest is the caller's doing and no error of this server's, say the conventions. */
  private static final Set<Code> ERRORS =
      EnumSet.of(
          Code.UNKNOWN,
          Code.DEADLINE_EXCEEDED,
          Code.UNIMPLEMENTED,
          Code.INTERNAL,
          Code.UNAVAILABLE,
          Code.DATA_LOSS);

  private final Spans spans;
  private final String method;

  ServerSpanStage(Spans spans, String method) {
    this.spans = spans;
    this.method = method;
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  @Override
  public Refusal enter(Call call) {
    byte[] header = spans.headers.found(call);
    if (header == null) {
      if (spans.samplesNewTrace()) {
        begin(call, true);
      } else {
        call.trace(new NotSampled());
      }
    } else if (NotSampled.isTold(header) && spans.headers.state(call) == null) {
      call.trace(new NotSampled(header));
    } else {
      begin(call, spans.samplesNewTrace());
    }
    return null;
  }

  private void begin(Call call, boolean samplesNew) {
    Context parent = spans.read(call);
    Span span = spans.begin(SpanKind.SERVER, method, parent, spans.now(), samplesNew);
    if (span.isRecording()) {
      call.keep(this, span);
    }
    call.trace(new SpanAround(parent.with(span)));
  }

  @Override
  public void leave(Call call) {
    Span span = (Span) call.kept(this);
    if (span != null) {
      Spans.end(span, call, ERRORS.contains(call.code()));
    }
  }
}
