package io.meshagent.core.registry.etcd.connection;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseRevokeResponse;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Asks a real etcd, through the stubs that jetcd generates. Thread-safe; answers come on the
 * connection's thread. Every request has gRPC's own deadline; no request is repeated here but after
 * an expired token, because what to repeat is for the machines to decide.
 */
public final class EtcdClient implements EtcdOperations {

  /** Etcd takes 128 operations in a transaction unless told otherwise. */
  private static final int MOST_OPERATIONS = 100;

  private final EtcdConnection connection;
  private final long renewMillis;

  public EtcdClient(EtcdSettings settings) {
    this.connection = new EtcdConnection(settings);
    // A renewal that gets no answer has to leave time for another one, on another connection.
    this.renewMillis = Math.min(DEADLINE_SECONDS * 1_000L, settings.ttlSeconds() * 1_000 / 3);
  }

  private interface Request<R> {
    void send(Channel channel, StreamObserver<R> answer);
  }

  private <R, T> void ask(Request<R> request, Function<R, T> reading, Reply<T> answer) {
    ask(request, reading, answer, true);
  }

  private <R, T> void ask(
      Request<R> request, Function<R, T> reading, Reply<T> answer, boolean first) {
    connection.use(
        (session, refusal) -> {
          if (refusal != null) {
            answer.arrived(null, refusal);
            return;
          }
          BiConsumer<R, Throwable> outcome =
              (response, error) -> {
                EtcdFailure failure = EtcdFailures.of(session.endpoint(), error);
                if (failure == null) {
                  session.worked();
                  answer.arrived(reading.apply(response), null);
                } else if (first
                    && EtcdFailures.isTokenWorthless(failure.why())
                    && connection.forgetToken(
                        session, EtcdFailures.isTokenOfAllWorthless(failure.why()))) {
                  ask(request, reading, answer, false);
                } else {
                  if (failure.isBrokenConnection()) {
                    connection.failed(session);
                  }
                  answer.arrived(null, failure);
                }
              };
          new OneReply<>(outcome).from(out -> request.send(session.requests(), out));
        });
  }

  private static KVGrpc.KVStub kv(Channel channel) {
    return KVGrpc.newStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static LeaseGrpc.LeaseStub leases(Channel channel) {
    return LeaseGrpc.newStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void grant(long ttlSeconds, Reply<EtcdLease> answer) {
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build();
    this.<LeaseGrantResponse, EtcdLease>ask(
        (channel, out) -> leases(channel).leaseGrant(request, out),
        granted -> new EtcdLease(granted.getID(), granted.getTTL()),
        answer);
  }

  @Override
  public void renew(long lease, Reply<Long> answer) {
    LeaseKeepAliveRequest message = LeaseKeepAliveRequest.newBuilder().setID(lease).build();
    Request<LeaseKeepAliveResponse> request =
        (channel, out) -> {
          StreamObserver<LeaseKeepAliveRequest> requests =
              leases(channel)
                  .withDeadlineAfter(renewMillis, TimeUnit.MILLISECONDS)
                  .leaseKeepAlive(out);
          requests.onNext(message);
          requests.onCompleted();
        };
    connection.useUnknown(
        (session, refusal) -> {
          if (refusal != null) {
            answer.arrived(null, refusal);
            return;
          }
          BiConsumer<LeaseKeepAliveResponse, Throwable> outcome =
              (response, error) -> {
                EtcdFailure failure = EtcdFailures.of(session.endpoint(), error);
                if (failure == null) {
                  answer.arrived(response.getTTL(), null);
                } else if (failure.kind() == EtcdFailure.Kind.LOGIN
                    || failure.kind() == EtcdFailure.Kind.REFUSED) {
                  // No etcd that is known wants to know who renews; a proxy may.
                  ask(request, LeaseKeepAliveResponse::getTTL, answer);
                } else {
                  if (failure.isBrokenConnection()) {
                    connection.failed(session);
                  }
                  answer.arrived(null, failure);
                }
              };
          new OneReply<>(outcome).from(out -> request.send(session.requests(), out));
        });
  }

  @Override
  public void revoke(long lease, Reply<Boolean> answer) {
    LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(lease).build();
    this.<LeaseRevokeResponse, Boolean>ask(
        (channel, out) -> leases(channel).leaseRevoke(request, out), revoked -> true, answer);
  }

  @Override
  public void put(
      String key, String value, long lease, long seenRevision, Reply<EtcdEntry> answer) {
    ByteString at = ByteString.copyFromUtf8(key);
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(at)
            .setValue(ByteString.copyFromUtf8(value))
            .setLease(lease)
            .build();
    ifUnchanged(at, seenRevision, RequestOp.newBuilder().setRequestPut(request), answer);
  }

  private static EtcdEntry inTheWay(String key, TxnResponse response) {
    List<EtcdEntry> found = entries(response);
    // Deleted just now: revision 0 is what the next try then has to expect.
    return found.isEmpty() ? new EtcdEntry(key, null, 0, 0) : found.get(0);
  }

  private static RequestOp get(ByteString key) {
    return RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key)).build();
  }

