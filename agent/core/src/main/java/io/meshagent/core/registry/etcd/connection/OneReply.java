package io.meshagent.core.registry.etcd.connection;

import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The one response of a request, or its error. Called by gRPC, in order, on its thread; tells its
 * outcome once, and once more as an error if taking it in fails: somebody may wait for it.
 */
final class OneReply<T> implements StreamObserver<T> {

  private final BiConsumer<T, Throwable> outcome;
  private T value;
  private boolean told;

  /** Sends the request; what can't be sent is told as an error. */
  void from(Consumer<OneReply<T>> request) {
    try {
      request.accept(this);
    } catch (RuntimeException | Error e) {
      onError(e);
    }
  }

  OneReply(BiConsumer<T, Throwable> outcome) {
    this.outcome = outcome;
  }

  @Override
  public void onNext(T response) {
    value = response;
  }

  @Override
  public void onError(Throwable error) {
    tell(null, error);
  }

  @Override
  public void onCompleted() {
    tell(value, value == null ? new IllegalStateException("etcd ended without an answer") : null);
  }

  private void tell(T response, Throwable error) {
    if (!told) {
      told = true;
      try {
        outcome.accept(response, error);
      } catch (RuntimeException | Error e) {
        outcome.accept(null, e);
      }
    }
  }
}
