package io.meshagent.core.call;

import io.meshagent.core.api.Code;

/**
 * A response that no server was asked for: what a cache knows or a fallback has. As a verdict it
 * ends the call before anything of it is sent; in an {@link Outcome} it stands for what the server
 * said or did not say. Immutable.
 */
public final class Answer implements Verdict {

  private static final String[] NO_HEADERS = {};

  private final String policy;
  private final Object message;

  /** Null if the message is an object. */
  private final Response response;

  private final String[] headers;
  private final Code code;
  private final String description;

  private Answer(
      String policy,
      Object message,
      Response response,
      String[] headers,
      Code code,
      String description) {
    this.policy = policy;
    this.message = message;
    this.response = response;
    this.headers = headers;
    this.code = code;
    this.description = description;
  }

  /**
   * A response that ends well.
   *
   * @param policy the policy's name as metrics label it
   * @param message what the method's marshaller makes of a response, opaque to core; null for none,
   *     which only a method that streams its responses can end well with
   */
  public static Answer of(String policy, Object message) {
    return new Answer(policy, message, null, NO_HEADERS, Code.OK, null);
  }

  /** One that came before, of a call whose messages are read ({@link Stage#readsMessages}). */
  public static Answer of(String policy, Response response) {
    return new Answer(policy, null, response, NO_HEADERS, Code.OK, null);
  }

  /** The same with one more ASCII header among the response's headers. */
  public Answer withHeader(String name, String value) {
    String[] more = new String[headers.length + 2];
    System.arraycopy(headers, 0, more, 0, headers.length);
    more[headers.length] = name;
    more[headers.length + 1] = value;
    return new Answer(policy, message, response, more, code, description);
  }

  /** The same with this status after the message. */
  public Answer withStatus(Code newCode, String newDescription) {
    return new Answer(policy, message, response, headers, newCode, newDescription);
  }

  /** The policy's name as metrics label it, for example {@code fallback}. */
  public String policy() {
    return policy;
  }

  /** The response's message, or null for none, or if it is in the {@link #response}. */
  public Object message() {
    return message;
  }

  /** A response as it came, whose headers come before those of this answer; null for none. */
  public Response response() {
    return response;
  }

  /** Whether a message belongs to it. */
  public boolean hasMessage() {
    return message != null || response != null;
  }

  /** The response's headers: names and values in turns. Not to be changed. */
  public String[] headers() {
    return headers;
  }

  public Code code() {
    return code;
  }

  /** The description of the status; may be null. */
  public String description() {
    return description;
  }
}
