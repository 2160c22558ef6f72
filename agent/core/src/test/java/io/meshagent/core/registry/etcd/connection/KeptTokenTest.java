package io.meshagent.core.registry.etcd.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token on the connections that come after, with an etcd that takes it or does not. */
class KeptTokenTest {

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final String INVALID = "etcdserver: invalid auth token";

  /**
   * As many entries as etcd says that there are: so few that nobody waits for a turn, even where
   * each log-in takes the 100 ms and more that count as 100, as on a busy machine.
   */
  private volatile long keys = 9;

  /** The token that etcd takes. */
  private volatile String valid = "token 1";

  private final AtomicInteger logIns = new AtomicInteger();
  private final CompletableFuture<EtcdFailure> watchEnded = new CompletableFuture<>();
  private final CompletableFuture<Long> watchStands = new CompletableFuture<>();
  private Server server;
  private EtcdClient etcd;

  private static final class Etcd implements ServerInterceptor {
    private final KeptTokenTest test;

    Etcd(KeptTokenTest test) {
      this.test = test;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String method = call.getMethodDescriptor().getFullMethodName();
      boolean watch = method.endsWith("Watch");
      test.lastToken = headers.get(TOKEN);
      boolean known = test.valid.equals(test.lastToken);
      if (!watch && method.contains("KV") && !known) {
        call.close(Status.UNAUTHENTICATED.withDescription(INVALID), new Metadata());
        return new ServerCall.Listener<Q>() {};
      }
      test.lastKnown = known;
      return next.startCall(call, headers);
    }
  }

  private volatile String lastToken;
  private volatile boolean lastKnown;

  @BeforeEach
  void start() throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .intercept(new Etcd(this))
            .addService(
                new AuthGrpc.AuthImplBase() {
                  @Override
                  public void authenticate(
                      AuthenticateRequest request, StreamObserver<AuthenticateResponse> answer) {
                    valid = "token " + logIns.incrementAndGet();
                    answer.onNext(AuthenticateResponse.newBuilder().setToken(valid).build());
                    answer.onCompleted();
                  }
                })
            .addService(
                new KVGrpc.KVImplBase() {
                  @Override
                  public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
                    answer.onNext(RangeResponse.newBuilder().setCount(keys).build());
                    answer.onCompleted();
                  }
                })
            .addService(
                new LeaseGrpc.LeaseImplBase() {
                  @Override
                  public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
                      StreamObserver<LeaseKeepAliveResponse> answer) {
                    return new OneReply<>(
                        (request, error) -> {
                          answer.onNext(LeaseKeepAliveResponse.newBuilder().setTTL(15).build());
                          answer.onCompleted();
                        });
                  }
                })
            .addService(
                new WatchGrpc.WatchImplBase() {
                  @Override
                  public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answer) {
                    boolean known = lastKnown;
                    WatchResponse.Builder first = WatchResponse.newBuilder().setCreated(true);
                    // As etcd does: it says of a token that it does not know that rights are
                    // missing.
                    answer.onNext(
                        known
                            ? first.build()
                            : first.setCanceled(true).setCancelReason("permission denied").build());
                    return new OneReply<>((request, error) -> {});
                  }
                })
            .build()
            .start();
    etcd = LoggedInClient.of(server);
  }

  @AfterEach
  void stop() {
    etcd.close();
    server.shutdownNow();
  }

  private EtcdFailure list() throws Exception {
    CompletableFuture<List<EtcdFailure>> outcome = new CompletableFuture<>();
    etcd.list(
        "/services/",
        null,
        0,
        10,
        (page, failure) -> {
          List<EtcdFailure> told = new ArrayList<>();
          told.add(failure);
          outcome.complete(told);
        });
    return outcome.get(20, TimeUnit.SECONDS).get(0);
  }

  private void watch() {
    EtcdOperations.Stream unused =
        etcd.watch(
            "/services/",
            1,
            new EtcdOperations.Watcher() {
              @Override
              public void created(long revision) {
                watchStands.complete(revision);
              }

              @Override
              public void changed(List<EtcdEntry> entries, boolean more) {}

              @Override
              public void progressed() {}

              @Override
              public void ended(EtcdFailure failure) {
                watchEnded.complete(failure);
              }
            });
  }

  @Test
  void a_new_connection_logs_nobody_in() throws Exception {
    assertThat(list()).isNull();
    for (int each = 0; each < 5; each++) {
      etcd.reconnect();
      assertThat(list()).isNull();
    }

    assertThat(logIns).hasValue(1);
    assertThat(lastToken).isEqualTo("token 1");
  }

  @Test
  void a_token_that_etcd_has_lost_costs_one_log_in() throws Exception {
    assertThat(list()).isNull();
    valid = "none";
    etcd.reconnect();

    List<CompletableFuture<EtcdFailure>> all = new ArrayList<>();
    for (int each = 0; each < 20; each++) {
      CompletableFuture<EtcdFailure> outcome = new CompletableFuture<>();
      etcd.list("/services/", null, 0, 10, (page, failure) -> outcome.complete(failure));
      all.add(outcome);
    }

    for (CompletableFuture<EtcdFailure> each : all) {
      assertThat(each.get(20, TimeUnit.SECONDS)).isNull();
    }
    assertThat(logIns).hasValue(2);
  }

  @Test
  void a_watch_whose_token_etcd_has_lost_stands_after_one_log_in() throws Exception {
    assertThat(list()).isNull();
    valid = "none";
    etcd.reconnect();

    watch();

    assertThat(watchStands.get(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(watchEnded).isNotDone();
    assertThat(logIns).hasValue(2);
  }

  @Test
  void of_very_many_each_waits_for_its_turn_and_renews_its_lease_meanwhile() throws Exception {
    keys = 100_000_000;
    assertThat(list()).isNull();
    valid = "none";
    etcd.reconnect();

    EtcdFailure refusal = list();
    assertThat(refusal.kind()).isEqualTo(EtcdFailure.Kind.NOT_YET);
    assertThat(refusal.isTransport()).isTrue();
    assertThat(refusal.isBrokenConnection()).isFalse();
    watch();
    assertThat(watchEnded.get(20, TimeUnit.SECONDS).kind()).isEqualTo(EtcdFailure.Kind.NOT_YET);
    CompletableFuture<Long> renewed = new CompletableFuture<>();
    etcd.renew(7, (seconds, failure) -> renewed.complete(seconds));

    assertThat(renewed.get(20, TimeUnit.SECONDS)).isEqualTo(15);
    assertThat(logIns).hasValue(1);
  }

  @Test
  void a_token_that_ends_while_it_is_used_is_replaced_at_once() throws Exception {
    keys = 100_000_000;
    assertThat(list()).isNull();
    valid = "none";

    assertThat(list()).isNull();

    assertThat(logIns).hasValue(2);
  }
}
