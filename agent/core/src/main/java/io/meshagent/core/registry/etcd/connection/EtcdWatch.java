package io.meshagent.core.registry.etcd.connection;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchProgressRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import java.util.ArrayList;
import java.util.List;

/**
 * One watch on one stream of its own; it is never resumed, only replaced. The feed opens, asks and
 * cancels it; gRPC calls it in order on the connection's thread.
 */
final class EtcdWatch
    implements EtcdOperations.Stream, ClientResponseObserver<WatchRequest, WatchResponse> {

  /**
   * Etcd may send what is too large for one answer in several, since 3.4; the fields for that are
   * missing in jetcd's messages. An older etcd takes no notice of the first.
   */
  private static final int MAY_BE_IN_PARTS = 8;

  private static final int MORE_PARTS_FOLLOW = 7;

  private final EtcdConnection connection;
  private final EtcdOperations.Watcher watcher;

  /** Guarded by this, for the feed writes while gRPC begins. Null until the stream has begun. */
  private ClientCallStreamObserver<WatchRequest> requests;

  /** Guarded by this: cancelled, or ended by etcd. */
  private boolean over;

  private EtcdSession session;
  private WatchRequest asked;

  /** Whether this is such a one already. */
  private final boolean again;

  /** Guarded by this. The one in its place, with another token; null if there is none. */
  private EtcdWatch successor;

  EtcdWatch(EtcdConnection connection, EtcdOperations.Watcher watcher) {
    this(connection, watcher, false);
  }

  private EtcdWatch(EtcdConnection connection, EtcdOperations.Watcher watcher, boolean again) {
    this.connection = connection;
    this.watcher = watcher;
    this.again = again;
  }

  void open(String prefix, long fromRevision) {
    ByteString begin = ByteString.copyFromUtf8(prefix);
    WatchRequest request =
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(begin)
                    .setRangeEnd(EtcdClient.endOf(begin))
                    .setStartRevision(fromRevision)
                    .setProgressNotify(true)
                    .setUnknownFields(flag(MAY_BE_IN_PARTS)))
            .build();
    open(request);
  }

  private void open(WatchRequest request) {
    asked = request;
    connection.use(
        (usable, refusal) -> {
          if (refusal != null) {
            end(refusal);
            return;
          }
          begin(usable, request);
        });
  }

  /** It may have been cancelled while it waited for a log-in: gRPC would throw then. */
  private void begin(EtcdSession usable, WatchRequest request) {
    synchronized (this) {
      if (over) {
        return;
      }
    }
    session = usable;
    try {
      WatchGrpc.newStub(usable.requests()).watch(this);
      send(request);
    } catch (RuntimeException | Error e) {
      end(EtcdFailures.of(usable.endpoint(), e));
    }
  }

  private static UnknownFieldSet flag(int number) {
    return UnknownFieldSet.newBuilder()
        .addField(number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
        .build();
  }

  private void send(WatchRequest request) {
    synchronized (this) {
      if (!over && requests != null) {
        requests.onNext(request);
      }
    }
  }

  private synchronized EtcdWatch present() {
    return successor == null ? this : successor;
  }

  /** The token was worthless, which is no failure of the watch's. */
  private void beginAgain() {
    EtcdWatch next = new EtcdWatch(connection, watcher, true);
    ClientCallStreamObserver<WatchRequest> running;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      successor = next;
      running = requests;
    }
    if (running != null) {
      running.cancel("begun again with another token", null);
    }
    next.open(asked);
  }

  @Override
  public void requestProgress() {
    present().progress();
  }

  private void progress() {
    send(
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
  }

  @Override
  public void next() {
    present().more();
  }

  private void more() {
    ClientCallStreamObserver<WatchRequest> running;
    synchronized (this) {
      running = over ? null : requests;
    }
    if (running != null) {
      running.request(1);
    }
  }

  @Override
  public void cancel() {
    EtcdWatch present = present();
    if (present != this) {
      present.cancel();
      return;
    }
    ClientCallStreamObserver<WatchRequest> running;
    synchronized (this) {
      over = true;
      running = requests;
    }
    if (running != null) {
      running.cancel("no longer wanted", null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
    boolean late;
    // What can't be taken in as fast as it comes waits with etcd, and not in our memory.
    stream.disableAutoRequestWithInitial(1);
    synchronized (this) {
      requests = stream;
      late = over;
    }
    if (late) {
      stream.cancel("no longer wanted", null);
    }
  }

  @Override
  public void onNext(WatchResponse response) {
    if (response.getCanceled()) {
      EtcdFailure failure =
          EtcdFailures.ofCancel(
              session.endpoint(), response.getCompactRevision(), response.getCancelReason());
      // Etcd does not say which: it refuses a watch with an expired token as one without rights.
      boolean ofToken =
          EtcdFailures.isTokenWorthless(failure.why())
              || (failure.kind() == EtcdFailure.Kind.REFUSED && !session.hasJustWorked());
      if (ofToken && mayBeginAgain(failure)) {
        beginAgain();
        return;
      }
      if (failure.isBrokenConnection()) {
        connection.failed(session);
      }
      end(failure);
    } else if (response.getCreated()) {
      watcher.created(response.getHeader().getRevision());
      next();
    } else if (response.getEventsCount() > 0) {
      List<EtcdEntry> changes = new ArrayList<>(response.getEventsCount());
      response.getEventsList().forEach(event -> changes.add(change(event)));
      watcher.changed(changes, response.getUnknownFields().hasField(MORE_PARTS_FOLLOW));
    } else {
      watcher.progressed();
      next();
    }
  }

  private boolean mayBeginAgain(EtcdFailure failure) {
    boolean ofAll = EtcdFailures.isTokenOfAllWorthless(failure.why());
    return connection.forgetToken(session, ofAll) && !again;
  }

  private static EtcdEntry change(Event event) {
    return event.getType() == Event.EventType.DELETE
        ? EtcdEntry.deleted(event.getKv())
        : EtcdEntry.of(event.getKv());
  }

  @Override
  public void onError(Throwable error) {
    EtcdFailure failure = EtcdFailures.of(session.endpoint(), error);
    if (EtcdFailures.isTokenWorthless(failure.why()) && mayBeginAgain(failure)) {
      beginAgain();
      return;
    }
    if (failure.isBrokenConnection()) {
      connection.failed(session);
    }
    end(failure);
  }

  @Override
  public void onCompleted() {
    end(new EtcdFailure(EtcdFailure.Kind.OTHER, session.endpoint() + ": the watch was ended"));
  }

  private void end(EtcdFailure failure) {
    ClientCallStreamObserver<WatchRequest> running;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      running = requests;
    }
    if (running != null) {
      // Etcd ends a watch, not the stream: without this the stream would stay open.
      running.cancel("the watch has ended", null);
    }
    watcher.ended(failure);
  }
}
