package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** Streams that are answered once and then stay open, as subscriptions do. For one thread. */
final class QuietStreams {

  private final ManagedChannel channel;
  private final MethodDescriptor<HelloRequest, HelloReply> method;
  private final Tally tally = new Tally();
  private final List<StreamObserver<HelloRequest>> open = new ArrayList<>();

  QuietStreams(ManagedChannel channel, MethodDescriptor<HelloRequest, HelloReply> method) {
    this.channel = channel;
    this.method = method;
  }

  void open(int streams) {
    for (int i = 0; i < streams; i++) {
      long began = System.nanoTime();
      StreamObserver<HelloRequest> requests =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(method, CallOptions.DEFAULT),
              new StreamObserver<HelloReply>() {
                @Override
                public void onNext(HelloReply reply) {
                  tally.ok(reply.getServedBy());
                }

                @Override
                public void onError(Throwable failure) {
                  tally.failed(Status.fromThrowable(failure), System.nanoTime() - began);
                }

                @Override
                public void onCompleted() {
                  // Released.
                }
              });
      requests.onNext(HelloRequest.newBuilder().setName("hold").build());
      open.add(requests);
    }
  }

  /** How many were answered, by server, and how many have failed. */
  Tally held() {
    return tally;
  }

  /** Ends so many of them in order, the oldest first. */
  void release(int streams) {
    List<StreamObserver<HelloRequest>> some = open.subList(0, Math.min(streams, open.size()));
    some.forEach(StreamObserver::onCompleted);
    some.clear();
  }
}
