package io.meshagent.grpc.reroute;

import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.Status;
import io.meshagent.core.api.Attempts;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;

/**
 * One channel's connection to one instance: a subchannel, its state, and the pick result that leads
 * calls to it. Confined to the channel's sync context.
 */
final class Connection {

  private final Instance instance;
  private final Attempts attempts;
  private final Mesh mesh;
  private final Runnable onChange;
  private final Subchannel subchannel;
  private final PickResult result;

  private int holders;
  private boolean ready;
  private boolean closed;

  /** Why it can't be reached; kept while it tries again, as gRPC's own policies do. */
  private Status failure;

  Connection(Instance instance, Helper helper, Mesh mesh, Runnable onChange) {
    this.instance = instance;
    this.attempts = new Attempts(instance);
    this.mesh = mesh;
    this.onChange = onChange;
    this.subchannel =
        helper.createSubchannel(
            CreateSubchannelArgs.newBuilder()
                .setAddresses(new EquivalentAddressGroup(instance.address()))
                .build());
    this.result = PickResult.withSubchannel(subchannel, new AttemptTracers(attempts, mesh));
  }

  void open() {
    subchannel.start(
        info -> SyncTask.guarded(mesh, ChannelRouter.PLACE, () -> stateChanged(info)).run());
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
      // Each time: the directory may have learned of the instance anew meanwhile.
      mesh.refuses(instance, true);
    } else if (state == ConnectivityState.IDLE) {
      // A lost connection is made again at once: an instance is registered to be used.
      subchannel.requestConnection();
    }
    if (ready != wasReady || (failure == null) != (wasFailing == null)) {
      onChange.run();
    }
  }

  /**
   * Whether this is still the way to the instance: the same address, and not the long wait for the
   * next try that a program which was there before has left behind.
   */
  boolean leadsTo(Instance other) {
    return instance.address().equals(other.address())
        && (failure == null || started(instance).equals(started(other)));
  }

  private static String started(Instance instance) {
    return String.valueOf(instance.metadata().get(Instance.Metadata.STARTED));
  }

  boolean isClosed() {
    return closed;
  }

  void hold() {
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

  PickResult result() {
    return result;
  }

  Attempts attempts() {
    return attempts;
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
