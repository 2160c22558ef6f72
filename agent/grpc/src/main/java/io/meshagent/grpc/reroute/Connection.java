package io.meshagent.grpc.reroute;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.Status;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.grpc.attempt.Destination;
import io.meshagent.grpc.attempt.InstanceTracers;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/**
 * One channel's connection to one instance: a subchannel, its state, and the pick result that leads
 * calls to it. Confined to the channel's sync context.
 */
final class Connection {

  /** Causes may go round in circles. */
  private static final int DEEPEST = 10;

  /** What the instance said of its start when this was opened. */
  private final String started;

  private final ChannelSync sync;
  private final Mesh mesh;
  private final Runnable onChange;
  private final Subchannel subchannel;
  private final PickResult result;

  /** As the directory had it when a route last asked for this. */
  private Instance instance;

  private int holders;
  private boolean ready;
  private boolean closed;

  /** Why it can't be reached; kept while it tries again, as gRPC's own policies do. */
  private Status failure;

  Connection(Instance instance, ChannelSync sync, Runnable onChange) {
    this.instance = instance;
    this.started = started(instance);
    this.sync = sync;
    this.mesh = sync.mesh();
    this.onChange = onChange;
    this.subchannel =
        sync.helper()
            .createSubchannel(
                CreateSubchannelArgs.newBuilder()
                    .setAddresses(new EquivalentAddressGroup(instance.address()))
                    .build());
    this.result = PickResult.withSubchannel(subchannel);
  }

  void open() {
    subchannel.start(info -> sync.guarded(() -> stateChanged(info)).run());
    subchannel.requestConnection();
  }

  private void stateChanged(ConnectivityStateInfo info) {
    ConnectivityState state = info.getState();
    if (closed || state == ConnectivityState.SHUTDOWN) {
      return;
    }
    boolean wasReady = ready;
    Status wasFailing = failure;
    ready = state == ConnectivityState.READY;
    if (ready) {
      failure = null;
      if (wasFailing != null) {
        mesh.refuses(instance, false);
      }
    } else if (state == ConnectivityState.TRANSIENT_FAILURE) {
      failure = info.getStatus();
      mesh.connectionFailed(instance);
      if (isNobodyThere(failure.getCause())) {
        // Each time: the directory may have learned of the instance anew meanwhile.
        mesh.refuses(instance, true);
      }
    } else if (state == ConnectivityState.IDLE) {
      // A lost connection is made again at once: an instance is registered to be used.
      subchannel.requestConnection();
    }
    if (wasReady && !ready) {
      mesh.connectionFailed(instance);
    }
    if (ready != wasReady || (failure == null) != (wasFailing == null)) {
      onChange.run();
    }
  }

  /**
   * Whether no program listens there. What fails later, a handshake for one, may be this channel's
   * own affair, and the directory, which others go by too, must not hear of it.
   */
  static boolean isNobodyThere(Throwable cause) {
    Throwable some = cause;
    for (int depth = 0; some != null && depth < DEEPEST; depth++) {
      // Netty's own, also that for time running out, and NoRouteToHostException's sibling.
      if (some instanceof ConnectException || some instanceof NoRouteToHostException) {
        return true;
      }
      some = some.getCause();
    }
    return false;
  }

  /**
   * Whether calls to the instance can go by this. Not if it could not be reached, and the instance
   * says that it has started since: gRPC would wait long before it tries again, because of a
   * program that is there no more.
   *
   * @param other at the same address
   */
  boolean leadsTo(Instance other) {
    return failure == null || started.equals(started(other));
  }

  private static String started(Instance instance) {
    return String.valueOf(instance.metadata().get(Instance.Metadata.STARTED));
  }

  boolean isClosed() {
    return closed;
  }

  /** One more route uses it, for an instance with these facts. */
  void hold(Instance now) {
    instance = now;
    holders++;
  }

  void release() {
    holders--;
  }

  boolean isHeld() {
    return holders > 0;
  }

  boolean isReady() {
    return ready;
  }

  /** The last failure to connect, or null if there was none since it was last ready. */
  Status failure() {
    return failure;
  }

  /** For calls that go here whatever is picked; in the sync context, to be kept. */
  Channel channel() {
    return subchannel.asChannel();
  }

  /** Leads attempts here. */
  PickResult result() {
    return result;
  }

  /**
   * Leads attempts here, and tells somebody of those that do not tell by themselves. Any thread.
   */
  PickResult result(Destination told) {
    return PickResult.withSubchannel(subchannel, new InstanceTracers(told));
  }

  /** Closes it once more, which a channel that ends does at once and no other does at all. */
  void closeAtOnce() {
    subchannel.shutdown();
  }

  void close() {
    if (!closed) {
      closed = true;
      ready = false;
      if (failure != null) {
        // Nobody tries any more, so nobody would tell when it is over.
        mesh.refuses(instance, false);
      }
      subchannel.shutdown();
    }
  }
}
