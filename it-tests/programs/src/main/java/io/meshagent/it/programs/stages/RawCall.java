package io.meshagent.it.programs.stages;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A call without a stub, which requests and sends when it is told to. */
final class RawCall extends ClientCall.Listener<String> {

  final List<String> events = new CopyOnWriteArrayList<>();
  final ClientCall<String, String> call;

  RawCall(Channel channel, MethodDescriptor<String, String> method, CallOptions options) {
    call = channel.newCall(method, options);
    call.start(this, new Metadata());
  }

  @Override
  public void onHeaders(Metadata headers) {
    String name = headers.get(Metadata.Key.of("mesh-fallback", Metadata.ASCII_STRING_MARSHALLER));
    events.add("headers" + (name == null ? "" : " by " + name));
  }

  @Override
  public void onMessage(String message) {
    events.add(message);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    events.add(
        status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription()));
  }

  String awaitEvents(int count) {
    Waiting.until(count + " events", () -> events.size() >= count);
    return events.toString();
  }
}
