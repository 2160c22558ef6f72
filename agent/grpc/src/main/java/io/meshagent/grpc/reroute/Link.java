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
import io.meshagent.core.api.Openings;
import io.meshagent.grpc.attempt.Destination;
import io.meshagent.grpc.attempt.InstanceTracers;
import io.meshagent.grpc.attempt.StreamCount;
import io.meshagent.grpc.base.ConnectedTransport;

/**
 * One HTTP/2 connection of a {@link Connection}: a subchannel, its state, and the pick result that
 * leads calls to it. Confined to the channel's sync context.
 */
final class Link implements Openings.Opening {

  private final ChannelSync sync;
  private final Owner owner;
  private final Subchannel subchannel;
  private final PickResult result;
  private boolean ready;
  private boolean closed;

  /** Why it can't be made; kept while it tries again, as gRPC's own policies do. */
  private Status failure;

  /** Null while it is not ready, and where the peer takes any number of streams. */
  private StreamCount streams;

  /** What its changes mean to. Called in the sync context. */
  interface Owner {

    /** Where it leads, with the facts that are known now. */
    Instance instance();

    /**
     * It came up, went down or failed.
     *
     * @param cause why it failed or was lost; null if it is up, or was ended in order
     */
    void changed(Link link, boolean wasReady, boolean wasFailing, Status cause);

    /** A stream has ended on it, and somebody waited for that. Any thread. */
    void hasRoom();
  }

  Link(Instance instance, ChannelSync sync, Owner owner) {
    this.sync = sync;
    this.owner = owner;
    this.subchannel =
        sync.helper()
            .createSubchannel(
                CreateSubchannelArgs.newBuilder()
                    .setAddresses(new EquivalentAddressGroup(instance.address()))
                    .build());
    this.result = PickResult.withSubchannel(subchannel);
  }

  /**
   * @param atOnce whether calls depend on it; else it may have to wait for its turn
   */
  void open(boolean atOnce) {
    subchannel.start(info -> sync.guarded(() -> stateChanged(info)).run());
    request(atOnce);
  }

  private void request(boolean atOnce) {
    if (sync.mesh().openings().begin(this, atOnce)) {
      subchannel.requestConnection();
    }
  }

  @Override
  public void mayBegin() {
    sync.handAsGuest(
        () -> {
          if (!closed) {
            subchannel.requestConnection();
          }
        });
  }

  private void stateChanged(ConnectivityStateInfo info) {
    ConnectivityState state = info.getState();
    if (closed || state == ConnectivityState.SHUTDOWN) {
      return;
    }
    boolean wasReady = ready;
    boolean wasFailing = failure != null;
    if (state == ConnectivityState.READY || state == ConnectivityState.TRANSIENT_FAILURE) {
      sync.mesh().openings().end(this);
    }
    ready = state == ConnectivityState.READY;
    Status cause = null;
    if (ready) {
      failure = null;
      meet();
    } else {
      streams = null;
      if (state == ConnectivityState.TRANSIENT_FAILURE) {
        failure = info.getStatus();
        cause = failure;
      } else if (state == ConnectivityState.IDLE) {
        // A lost connection is made again: an instance is registered to be used.
        request(false);
      }
    }
    owner.changed(this, wasReady, wasFailing, cause);
  }

  /** The peer has said its settings. */
  private void meet() {
    ConnectedTransport transport = ConnectedTransport.of(subchannel);
    Instance instance = owner.instance();
    if (!transport.keepTo(instance.keepAliveNanos(), instance.permitsIdleKeepAlive())) {
      sync.mesh()
          .warn(
              "the channel's keep-alive is more than some instances permit, and on this Java it can"
                  + " only be left out: connections to them send no keep-alive");
    }
    int most = transport.mostStreams();
    streams = most == 0 ? null : new StreamCount(most, owner::hasRoom);
  }

  /** Looks again how many streams the peer takes: it may say so at any time, and tells nobody. */
  void readLimit() {
    int most = streams == null ? 0 : ConnectedTransport.of(subchannel).mostStreams();
    if (most > 0) {
      streams.become(most);
    }
  }

  boolean isReady() {
    return ready;
  }

  /** The last failure to connect, or null if there was none since it was last ready. */
  Status failure() {
    return failure;
  }

  /** Whether it has a stream, or nobody can tell. */
  boolean isInUse() {
    return ready && ConnectedTransport.isInUse(subchannel);
  }

  /** Of what it is now; null if the peer takes any number of streams. */
  StreamCount streams() {
    return streams;
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

  /** For calls that go here whatever is picked; in the sync context, to be kept. */
  Channel channel() {
    return subchannel.asChannel();
  }

  void close() {
    if (!closed) {
      closed = true;
      ready = false;
      sync.mesh().openings().end(this);
      subchannel.shutdown();
    }
  }

  /** Closes it once more, which a channel that ends does at once and no other does at all. */
  void closeAtOnce() {
    subchannel.shutdown();
  }
}
