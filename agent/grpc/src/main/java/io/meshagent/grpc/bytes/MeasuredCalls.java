package io.meshagent.grpc.bytes;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Survived;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.base.MethodPlans;
import java.net.InetSocketAddress;
import java.util.AbstractList;
import java.util.List;

/**
 * Makes a tracer for each call that comes to a server, behind those that the program has brought.
 * Called on the threads of transports; thread-safe.
 */
public final class MeasuredCalls extends ServerStreamTracer.Factory {

  private final Agent agent;
  private final MethodPlans plans;

  public MeasuredCalls(Agent agent, MethodPlans plans) {
    this.agent = agent;
    this.plans = plans;
  }

  /**
   * The program's factories and this one.
   *
   * @param factories a list of them
   */
  public Object behind(Object factories) {
    return new Both((List<?>) factories, this);
  }

  /** A view, since it is thrown away when the tracers are made. */
  private static final class Both extends AbstractList<Object> {
    private final List<?> first;
    private final Object last;

    Both(List<?> first, Object last) {
      this.first = first;
      this.last = last;
    }

    @Override
    public Object get(int index) {
      return index == first.size() ? last : first.get(index);
    }

    @Override
    public int size() {
      return first.size() + 1;
    }
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new MeasuredCall(this);
  }

  /** What a call follows; null if it is none of ours, as those that come by no network. */
  CallPlan plan(ServerStreamTracer.ServerCallInfo<?, ?> call) {
    try {
      Attributes connection = call.getAttributes();
      return connection != null
              && connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress
          ? plans.server(call.getMethodDescriptor())
          : null;
    } catch (Throwable e) {
      Survived.tell(agent, "measuring bytes", e);
      return null;
    }
  }

  Agent agent() {
    return agent;
  }
}
