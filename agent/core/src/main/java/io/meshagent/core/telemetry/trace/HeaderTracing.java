package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TraceId;
import io.meshagent.core.call.Traced;

/**
 * Tracing without a collector: passes a trace on that others write. A call without the header costs
 * one look at its headers on the server and one field on the client.
 */
final class HeaderTracing extends Tracing {

  private final Stage server;
  private final Stage client;

  HeaderTracing(Propagation propagation) {
    server = new ServerStage(propagation);
    client = new ClientStage(propagation);
  }

  @Override
  public Stage stage(Side side, String method) {
    return side == Side.CLIENT ? client : server;
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

  /** The trace of an incoming call. */
  private static final class Headers implements Traced {
    final byte[] parent;
    final String state;

    Headers(byte[] parent, String state) {
      this.parent = parent;
      this.state = state;
    }

    @Override
    public String traceparent() {
      return Propagation.text(parent);
    }

    @Override
    public boolean isSampled() {
      return TraceId.isSampled(parent);
    }
  }

  private static final class ServerStage implements Stage {
    private final Propagation propagation;

    ServerStage(Propagation propagation) {
      this.propagation = propagation;
    }

    @Override
    public Refusal enter(Call call) {
      byte[] parent = propagation.found(call);
      if (parent != null && parent.length > 0) {
        call.trace(new Headers(parent, propagation.state(call)));
      }
      return null;
    }

    @Override
    public void leave(Call call) {}
  }

  private static final class ClientStage implements Stage {
    private final Propagation propagation;

    ClientStage(Propagation propagation) {
      this.propagation = propagation;
    }

    @Override
    public Refusal enter(Call call) {
      return null;
    }

    @Override
    public void sending(Call call) {
      Object around = call.trace();
      if (around instanceof Headers && propagation.found(call) == null) {
        Headers headers = (Headers) around;
        propagation.write(call, headers.parent, headers.state);
      }
    }

    @Override
    public void leave(Call call) {}
  }
}
