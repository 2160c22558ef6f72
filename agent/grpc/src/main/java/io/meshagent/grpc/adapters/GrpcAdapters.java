package io.meshagent.grpc.adapters;

import io.grpc.ServerCall;
import io.meshagent.core.api.Adapters;
import io.meshagent.core.api.LogContext;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.TakenOver;
import io.meshagent.core.call.PlanSource;
import io.meshagent.grpc.attach.Existing;
import io.meshagent.grpc.base.Channels;
import io.meshagent.grpc.base.MethodPlans;
import io.meshagent.grpc.bytes.MeasuredCalls;
import io.meshagent.grpc.client.ClientCalls;
import io.meshagent.grpc.repeat.Repeating;
import io.meshagent.grpc.reroute.Rerouting;
import io.meshagent.grpc.server.ServerCalls;
import io.meshagent.grpc.server.Servers;
import java.util.Set;

/**
 * The adapters for one copy of gRPC. Made by the engine, by name; on the program's threads from
 * then on. A group that this version of gRPC can't link is never touched, so its classes stay
 * unloaded.
 */
public final class GrpcAdapters implements Adapters {

  private final ClientCalls clientCalls;
  private final ServerCalls serverCalls;
  private final Servers servers;
  private final Rerouting rerouting;
  private final Existing existing;
  private final Repeating repeating;
  private final MeasuredCalls measured;

  /**
   * @param off the names of the groups to leave out: CLIENT, ATTEMPT, REPEAT, SERVER, BYTES,
   *     REROUTE, ATTACH
   */
  public GrpcAdapters(Mesh mesh, PlanSource planSource, Set<String> off) {
    MethodPlans plans = new MethodPlans(planSource);
    Channels channels = new Channels(mesh);
    LogContext log = mesh.logContext(ServerCall.class.getClassLoader());
    clientCalls =
        off.contains("CLIENT")
            ? null
            : new ClientCalls(mesh, plans, channels, !off.contains("ATTEMPT"), log);
    serverCalls = off.contains("SERVER") ? null : new ServerCalls(mesh, plans, log);
    servers = off.contains("SERVER") ? null : new Servers(mesh);
    rerouting = off.contains("REROUTE") ? null : new Rerouting(mesh, plans, channels);
    repeating = off.contains("REPEAT") || off.contains("ATTEMPT") ? null : new Repeating(mesh);
    measured = off.contains("BYTES") ? null : new MeasuredCalls(mesh, plans);
    existing = off.contains("ATTACH") ? null : new Existing(mesh, channels, servers, rerouting);
  }

  @Override
  public Object newCall(Object channel, Object next, Object method, Object callOptions) {
    return clientCalls == null ? null : clientCalls.newCall(channel, next, method, callOptions);
  }

  @Override
  public Object newStream(Object provider, Object callOptions) {
    return repeating == null ? null : repeating.options(provider, callOptions);
  }

  @Override
  public Object retryDecision(Object listener, Object status, Object trailers) {
    return repeating == null ? null : repeating.trailers(listener, status, trailers);
  }

  @Override
  public Object serverMethod(Object definition) {
    return serverCalls == null ? null : serverCalls.governed(definition);
  }

  @Override
  public Object serverTracers(Object factories) {
    return measured == null ? null : measured.behind(factories);
  }

  @Override
  public Object contextTask(Object context, Object task) {
    return serverCalls == null ? null : serverCalls.contextTask(context, task);
  }

  @Override
  public void serverStarted(Object server) {
    if (servers != null) {
      servers.started(server);
    }
  }

  @Override
  public void serverStopping(Object server) {
    if (servers != null) {
      servers.stopping(server);
    }
  }

  @Override
  public void serverStoppingNow(Object server) {
    if (servers != null) {
      servers.stoppingNow(server);
    }
  }

  @Override
  public void channelActive(Object channel, Object lbHelper) {
    if (rerouting != null) {
      rerouting.active(channel, lbHelper);
    }
  }

  @Override
  public void channelIdle(Object channel) {
    if (rerouting != null) {
      rerouting.idle(channel);
    }
  }

  @Override
  public Object[] balancingState(Object channel, Object lbHelper, Object state, Object picker) {
    return rerouting == null ? null : rerouting.publishing(channel, lbHelper, state, picker);
  }

  @Override
  public TakenOver takeOver() {
    return existing == null ? TakenOver.NOTHING : existing.takeOver();
  }

  @Override
  public void giveBack() {
    if (rerouting != null) {
      rerouting.giveBack();
    }
  }
}
