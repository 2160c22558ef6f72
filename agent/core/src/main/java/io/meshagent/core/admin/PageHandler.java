package io.meshagent.core.admin;

import io.meshagent.core.log.Log;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds the page for a request and makes it. Called on admin threads, several at a time. */
final class PageHandler {

  /** Scrapers and probes have no token, and what they get names no address. */
  private static final Set<String> OPEN_TO_ALL =
      Collections.unmodifiableSet(
          new HashSet<>(Arrays.asList("/metrics", "/health", "/live", "/ready")));

  private final Map<String, Page> pages;
  private final Map<String, Action> actions;
  private final boolean loopback;

  /** Null if nobody can know it. */
  private final AccessToken token;

  /**
   * @param actions by path, of which no page has one
   * @param loopback whether only this machine can reach us, so that any other name in a request is
   *     suspicious
   * @param token what somebody on another machine has to know to see more than what is open to all;
   *     null if nobody there may
   */
  PageHandler(
      Map<String, Page> pages, Map<String, Action> actions, boolean loopback, AccessToken token) {
    this.token = token;
    this.pages = new TreeMap<>(pages);
    this.actions = new TreeMap<>(actions);
    this.loopback = loopback;
  }

  /**
   * @param local whether it comes from this machine
   */
  Response handle(Request request, boolean local) {
    return Response.of(answer(request, local), request);
  }

  /** So many bytes are to be read before the request is answered; 0 if it is answered without. */
  int bodyToRead(Request request, boolean local) {
    return refusal(request, local) == null
            && !request.isOfOtherSite()
            && action(request) != null
            && isShortEnough(request)
        ? (int) request.bodyBytes()
        : 0;
  }

  /** Null if whoever asks may see what is asked for. */
  private PageReply refusal(Request request, boolean local) {
    if (local && LoopbackNames.allow(request.host())) {
      return null;
    }
    if (loopback) {
      return PageReply.sentence(
          403, "This page listens on loopback and answers only to localhost, 127.x.x.x and [::1].");
    }
    boolean known = token != null && token.is(request.password());
    return known || OPEN_TO_ALL.contains(request.uri().getPath())
        ? null
        : PageReply.askingForPassword(
            "Whoever is on another machine needs the token to see this, as the password of any"
                + " user or as a bearer token; see admin.token-file.");
  }

  /** Null if it asks for none. */
  private Action action(Request request) {
    String path = request.uri().getPath();
    return path == null || !request.method().equals("POST") ? null : actions.get(path);
  }

  private static boolean isShortEnough(Request request) {
    return request.bodyBytes() <= Action.MOST_BODY_BYTES;
  }

  private PageReply answer(Request request, boolean local) {
    PageReply refusal = refusal(request, local);
    if (refusal != null) {
      return refusal;
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
