package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Traced;

/**
 * Tracing without a collector: passes a trace on that others write. A call without the header costs
 * one look at its headers on the server and one field on the client.
 */
final class HeaderTracing extends Tracing {

  private static final Stage SERVER = new ServerStage();
  private static final Stage CLIENT = new ClientStage();

  @Override
  public Stage stage(Side side, String method) {
    return side == Side.CLIENT ? CLIENT : SERVER;
  }

  @Override
  public long spansExported() {
    return 0;
  }

  @Override
  public long spansDropped() {
    return 0;
  }

  @Override
  public void close() {}

  /** The headers of an incoming call, as they were. */
  private static final class Headers implements Traced {
    final String parent;
    final String state;

    Headers(String parent, String state) {
      this.parent = parent;
      this.state = state;
    }

    @Override
    public String traceparent() {
      return parent;
    }
  }

  private static final class ServerStage implements Stage {

    @Override
    public Refusal enter(Call call) {
      String parent = call.header(TRACEPARENT);
      if (parent != null) {
        call.trace(new Headers(parent, call.header(TRACESTATE)));
      }
      return null;
    }

    @Override
    public void leave(Call call) {}
  }

  private static final class ClientStage implements Stage {

    @Override
    public Refusal enter(Call call) {
      return null;
    }

    @Override
    public void sending(Call call) {
      Object around = call.trace();
      if (around instanceof Headers && call.header(TRACEPARENT) == null) {
        Headers headers = (Headers) around;
        call.addHeader(TRACEPARENT, headers.parent);
        if (headers.state != null) {
          call.addHeader(TRACESTATE, headers.state);
        }
      }
    }

    @Override
    public void leave(Call call) {}
  }
}
