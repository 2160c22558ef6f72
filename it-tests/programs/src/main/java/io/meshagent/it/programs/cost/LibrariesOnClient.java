package io.meshagent.it.programs.cost;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What a program does for its calls by hand with the libraries: a limit of their rate, a circuit
 * breaker, a deadline and metrics, all by method. It lets all calls of the benchmark through.
 */
final class LibrariesOnClient implements ClientInterceptor {

  private static final int DEADLINE_SECONDS = 30;

  private final Map<String, LibraryMetrics> metrics = new ConcurrentHashMap<>();
  private final Map<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();

  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> method, CallOptions options, Channel next) {
    String name = method.getFullMethodName();
    LibraryMetrics of = metrics.computeIfAbsent(name, LibraryMetrics::new);
    CircuitBreaker breaker = breakers.computeIfAbsent(name, CircuitBreaker::ofDefaults);
    CallOptions bounded = options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    return new SimpleForwardingClientCall<A, B>(next.newCall(method, bounded)) {
      @Override
      public void start(Listener<B> listener, Metadata headers) {
        if (!of.mayBegin() || !breaker.tryAcquirePermission()) {
          throw Status.UNAVAILABLE.withDescription("refused").asRuntimeException();
        }
        of.begun();
        super.start(new Governed<>(listener, of, breaker), headers);
      }
    };
  }

  private static final class Governed<B> extends SimpleForwardingClientCallListener<B> {

    private final LibraryMetrics metrics;
    private final CircuitBreaker breaker;
    private final long began = System.nanoTime();

    Governed(ClientCall.Listener<B> around, LibraryMetrics metrics, CircuitBreaker breaker) {
      super(around);
      this.metrics = metrics;
      this.breaker = breaker;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      long nanos = System.nanoTime() - began;
      if (status.isOk()) {
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
      } else {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, status.asRuntimeException());
      }
      metrics.ended(status, nanos);
      super.onClose(status, trailers);
    }
  }
}