  private static List<EtcdEntry> entries(TxnResponse response) {
    List<EtcdEntry> found = new ArrayList<>();
    for (ResponseOp each : response.getResponsesList()) {
      each.getResponseRange().getKvsList().forEach(kv -> found.add(EtcdEntry.of(kv)));
    }
    return found;
  }

  @Override
  public void delete(String key, long seenRevision, Reply<EtcdEntry> answer) {
    ByteString at = ByteString.copyFromUtf8(key);
    DeleteRangeRequest request = DeleteRangeRequest.newBuilder().setKey(at).build();
    ifUnchanged(at, seenRevision, RequestOp.newBuilder().setRequestDeleteRange(request), answer);
  }

  /** One change in a transaction that does it only if the key is as it was at a revision. */
  private void ifUnchanged(
      ByteString key, long seenRevision, RequestOp.Builder change, Reply<EtcdEntry> answer) {
    TxnRequest request =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setKey(key)
                    .setTarget(Compare.CompareTarget.MOD)
                    .setResult(Compare.CompareResult.EQUAL)
                    .setModRevision(seenRevision))
            .addSuccess(change)
            .addFailure(get(key))
            .build();
    this.<TxnResponse, EtcdEntry>ask(
        (channel, out) -> kv(channel).txn(request, out),
        response -> response.getSucceeded() ? null : inTheWay(key.toStringUtf8(), response),
        answer);
  }

  @Override
  public void read(Collection<String> keys, Reply<List<EtcdEntry>> answer) {
    read(new ArrayList<>(keys), new ArrayList<>(), answer);
  }

  private void read(List<String> keys, List<EtcdEntry> before, Reply<List<EtcdEntry>> answer) {
    int now = Math.min(keys.size(), MOST_OPERATIONS);
    TxnRequest.Builder request = TxnRequest.newBuilder();
    keys.subList(0, now).forEach(key -> request.addSuccess(get(ByteString.copyFromUtf8(key))));
    this.<TxnResponse, List<EtcdEntry>>ask(
        (channel, out) -> kv(channel).txn(request.build(), out),
        EtcdClient::entries,
        (found, failure) -> {
          if (failure != null) {
            answer.arrived(null, failure);
            return;
          }
          before.addAll(found);
          if (now == keys.size()) {
            answer.arrived(before, null);
          } else {
            read(keys.subList(now, keys.size()), before, answer);
          }
        });
  }

  @Override
  public void list(
      String prefix, byte[] from, long revision, int limit, Reply<RangeResult> answer) {
    RangeRequest request = range(prefix, from, revision).setLimit(limit).build();
    this.<RangeResponse, RangeResult>ask(
        (channel, out) -> kv(channel).range(request, out),
        response -> page(prefix, from, response, EtcdEntry::of),
        answer);
  }

  @Override
  public void listKey(String prefix, byte[] from, long revision, Reply<RangeResult> answer) {
    RangeRequest request = range(prefix, from, revision).setLimit(1).setKeysOnly(true).build();
    this.<RangeResponse, RangeResult>ask(
        (channel, out) -> kv(channel).range(request, out),
        response -> page(prefix, from, response, EtcdEntry::unread),
        answer);
  }

  private static RangeRequest.Builder range(String prefix, byte[] from, long revision) {
    ByteString begin = ByteString.copyFromUtf8(prefix);
    return RangeRequest.newBuilder()
        .setKey(from == null ? begin : ByteString.copyFrom(from))
        .setRangeEnd(endOf(begin))
        .setRevision(revision);
  }

  private RangeResult page(
      String prefix, byte[] from, RangeResponse response, Function<KeyValue, EtcdEntry> reading) {
    if (from == null) {
      connection.counted(prefix, response.getCount());
    }
    List<EtcdEntry> entries = new ArrayList<>(response.getKvsCount());
    response.getKvsList().forEach(kv -> entries.add(reading.apply(kv)));
    byte[] next = null;
    if (response.getMore() && response.getKvsCount() > 0) {
      // The raw bytes, for a key need not be text: the first key that is greater than the last one.
      ByteString last = response.getKvs(response.getKvsCount() - 1).getKey();
      next = last.concat(ByteString.copyFrom(new byte[1])).toByteArray();
    }
    return new RangeResult(
        entries,
        response.getHeader().getRevision(),
        next,
        response.getSerializedSize(),
        response.getCount());
  }

  /** The first key that no longer begins with the prefix, which ends in a slash. */
  static ByteString endOf(ByteString prefix) {
    byte[] end = prefix.toByteArray();
    end[end.length - 1]++;
    return ByteString.copyFrom(end);
  }

  @Override
  public Stream watch(String prefix, long fromRevision, Watcher watcher) {
    EtcdWatch watch = new EtcdWatch(connection, watcher);
    watch.open(prefix, fromRevision);
    return watch;
  }

  @Override
  public void reconnect() {
    connection.failed();
  }

  @Override
  public void close() {
    connection.close();
  }
}
