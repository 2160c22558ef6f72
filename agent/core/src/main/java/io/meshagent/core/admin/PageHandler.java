package io.meshagent.core.admin;

import io.meshagent.core.log.Log;
import java.util.Map;
import java.util.TreeMap;

/** Finds the page for a request and makes it. Called on admin threads, several at a time. */
final class PageHandler {

  private final Map<String, Page> pages;
  private final boolean loopback;

  /**
   * @param loopback whether only this machine can reach us, so that any other name in a request is
   *     suspicious
   */
  PageHandler(Map<String, Page> pages, boolean loopback) {
    this.pages = new TreeMap<>(pages);
    this.loopback = loopback;
  }

  Response handle(Request request) {
    return Response.of(answer(request), request);
  }

  private PageReply answer(Request request) {
    if (loopback && !LoopbackNames.allow(request.host())) {
      return PageReply.sentence(
          403, "This page listens on loopback and answers only to localhost, 127.x.x.x and [::1].");
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return PageReply.sentence(405, "Only GET and HEAD are understood here.");
    }
    Page page = request.uri().getPath() == null ? null : pages.get(request.uri().getPath());
    if (page == null) {
      return PageReply.sentence(404, "There is no such page; there are: " + pages.keySet());
    }
    try {
      String query = request.uri().getRawQuery();
      return page.answer(query == null ? "" : query, request.accept());
    } catch (Exception | LinkageError e) {
      Log.debug("The admin page " + request.uri().getPath() + " failed.", e);
      return PageReply.sentence(500, "This page could not be made: " + e);
    }
  }
}
