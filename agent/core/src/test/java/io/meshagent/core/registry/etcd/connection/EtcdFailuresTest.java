package io.meshagent.core.registry.etcd.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EtcdFailuresTest {

  private static final ServerAddress ENDPOINT = ServerAddress.parse("http://127.0.0.1:2379", 2379);

  /** Throws where a channel does its own work, as anything does for want of memory. */
  private static final class Throwing extends NameResolverProvider {

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return "throwing";
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
      if (!"throwing".equals(target.getScheme())) {
        return null;
      }
      return new NameResolver() {
        @Override
        public String getServiceAuthority() {
          return "etcd";
        }

        @Override
        public void start(Listener2 listener) {
          throw new OutOfMemoryError("of a test");
        }

        @Override
        public void shutdown() {}
      };
    }
  }

  private static Throwable panic() throws Exception {
    Throwing provider = new Throwing();
    NameResolverRegistry.getDefaultRegistry().register(provider);
    ManagedChannel channel =
        NettyChannelBuilder.forTarget("throwing:///etcd").usePlaintext().build();
    try {
      CompletableFuture<Throwable> outcome = new CompletableFuture<>();
      KVGrpc.newStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .range(
              RangeRequest.getDefaultInstance(),
              new OneReply<RangeResponse>((answer, error) -> outcome.complete(error)));
      return outcome.get(30, TimeUnit.SECONDS);
    } finally {
      channel.shutdownNow();
      NameResolverRegistry.getDefaultRegistry().deregister(provider);
    }
  }

  @Test
  void a_channel_that_has_thrown_is_broken_for_good() throws Exception {
    Throwable panic = panic();
    assertThat(Status.fromThrowable(panic).getCode()).isEqualTo(Status.Code.INTERNAL);

    EtcdFailure failure = EtcdFailures.of(ENDPOINT, panic);

    assertThat(failure.isBrokenConnection()).as(failure.toString()).isTrue();
    assertThat(failure.kind()).isEqualTo(EtcdFailure.Kind.UNREACHABLE);
  }

  @Test
  void an_etcd_that_has_an_internal_error_has_a_connection() {
    Throwable error = Status.INTERNAL.withDescription("etcdserver: corrupt").asException();

    assertThat(EtcdFailures.of(ENDPOINT, error).isBrokenConnection()).isFalse();
  }

  @Test
  void a_learner_is_a_member_to_go_on_from() {
    String said = "etcdserver: rpc not supported for learner";
    for (Status status : List.of(Status.FAILED_PRECONDITION, Status.UNAVAILABLE)) {
      EtcdFailure failure = EtcdFailures.of(ENDPOINT, status.withDescription(said).asException());

      assertThat(failure.kind()).isEqualTo(EtcdFailure.Kind.LEARNER);
      assertThat(failure.isBrokenConnection()).isTrue();
    }
  }

  @Test
  void an_answer_that_is_too_large_is_no_other_want_of_resources() {
    assertThat(kind("gRPC message exceeds maximum size 8388608: 73400320"))
        .isEqualTo(EtcdFailure.Kind.TOO_LARGE);
    assertThat(kind("grpc: received message larger than max (70001234 vs. 4194304)"))
        .isEqualTo(EtcdFailure.Kind.TOO_LARGE);
    assertThat(kind("etcdserver: mvcc: database space exceeded")).isEqualTo(EtcdFailure.Kind.OTHER);
  }

  private static EtcdFailure.Kind kind(String said) {
    return EtcdFailures.of(ENDPOINT, Status.RESOURCE_EXHAUSTED.withDescription(said).asException())
        .kind();
  }

  @Test
  void a_request_that_can_not_be_sent_is_answered() {
    List<Throwable> told = new ArrayList<>();

    new OneReply<String>((value, error) -> told.add(error))
        .from(
            out -> {
              throw new OutOfMemoryError("of a test");
            });

    assertThat(told).singleElement().isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void an_answer_that_can_not_be_taken_in_is_told_as_an_error() {
    List<Object> told = new ArrayList<>();
    OneReply<String> answer =
        new OneReply<>(
            (value, error) -> {
              told.add(error == null ? value : error);
              if (error == null) {
                throw new OutOfMemoryError("of a test");
              }
            });

    answer.onNext("value");
    answer.onCompleted();

    answer.onError(new IllegalStateException("too late"));

    assertThat(told).hasSize(2).last().isInstanceOf(OutOfMemoryError.class);
  }
}
