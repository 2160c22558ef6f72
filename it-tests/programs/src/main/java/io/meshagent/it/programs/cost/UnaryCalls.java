package io.meshagent.it.programs.cost;

import com.example.greeter.api.GreeterGrpc.GreeterStub;
import com.example.greeter.api.HelloReply;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;

/** Unary calls; each is a turn. */
final class UnaryCalls extends Load {

  UnaryCalls(GreeterStub stub, long calls) {
    super(stub, calls);
  }

  @Override
  void begin(CountDownLatch ended) {
    if (!hasNext()) {
      ended.countDown();
      return;
    }
    stub.sayHello(
        REQUEST,
        new StreamObserver<HelloReply>() {
          private boolean answered;

          @Override
          public void onNext(HelloReply reply) {
            answered = isAnswer(reply);
          }

          @Override
          public void onError(Throwable failure) {
            failed(failure, ended);
          }

          @Override
          public void onCompleted() {
            if (answered) {
              begin(ended);
            } else {
              failed(new IllegalStateException("not the server's answer"), ended);
            }
          }
        });
  }
}
