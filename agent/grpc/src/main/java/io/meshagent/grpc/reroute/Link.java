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
final class Link implements Openings.Opening, HealthCheck.Subject {

  private final ChannelSync sync;
  private final Owner owner;
  private final Subchannel subchannel;
  private final PickResult result;
  private final HealthCheck health;
  private boolean connected;
  private boolean closed;

  /** Why it can't be made; kept while it tries again, as gRPC's own policies do. */
  private Status failure;

  /** Null while it is not ready, and where the peer takes any number of streams. */
  private StreamCount streams;

  /** What its changes mean to. Called in the sync context. */
  interface Owner {

    /** Where it leads, with the facts that are known now. */
    Instance instance();

    /** By which name its health is to be checked; null if it is not. */
    String checkedService();

    /**
     * It came up, went down or failed.
     *
     * @param cause why it failed or was lost; null if it is up, or was ended in order
     */
    void changed(Link link, boolean wasConnected, boolean wasFailing, Status cause);

    /** Its peer says that it takes calls, or that it does not. */
    void healthChanged(Link link, boolean wasReady);

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
    this.health = new HealthCheck(sync, this);
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
    boolean wasConnected = connected;
    boolean wasFailing = failure != null;
    if (state == ConnectivityState.READY || state == ConnectivityState.TRANSIENT_FAILURE) {
      sync.mesh().openings().end(this);
    }
    connected = state == ConnectivityState.READY;
    Status cause = null;
    if (connected) {
      failure = null;
      meet();
    } else {
      streams = null;
      health.disconnected();
      if (state == ConnectivityState.TRANSIENT_FAILURE) {
        failure = info.getStatus();
        cause = failure;
      } else if (state == ConnectivityState.IDLE) {
        // A lost connection is made again: an instance is registered to be used.
        request(false);
      }
    }
    owner.changed(this, wasConnected, wasFailing, cause);
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
    health.connected(owner.checkedService());
    int most = forCalls(transport.mostStreams());
    streams = most == 0 ? null : new StreamCount(most, owner::hasRoom);
  }

  /** What is left of them beside the stream of the health check. */
  private int forCalls(int most) {
    return most > 1 && owner.checkedService() != null ? most - 1 : most;
  }

  /** The program's service config may say something else of health checks. */
  void checkHealth() {
    health.ask(owner.checkedService());
  }

  @Override
  public Instance instance() {
    return owner.instance();
  }

  @Override
  public void healthChanged(boolean permitted) {
    if (!closed) {
      owner.healthChanged(this, connected && permitted);
    }
  }

  /** Looks again how many streams the peer takes: it may say so at any time, and tells nobody. */
  void readLimit() {
    int most = streams == null ? 0 : ConnectedTransport.of(subchannel).mostStreams();
    if (most > 0) {
      streams.become(forCalls(most));
    }
  }

  /** Whether calls may go by it. */
  boolean isReady() {
    return connected && health.permits();
  }

  boolean isConnected() {
    return connected;
  }

  /**
   * Why no calls may go by it: the last failure to connect, or what its peer said of its health.
   * Null if there was none since it was last connected.
   */
  Status failure() {
    return connected ? health.failure() : failure;
  }

  /** Whether it has a stream, or nobody can tell. */
  boolean isInUse() {
    return connected && ConnectedTransport.isInUse(subchannel);
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
  @Override
  public Channel channel() {
    return subchannel.asChannel();
  }

  void close() {
    if (!closed) {
      closed = true;
      connected = false;
      health.disconnected();
      sync.mesh().openings().end(this);
      subchannel.shutdown();
    }
  }

  /** Closes it once more, which a channel that ends does at once and no other does at all. */
  void closeAtOnce() {
    subchannel.shutdown();
  }
}
