package io.meshagent.core.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.meshagent.core.log.Log;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the page for a request and sends it. Called by the HTTP server on admin threads, several at
 * a time.
 */
final class PageHandler implements HttpHandler {

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

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      send(exchange, answer(exchange));
    } finally {
      exchange.close();
    }
  }

  private Answer answer(HttpExchange exchange) {
    if (loopback && !LoopbackNames.allow(exchange.getRequestHeaders().getFirst("Host"))) {
      return Answer.sentence(
          403, "This page listens on loopback and answers only to localhost, 127.x.x.x and [::1].");
    }
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Answer.sentence(405, "Only GET and HEAD are understood here.");
    }
    URI uri = exchange.getRequestURI();
    Page page = pages.get(uri.getPath());
    if (page == null) {
      return Answer.sentence(404, "There is no such page; there are: " + pages.keySet());
    }
    try {
      return page.answer(uri.getRawQuery() == null ? "" : uri.getRawQuery());
    } catch (Exception | LinkageError e) {
      Log.debug("The admin page " + uri.getPath() + " failed.", e);
      return Answer.sentence(500, "This page could not be made: " + e);
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.contentType());
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", "no-store");
    headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    int length = answer.body().length;
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(length));
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    // 0 would mean "as long as it takes" to this server.
    exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
    exchange.getResponseBody().write(answer.body());
  }
}
