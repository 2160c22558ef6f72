package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;

/** One stream with a few messages each way, up to its regular end. */
final class OneStream {

  private final Channel channel;
  private final MethodDescriptor<HelloRequest, HelloReply> method;
  private final int messages;
  private final String last;
  private final Tally tally;

  OneStream(
      ManagedChannel channel,
      MethodDescriptor<HelloRequest, HelloReply> method,
      Options options,
      Tally tally) {
    this.channel = WithHeaders.of(channel, options);
    this.method = method;
    this.messages = options.number("messages", 3);
    this.last = options.text("last", "message " + (messages - 1));
    this.tally = tally;
  }

  void run() throws InterruptedException {
    tally.start();
    long began = System.nanoTime();
    CountDownLatch closed = new CountDownLatch(1);
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
                closed.countDown();
              }

              @Override
              public void onCompleted() {
                closed.countDown();
              }
            });
    for (int i = 0; i < messages; i++) {
      String name = i == messages - 1 ? last : "message " + i;
      requests.onNext(HelloRequest.newBuilder().setName(name).build());
    }
    requests.onCompleted();
    closed.await();
    tally.end();
  }
}
