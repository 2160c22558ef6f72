package io.meshagent.core.hooks;

import io.meshagent.bootstrap.Door;
import io.meshagent.core.api.Adapters;
import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Survived;
import java.util.function.Function;

/**
 * Stands behind the {@link Door}: takes what a hook saw to the adapters of the loader that it came
 * from. Called on the program's threads, inside gRPC; never throws what is ours.
 */
public final class Doorkeeper implements Function<Object[], Object> {

  private final AdaptersByLoader adapters;
  private final Agent agent;

  public Doorkeeper(AdaptersByLoader adapters, Agent agent) {
    this.adapters = adapters;
    this.agent = agent;
  }

  /**
   * @param seen the hook's number and its four values, see {@link Door}
   */
  @Override
  public Object apply(Object[] seen) {
    int hook = (Integer) seen[0];
    Adapters to;
    try {
      to = adapters.of(seen[1] instanceof Class ? (Class<?>) seen[1] : seen[1].getClass());
    } catch (Throwable e) {
      Survived.tell(agent, "adapters", e);
      return null;
    }
    if (to == null) {
      return null;
    }
    if (hook == Door.NEW_CALL) {
      // Not guarded here: what the program's own interceptors throw has to pass.
      return to.newCall(seen[1], seen[2], seen[3], seen[4]);
    }
    try {
      return guarded(hook, to, seen);
    } catch (Throwable e) {
      Survived.tell(agent, "hook", e);
      return null;
    }
  }

  private static Object guarded(int hook, Adapters to, Object[] seen) {
    switch (hook) {
      case Door.SERVER_METHOD:
        return to.serverMethod(seen[2]);
      case Door.SERVER_STARTED:
        to.serverStarted(seen[1]);
        return null;
      case Door.SERVER_STOPPING:
        to.serverStopping(seen[1]);
        return null;
      case Door.SERVER_STOPPING_NOW:
        to.serverStoppingNow(seen[1]);
        return null;
      case Door.CHANNEL_ACTIVE:
        to.channelActive(seen[1], seen[2]);
        return null;
      case Door.CHANNEL_IDLE:
        to.channelIdle(seen[1]);
        return null;
      case Door.BALANCING_STATE:
        return to.balancingState(seen[2], seen[1], seen[3], seen[4]);
      case Door.NEW_STREAM:
        return to.newStream(seen[1], seen[2]);
      case Door.RETRY_DECISION:
        return to.retryDecision(seen[1], seen[2], seen[3]);
      case Door.SERVER_TRACERS:
        return to.serverTracers(seen[2]);
      case Door.CONTEXT_TASK:
        return to.contextTask(seen[1], seen[2]);
      default:
        return null;
    }
  }
}
