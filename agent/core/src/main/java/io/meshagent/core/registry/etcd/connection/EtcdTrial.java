package io.meshagent.core.registry.etcd.connection;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthRoleGetRequest;
import io.etcd.jetcd.api.AuthRoleGetResponse;
import io.etcd.jetcd.api.AuthUserGetRequest;
import io.etcd.jetcd.api.AuthUserGetResponse;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseRevokeResponse;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tries what the agent will ask of one member of etcd, over the same connection, and changes
 * nothing there: a right to write is asked for by a transaction whose condition can't be true, of
 * which etcd looks at the rights before it looks at the condition. No revision comes of it, so no
 * watch sees it. Each method blocks, for as long as it is told to at most. For one thread.
 */
public final class EtcdTrial implements AutoCloseable {

  private final EtcdConnection connection;
  private final String member;
  private final String namespace;

  /** Volatile: set on the connection's thread. */
  private volatile boolean loggedIn;

  /**
   * @param settings with one endpoint
   */
  public EtcdTrial(EtcdSettings settings) {
    this.connection = new EtcdConnection(settings);
    this.member = settings.endpoints().get(0);
    this.namespace = settings.namespace();
  }

  /** It was not done. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    private final transient EtcdFailure failure;

    Failed(EtcdFailure failure) {
      super(failure.why());
      this.failure = failure;
    }

    public EtcdFailure failure() {
      return failure;
    }
  }

  private interface Request<R> {
    void send(Channel channel, StreamObserver<R> answer);
  }

  private <R> R ask(int millis, Request<R> request) throws Failed {
    CompletableFuture<R> answer = new CompletableFuture<>();
    connection.use(
        (session, refusal) -> {
          if (refusal != null) {
            boolean unused = answer.completeExceptionally(new Failed(refusal));
            return;
          }
          loggedIn = session.isLoggedIn();
          new OneReply<R>(
                  (response, error) -> {
                    EtcdFailure failure = EtcdFailures.of(session.endpoint(), error);
                    boolean unused =
                        failure == null
                            ? answer.complete(response)
                            : answer.completeExceptionally(new Failed(failure));
                  })
              .from(out -> request.send(session.requests(), out));
        });
    try {
      return answer.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Failed(new EtcdFailure(EtcdFailure.Kind.SILENT, member + ": no answer in time"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed(new EtcdFailure(EtcdFailure.Kind.OTHER, member + ": interrupted"));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Failed) {
        throw (Failed) e.getCause();
      }
      String said = member + ": " + e.getCause();
      throw new Failed(new EtcdFailure(EtcdFailure.Kind.OTHER, said));
    }
  }

  /** Connects, logs in, and asks what it is. */
  public EtcdMember member(int millis) throws Failed {
    StatusResponse status =
        this.<StatusResponse>ask(
            millis,
            (channel, out) ->
                MaintenanceGrpc.newStub(channel).status(StatusRequest.getDefaultInstance(), out));
    return new EtcdMember(status, loggedIn);
  }

  /** Whether all that is below a prefix may be read, as the directory is: else it throws. */
  public void list(String prefix, int millis) throws Failed {
    ByteString begin = ByteString.copyFromUtf8(namespace + prefix);
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(begin)
            .setRangeEnd(EtcdClient.endOf(begin))
            .setLimit(1)
            .setKeysOnly(true)
            .build();
    RangeResponse unused =
        this.<RangeResponse>ask(
            millis, (channel, out) -> KVGrpc.newStub(channel).range(request, out));
  }

  /** The texts below a prefix, in the order of their keys. */
  public List<String> values(String prefix, int most, int millis) throws Failed {
    ByteString begin = ByteString.copyFromUtf8(namespace + prefix);
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(begin)
            .setRangeEnd(EtcdClient.endOf(begin))
            .setLimit(most)
            .build();
    RangeResponse found =
        this.<RangeResponse>ask(
            millis, (channel, out) -> KVGrpc.newStub(channel).range(request, out));
    List<String> values = new ArrayList<>();
    found.getKvsList().forEach(each -> values.add(each.getValue().toStringUtf8()));
    return values;
  }

  /** Whether a key may be written, as a registration is: else it throws. Writes nothing. */
  public void write(String key, int millis) throws Failed {
    ByteString at = ByteString.copyFromUtf8(namespace + key);
    TxnRequest request =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setKey(at)
                    .setTarget(Compare.CompareTarget.VERSION)
                    .setResult(Compare.CompareResult.LESS)
                    .setVersion(0))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestPut(PutRequest.newBuilder().setKey(at).setValue(at)))
            .build();
    TxnResponse unused =
        this.<TxnResponse>ask(millis, (channel, out) -> KVGrpc.newStub(channel).txn(request, out));
  }

  /** Whether a lease is granted, which is given back: else it throws. */
  public void lease(long ttlSeconds, int millis) throws Failed {
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build();
    LeaseGrantResponse granted =
        this.<LeaseGrantResponse>ask(
            millis, (channel, out) -> LeaseGrpc.newStub(channel).leaseGrant(request, out));
    LeaseRevokeRequest back = LeaseRevokeRequest.newBuilder().setID(granted.getID()).build();
    LeaseRevokeResponse unused =
        this.<LeaseRevokeResponse>ask(
            millis, (channel, out) -> LeaseGrpc.newStub(channel).leaseRevoke(back, out));
  }

  /**
   * What a user may do, by his roles. Etcd tells everybody his own.
   *
   * @param millis for each request
   */
  public List<EtcdRight> rights(String user, int millis) throws Failed {
    AuthUserGetRequest who = AuthUserGetRequest.newBuilder().setName(user).build();
    AuthUserGetResponse known =
        this.<AuthUserGetResponse>ask(
            millis, (channel, out) -> AuthGrpc.newStub(channel).userGet(who, out));
    List<EtcdRight> rights = new ArrayList<>();
    for (String role : known.getRolesList()) {
      AuthRoleGetRequest which = AuthRoleGetRequest.newBuilder().setRole(role).build();
      AuthRoleGetResponse may =
          this.<AuthRoleGetResponse>ask(
              millis, (channel, out) -> AuthGrpc.newStub(channel).roleGet(which, out));
      may.getPermList().forEach(each -> rights.add(new EtcdRight(each, namespace)));
    }
    return rights;
  }

  @Override
  public void close() {
    connection.close();
  }
}
