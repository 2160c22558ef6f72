package io.meshagent.core.registry.etcd;

import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;

/**
 * The one response of a request, or its error. Called by gRPC, in order, on its thread; tells its
 * outcome once.
 */
final class OneAnswer<T> implements StreamObserver<T> {

  private final BiConsumer<T, Throwable> outcome;
  private T value;
  private boolean told;

  OneAnswer(BiConsumer<T, Throwable> outcome) {
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
      outcome.accept(response, error);
    }
  }
}
