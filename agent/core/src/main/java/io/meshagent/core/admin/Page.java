package io.meshagent.core.admin;

/**
 * What stands at one path. Called on an admin thread, several at a time; it may take its time, and
 * an exception becomes a page that says so.
 */
@FunctionalInterface
public interface Page {

  /**
   * Makes the page as it is now.
   *
   * @param query what follows the question mark, as it was sent; empty if there was none
   */
  PageReply answer(String query) throws Exception;
}
