package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicReference;

/** A greeter whose next call can be made to do something else first. Thread-safe. */
final class LeavingGreeter extends FlakyGreeter {

  private final AtomicReference<Runnable> surprise = new AtomicReference<>();

  LeavingGreeter(String name) {
    super(name, 0);
  }

  void onNextCall(Runnable task) {
    surprise.set(task);
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    Runnable task = surprise.getAndSet(null);
    if (task != null) {
      task.run();
    }
    super.sayHello(request, replies);
  }
}
