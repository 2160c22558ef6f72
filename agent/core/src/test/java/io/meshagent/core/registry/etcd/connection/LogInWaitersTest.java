package io.meshagent.core.registry.etcd.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Those that wait for one log-in, with an etcd that lets the test say when it has come about. */
class LogInWaitersTest {

  private static final EtcdOperations.Watcher NOBODY =
      new EtcdOperations.Watcher() {
        @Override
        public void created(long revision) {}

        @Override
        public void changed(List<EtcdEntry> entries, boolean more) {}

        @Override
        public void progressed() {}

        @Override
        public void ended(EtcdFailure failure) {}
      };

  private final CompletableFuture<StreamObserver<AuthenticateResponse>> logIn =
      new CompletableFuture<>();
  private final AtomicInteger logIns = new AtomicInteger();
  private Server server;
  private EtcdClient etcd;

  @BeforeEach
  void start() throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                new AuthGrpc.AuthImplBase() {
                  @Override
                  public void authenticate(
                      AuthenticateRequest request, StreamObserver<AuthenticateResponse> answer) {
                    logIns.incrementAndGet();
                    logIn.complete(answer);
                  }
                })
            .addService(
                new KVGrpc.KVImplBase() {
                  @Override
                  public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
                    answer.onNext(RangeResponse.getDefaultInstance());
                    answer.onCompleted();
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

  private void letIn() throws Exception {
    StreamObserver<AuthenticateResponse> waiting = logIn.get(20, TimeUnit.SECONDS);
    waiting.onNext(AuthenticateResponse.newBuilder().setToken("token").build());
    waiting.onCompleted();
  }

  private CompletableFuture<EtcdFailure> list() {
    CompletableFuture<EtcdFailure> outcome = new CompletableFuture<>();
    etcd.list("/services/", null, 0, 10, (page, failure) -> outcome.complete(failure));
    return outcome;
  }

  @Test
  void a_watch_that_is_cancelled_meanwhile_keeps_nobody_behind_it_waiting() throws Exception {
    EtcdOperations.Stream watch = etcd.watch("/services/", 1, NOBODY);
    CompletableFuture<EtcdFailure> behind = list();
    watch.cancel();

    letIn();

    assertThat(behind.get(20, TimeUnit.SECONDS)).isNull();
    assertThat(list().get(20, TimeUnit.SECONDS)).isNull();
    assertThat(logIns).as("the connection was of use").hasValue(1);
  }

  @Test
  void one_that_throws_keeps_nobody_behind_it_waiting() throws Exception {
    CompletableFuture<Boolean> thrown = new CompletableFuture<>();
    etcd.watch(
        "/services/",
        1,
        new EtcdOperations.Watcher() {
          @Override
          public void created(long revision) {}

          @Override
          public void changed(List<EtcdEntry> entries, boolean more) {}

          @Override
          public void progressed() {}

          @Override
          public void ended(EtcdFailure failure) {
            thrown.complete(true);
            throw new IllegalStateException("of a test");
          }
        });
    CompletableFuture<EtcdFailure> behind = list();
    CompletableFuture<EtcdFailure> last = list();
    StreamObserver<AuthenticateResponse> waiting = logIn.get(20, TimeUnit.SECONDS);
    etcd.reconnect();

    assertThat(thrown.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(behind.get(20, TimeUnit.SECONDS).kind()).isEqualTo(EtcdFailure.Kind.UNREACHABLE);
    assertThat(last.get(20, TimeUnit.SECONDS).kind()).isEqualTo(EtcdFailure.Kind.UNREACHABLE);
    assertThat(waiting).isNotNull();
  }
}
