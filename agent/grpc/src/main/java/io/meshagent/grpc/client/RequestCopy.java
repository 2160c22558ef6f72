package io.meshagent.grpc.client;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.meshagent.core.api.Copies;
import io.meshagent.core.api.Service;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.CopiedCall;
import io.meshagent.grpc.base.MetadataCall;

/**
 * What a copy of a unary call is made of: the message comes from the program, the headers are those
 * of the first attempt, with all that interceptors have written. Whichever comes last has the copy
 * sent. Thread-safe.
 *
 * <p>Only messages that {@link MessageBytes} can read are copied, for the reason that it gives.
 */
final class RequestCopy {

  private static final Metadata.Key<String> PREVIOUS =
      MetadataCall.key("grpc-previous-rpc-attempts");

  private final ChannelFacts channel;
  private final Service service;
  private final MethodDescriptor<?, ?> method;
  private final CallOptions options;
  private final boolean readable;

  /** Guarded by this, as the rest. Null until the program has sent it. */
  private Object message;

  /** Null until it is known that there is to be a copy. */
  private Copies to;

  private Metadata headers;

  RequestCopy(
      ChannelFacts channel, Service service, MethodDescriptor<?, ?> method, CallOptions options) {
    this.channel = channel;
    this.service = service;
    this.method = method;
    this.options = options;
    this.readable = MessageBytes.isReadable(method.getRequestMarshaller());
  }

  /** The program sends its message. */
  void message(Object sent) {
    CopiedCall ready;
    synchronized (this) {
      if (!readable || message != null) {
        return;
      }
      message = sent;
      ready = ready();
    }
    send(ready);
  }

  /**
   * An attempt leaves, and is to be copied. Once a call.
   *
   * @param sending its headers, which are copied now
   */
  void attempt(Copies copies, Metadata sending) {
    if (!readable) {
      copies.unsent(Copies.End.NOT_COPIED);
      return;
    }
    CopiedCall ready;
    Metadata own = new Metadata();
    own.merge(sending);
    own.discardAll(PREVIOUS);
    own.put(MetadataCall.key(MetadataCall.COPY_MARK), "1");
    synchronized (this) {
      to = copies;
      headers = own;
      ready = ready();
    }
    send(ready);
  }

  private CopiedCall ready() {
    return message == null || to == null
        ? null
        : new CopiedCall(service, method, options, headers, message, to);
  }

  private void send(CopiedCall ready) {
    if (ready != null) {
      channel.copy(ready);
    }
  }
}
