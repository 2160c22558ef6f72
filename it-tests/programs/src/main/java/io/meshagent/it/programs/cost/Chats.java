package io.meshagent.it.programs.cost;

import com.example.greeter.api.GreeterGrpc.GreeterStub;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CountDownLatch;

/**
 * Bidirectional streams: a turn is a message and its answer. A stream has so many of them that what
 * its beginning and its end cost does not count, and so few that it stays below any deadline.
 */
final class Chats extends Load {

  private static final int MESSAGES_OF_A_STREAM = 500;

  Chats(GreeterStub stub, long messages) {
    super(stub, messages);
  }

  @Override
  void begin(CountDownLatch ended) {
    if (hasNext()) {
      stub.chat(new Chat(ended));
    } else {
      ended.countDown();
    }
  }

  private final class Chat implements ClientResponseObserver<HelloRequest, HelloReply> {

    private final CountDownLatch ended;
    private ClientCallStreamObserver<HelloRequest> requests;
    private int sent;

    Chat(CountDownLatch ended) {
      this.ended = ended;
    }

    /** The stream can be written to once gRPC says so. */
    @Override
    public void beforeStart(ClientCallStreamObserver<HelloRequest> stream) {
      requests = stream;
      stream.setOnReadyHandler(
          () -> {
            if (sent == 0) {
              send();
            }
          });
    }

    private void send() {
      sent++;
      requests.onNext(REQUEST);
    }

    @Override
    public void onNext(HelloReply reply) {
      if (sent < MESSAGES_OF_A_STREAM && hasNext()) {
        send();
      } else {
        requests.onCompleted();
      }
    }

    @Override
    public void onError(Throwable failure) {
      failed(failure, ended);
    }

    @Override
    public void onCompleted() {
      begin(ended);
    }
  }
}
