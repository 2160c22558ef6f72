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

  /**
   * The same for pages that come in several forms.
   *
   * @param accept the header {@code Accept} of the request; null if there was none
   */
  default PageReply answer(String query, String accept) throws Exception {
    return answer(query);
  }
}
