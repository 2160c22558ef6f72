package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.opentelemetry.context.Context;

/**
 * The client's span of a call, and the header that tells the server of it. A header that the
 * program or another agent has written stays: the span joins that trace, and no second header is
 * sent. They write theirs in interceptors, inside of ours, so what is there is known only when an
 * attempt leaves, and so is the span's parent.
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
    call.keep(this, new ClientSpan(spans, method, around(call)));
    return null;
  }

  private static Context around(Call call) {
    Object around = call.trace();
    return around instanceof SpanAround ? ((SpanAround) around).context : Context.root();
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
  public void sending(Call call) {
    ((ClientSpan) call.kept(this)).sending(call);
  }

  @Override
  public void leave(Call call) {
    ((ClientSpan) call.kept(this)).end(call, call.code() != Code.OK);
  }
}
