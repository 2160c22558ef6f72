package io.meshagent.core.admin;

/**
 * What a POST to one path does. Called on an admin thread, several at a time; it may take its time,
 * and an exception becomes an answer that says so.
 */
@FunctionalInterface
public interface Action {

  /** Of what is sent to an action, in bytes. */
  int MOST_BODY_BYTES = 256 * 1024;

  /**
   * Does it, or says why not.
   *
   * @param token the header {@code Mesh-Token}, which no other web site's page can send; empty if
   *     there was none. What it allows is for the action to say
   * @param body what was sent, read as UTF-8
   */
  PageReply take(String token, String body) throws Exception;
}
