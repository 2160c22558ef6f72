package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;

/**
 * The client's span of a call, and the header that tells the server of it. A header that the
 * program or another agent has written stays: the span joins that trace, and no second header is
 * sent. They write theirs in interceptors, inside of ours, so what is there is known only when an
 * attempt leaves, and so is the span's parent.
 *
 * <p>Whether a trace that begins here is sampled is decided before. Where it is not, and inside of
 * one that is not, a call keeps the header to write and nothing else, unless a sampled trace turns
 * out to be there.
 */
final class ClientSpanStage implements Stage {

  private final Spans spans;
  private final String method;

  ClientSpanStage(Spans spans, String method) {
    this.spans = spans;
    this.method = method;
  }

  @Override
  public Refusal enter(Call call) {
    Object around = call.trace();
    if (around instanceof NotSampled) {
      call.keep(this, around);
    } else if (around instanceof SpanAround) {
      call.keep(this, new ClientSpan(spans, method, ((SpanAround) around).context, spans.now()));
    } else if (spans.samplesNewTrace()) {
      call.keep(this, new ClientSpan(spans, method, Context.root(), spans.now()));
    } else {
      call.keep(this, new NotSampled());
    }
    return null;
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  @Override
  public boolean marksEveryCall() {
    return true;
  }

  @Override
  public boolean makesSpans() {
    return true;
  }

  @Override
  public boolean isSampled(Call call) {
    Object kept = call.kept(this);
    return kept instanceof ClientSpan && ((ClientSpan) kept).isSampled();
  }

  /** Null for a call that was refused before it came here. */
  @Override
  public String traceparent(Call call) {
    Object kept = call.kept(this);
    if (kept instanceof NotSampled) {
      return ((NotSampled) kept).traceparent();
    }
    return kept == null ? null : ((ClientSpan) kept).traceparent();
  }

  @Override
  public void sending(Call call) {
    Object kept = call.kept(this);
    if (kept instanceof ClientSpan) {
      ((ClientSpan) kept).sending(call);
    } else if (!call.isOver()) {
      byte[] theirs = spans.headers.found(call);
      if (theirs == null) {
        spans.headers.write(call, ((NotSampled) kept).header(), null);
      } else if (!NotSampled.isTold(theirs)) {
        joinIfSampled(call);
      }
    }
  }

  /** The call has a header of others, who may have decided otherwise. */
  private void joinIfSampled(Call call) {
    Context theirs = spans.read(call);
    if (!Span.fromContext(theirs).getSpanContext().isSampled()) {
      return;
    }
    ClientSpan span = new ClientSpan(spans, method, theirs, spans.now() - call.elapsedNanos());
    synchronized (call) {
      // Its end, which may be under way, either finds the span or was there before it.
      if (call.isOver()) {
        return;
      }
      call.keep(this, span);
    }
    span.sending(call);
  }

  @Override
  public void leave(Call call) {
    Object kept;
    synchronized (call) {
      kept = call.kept(this);
    }
    if (kept instanceof ClientSpan) {
      ((ClientSpan) kept).end(call, call.code() != Code.OK);
    }
  }
}
