package com.example.traced;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The trace headers that calls arrive with. Thread-safe. */
final class Headers implements ServerInterceptor {

  private static final Metadata.Key<String> TRACE =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  private final List<List<String>> seen = new CopyOnWriteArrayList<>();

  @Override
  public <ReqT, RespT> Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    List<String> values = new ArrayList<>();
    Iterable<String> all = headers.getAll(TRACE);
    if (all != null) {
      all.forEach(values::add);
    }
    seen.add(values);
    return next.startCall(call, headers);
  }

  void forget() {
    seen.clear();
  }

  /** How many values each call had, and how many of all are of this trace. */
  String of(String trace) {
    List<Integer> counts = seen.stream().map(List::size).toList();
    long own = seen.stream().flatMap(List::stream).filter(value -> value.contains(trace)).count();
    return "headers " + counts + ", of the trace " + own;
  }
}
