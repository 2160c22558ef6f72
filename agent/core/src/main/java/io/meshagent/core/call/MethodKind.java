package io.meshagent.core.call;

/** Which sides of a method's calls may send more than one message. */
public enum MethodKind {
  /** One request, one response. */
  UNARY(true, true),
  /** Many requests, one response. */
  CLIENT_STREAMING(false, true),
  /** One request, many responses. */
  SERVER_STREAMING(true, false),
  /** Many of both. */
  BIDI_STREAMING(false, false);

  private final boolean oneRequest;
  private final boolean oneResponse;

  MethodKind(boolean oneRequest, boolean oneResponse) {
    this.oneRequest = oneRequest;
    this.oneResponse = oneResponse;
  }

  /** Whether client or server may send more than one message. */
  public boolean isStreaming() {
    return this != UNARY;
  }

  /** Whether the client sends one message, so that what a call asks is that message. */
  public boolean hasOneRequest() {
    return oneRequest;
  }

  /** Whether the server sends one message, so that a call can be answered whole by one. */
  public boolean hasOneResponse() {
    return oneResponse;
  }
}
