package io.meshagent.core.admin;

import java.nio.charset.StandardCharsets;

/** One page as it goes over the wire. Immutable. */
public final class PageReply {

  static final String PLAIN = "text/plain; charset=utf-8";

  private final int status;
  private final String contentType;
  private final byte[] body;
  private final boolean askingForPassword;

  /** Null but for a page that goes on. */
  private final EventFeed feed;

  private PageReply(int status, String contentType, byte[] body, boolean askingForPassword) {
    this(status, contentType, body, askingForPassword, null);
  }

  private PageReply(
      int status, String contentType, byte[] body, boolean askingForPassword, EventFeed feed) {
    this.feed = feed;
    this.askingForPassword = askingForPassword;
    this.status = status;
    this.contentType = contentType;
    this.body = body;
  }

  /** The body is sent as UTF-8, which the content type should say. */
  public static PageReply of(int status, String contentType, String body) {
    return new PageReply(status, contentType, body.getBytes(StandardCharsets.UTF_8), false);
  }

  /** A sentence in plain text. */
  public static PageReply sentence(int status, String sentence) {
    return of(status, PLAIN, sentence + "\n");
  }

  /** A sentence, upon which a browser asks whoever sits before it for a password. */
  static PageReply askingForPassword(String sentence) {
    byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
    return new PageReply(401, PLAIN, body, true);
  }

  /** One that has no end: each change follows as it comes. */
  static PageReply streaming(EventFeed feed) {
    return new PageReply(200, "text/event-stream; charset=utf-8", new byte[0], false, feed);
  }

  /** What follows; null for nothing. */
  EventFeed feed() {
    return feed;
  }

  boolean isAskingForPassword() {
    return askingForPassword;
  }

  int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  byte[] body() {
    return body;
  }
}
