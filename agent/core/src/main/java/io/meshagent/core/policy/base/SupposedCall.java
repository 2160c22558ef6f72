package io.meshagent.core.policy.base;

import io.meshagent.core.call.CallerName;
import io.meshagent.core.call.MethodKind;
import java.util.function.UnaryOperator;

/** A call of a server's method that somebody asks about and nobody makes. Immutable. */
public final class SupposedCall {

  private final String method;
  private final MethodKind kind;
  private final UnaryOperator<String> headers;

  /**
   * @param method full name, or the name of a service
   * @param kind null where no call of the method has come yet, so that nobody knows
   * @param headers the value of a header by its name in small letters, or null
   */
  public SupposedCall(String method, MethodKind kind, UnaryOperator<String> headers) {
    this.method = method;
    this.kind = kind;
    this.headers = headers;
  }

  /** Full name, or the name of a service. */
  public String method() {
    return method;
  }

  /** Whether client or server may send more than one message; false where nobody knows. */
  public boolean isStreaming() {
    return kind != null && kind.isStreaming();
  }

  /** Null if it is not said to have it. */
  public String header(String name) {
    return headers.apply(name);
  }

  /** Which application makes it by its own word; null if none is said. */
  public String caller() {
    return CallerName.in(header(CallerName.HEADER));
  }
}
