package io.meshagent.grpc.client;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Survived;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Response;
import io.meshagent.grpc.base.ChannelFacts;

/**
 * A unary call of which stages read the request and the response; by itself, so that others need no
 * room for it. What the program sends is read on its thread, what it is answered where gRPC tells
 * it.
 */
class ReadOutgoingCall extends MadeOutgoingCall {

  /** What is longer is rarely asked twice, and would be kept for each call that is under way. */
  private static final int LONGEST_REQUEST = 64 * 1024;

  private static final int LONGEST_RESPONSE = 1024 * 1024;

  private final Mesh mesh;
  private final ChannelFacts channel;
  private final CallOptions options;
  private final boolean reads;

  /** Volatile: the program sends on its thread, stages ask on others. Null until it is known. */
  private volatile byte[] request;

  /** Volatile as that, and written after it. */
  private volatile boolean sent;

  /** Volatile: set on the agent's thread. */
  private volatile boolean late;

  /** What has come so far. gRPC tells one thing after the other, and the end last. */
  private Object[] headers;

  private byte[] message;
  private Response response;

  /**
   * @param options as the program gave them
   * @param reads whether the messages are wanted, and all headers of attempts are seen
   * @param made what a stage may put in the place of an outcome; null for nothing
   */
  ReadOutgoingCall(
      CallPlan plan,
      Mesh mesh,
      Object trace,
      MethodDescriptor<?, ?> method,
      ChannelFacts channel,
      CallOptions options,
      boolean reads,
      Response made) {
    super(plan, mesh, trace, method, made);
    this.mesh = mesh;
    this.channel = channel;
    this.options = options;
    this.reads =
        reads
            && method.getType() == MethodDescriptor.MethodType.UNARY
            && MessageBytes.isReadable(method.getRequestMarshaller())
            && MessageBytes.isReadable(method.getResponseMarshaller());
  }

  @Override
  public boolean hasCredentials() {
    return options.getCredentials() != null;
  }

  @Override
  public String way() {
    String authority = options.getAuthority();
    return authority == null ? channel.number() : channel.number() + " " + authority;
  }

  @Override
  public boolean awaitsRequest() {
    return reads && !sent && !late;
  }

  @Override
  public byte[] request() {
    return request;
  }

  @Override
  void requestIsLate() {
    late = true;
  }

  @Override
  @SuppressWarnings("unchecked") // The call is of this method.
  void sends(Object sending) {
    if (!reads || sent) {
      return;
    }
    try {
      MethodDescriptor<Object, Object> of = (MethodDescriptor<Object, Object>) method();
      request = MessageBytes.read(of.streamRequest(sending), LONGEST_REQUEST);
    } catch (Throwable e) {
      Survived.tell(mesh, "the request of a call", e);
    }
    sent = true;
  }

  @Override
  void headersCame(Metadata came) {
    if (request == null) {
      return;
    }
    try {
      headers = MessageBytes.pairs(came);
    } catch (Throwable e) {
      Survived.tell(mesh, "the headers of a response", e);
    }
  }

  @Override
  @SuppressWarnings("unchecked") // The call is of this method.
  void messageCame(Object came) {
    if (headers == null) {
      return;
    }
    try {
      MethodDescriptor<Object, Object> of = (MethodDescriptor<Object, Object>) method();
      message =
          message == null ? MessageBytes.read(of.streamResponse(came), LONGEST_RESPONSE) : null;
    } catch (Throwable e) {
      Survived.tell(mesh, "a response", e);
    }
  }

  @Override
  void closes(Status status, Metadata trailers) {
    if (message == null || status == null || !status.isOk() || trailers == null) {
      return;
    }
    try {
      Object[] pairs = MessageBytes.pairs(trailers);
      response = pairs == null ? null : new Response(message, headers, pairs);
    } catch (Throwable e) {
      Survived.tell(mesh, "the trailers of a response", e);
    }
  }

  @Override
  public Response response() {
    return response;
  }
}
