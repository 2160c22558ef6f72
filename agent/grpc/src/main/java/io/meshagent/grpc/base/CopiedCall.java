package io.meshagent.grpc.base;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.meshagent.core.api.Copies;
import io.meshagent.core.api.Service;

/** A unary call that is to be made once more, elsewhere. Immutable but for its headers. */
public final class CopiedCall {

  private final Service service;
  private final MethodDescriptor<?, ?> method;
  private final CallOptions options;
  private final Metadata headers;
  private final Object message;
  private final Copies to;

  /**
   * @param options of the call itself
   * @param headers the copy's own
   * @param message one that can be read again
   */
  public CopiedCall(
      Service service,
      MethodDescriptor<?, ?> method,
      CallOptions options,
      Metadata headers,
      Object message,
      Copies to) {
    this.service = service;
    this.method = method;
    this.options = options;
    this.headers = headers;
    this.message = message;
    this.to = to;
  }

  public Service service() {
    return service;
  }

  public MethodDescriptor<?, ?> method() {
    return method;
  }

  /** Of the call itself. */
  public CallOptions options() {
    return options;
  }

  /** The copy's own. */
  public Metadata headers() {
    return headers;
  }

  public Object message() {
    return message;
  }

  public Copies to() {
    return to;
  }
}
