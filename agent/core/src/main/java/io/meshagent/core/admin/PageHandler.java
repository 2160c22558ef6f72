package io.meshagent.core.admin;

import io.meshagent.core.log.Log;
import java.util.Map;
import java.util.TreeMap;

/** Finds the page for a request and makes it. Called on admin threads, several at a time. */
final class PageHandler {

  private final Map<String, Page> pages;
  private final Map<String, Action> actions;
  private final boolean loopback;

  /**
   * @param actions by path, of which no page has one
   * @param loopback whether only this machine can reach us, so that any other name in a request is
   *     suspicious
   */
  PageHandler(Map<String, Page> pages, Map<String, Action> actions, boolean loopback) {
    this.pages = new TreeMap<>(pages);
    this.actions = new TreeMap<>(actions);
    this.loopback = loopback;
  }

  Response handle(Request request) {
    return Response.of(answer(request), request);
  }

  /** So many bytes are to be read before the request is answered; 0 if it is answered without. */
  int bodyToRead(Request request) {
    return isAllowed(request)
            && !request.isOfOtherSite()
            && action(request) != null
            && isShortEnough(request)
        ? (int) request.bodyBytes()
        : 0;
  }

  private boolean isAllowed(Request request) {
    return !loopback || LoopbackNames.allow(request.host());
  }

  /** Null if it asks for none. */
  private Action action(Request request) {
    String path = request.uri().getPath();
    return path == null || !request.method().equals("POST") ? null : actions.get(path);
  }

  private static boolean isShortEnough(Request request) {
    return request.bodyBytes() <= Action.MOST_BODY_BYTES;
  }

  private PageReply answer(Request request) {
    if (!isAllowed(request)) {
      return PageReply.sentence(
          403, "This page listens on loopback and answers only to localhost, 127.x.x.x and [::1].");
    }
    if (request.isOfOtherSite() && !"/".equals(request.uri().getPath())) {
      return PageReply.sentence(403, "A page of another web site has asked for this.");
    }
    Action action = action(request);
    if (action != null && !isShortEnough(request)) {
      return PageReply.sentence(
          413, "Not more than 256 KiB are taken here, of a length that is said.");
    }
    if (action != null) {
      return made(request, () -> action.take(request.token(), request.body()));
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return PageReply.sentence(405, "Only GET and HEAD are understood here.");
    }
    Page page = request.uri().getPath() == null ? null : pages.get(request.uri().getPath());
    if (page == null) {
      return PageReply.sentence(404, "There is no such page; there are: " + pages.keySet());
    }
    String query = request.uri().getRawQuery();
    return made(request, () -> page.answer(query == null ? "" : query, request.accept()));
  }

  private interface Making {
    PageReply make() throws Exception;
  }

  private static PageReply made(Request request, Making making) {
    try {
      return making.make();
    } catch (Exception | LinkageError | StackOverflowError e) {
      Log.debug("The admin page " + request.uri().getPath() + " failed.", e);
      return PageReply.sentence(500, "This page could not be made: " + e);
    }
  }
}
