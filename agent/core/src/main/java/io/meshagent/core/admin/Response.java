package io.meshagent.core.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** An answer as bytes on the wire. Made on a page's thread, written by the loop. */
final class Response {

  /** RFC 9110, 5.6.7. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  /** Scripts and data from here alone, and none that stand in a page: names come from others. */
  private static final String SECURITY =
      "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:;"
          + " style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private static final int WORTH_COMPRESSING = 1_024;

  private final ByteBuffer[] bytes;
  private final boolean last;

  /** Null but where events follow. */
  private final EventFeed feed;

  private Response(ByteBuffer[] bytes, boolean last, EventFeed feed) {
    this.bytes = bytes;
    this.last = last;
    this.feed = feed;
  }

  /** More of an answer that has begun. */
  static Response ofEvents(byte[] events) {
    return new Response(
        new ByteBuffer[] {ByteBuffer.wrap(new byte[0]), ByteBuffer.wrap(events)}, false, null);
  }

  /** That there is no room for one more who listens, which browsers take for a no. */
  static Response noMoreStreams() {
    return of(PageReply.of(204, PageReply.PLAIN, ""), false, true);
  }

  /** In the form that the request asks for. */
  static Response of(PageReply answer, Request request) {
    byte[] body = answer.body();
    boolean smaller = request.isCompressible() && body.length >= WORTH_COMPRESSING;
    return of(
        answer,
        smaller ? compressed(body) : body,
        smaller,
        request.method().equals("HEAD"),
        request.isLast());
  }

  /**
   * @param headOnly whether the body is left out, as for HEAD
   * @param last whether the connection ends with it
   */
  static Response of(PageReply answer, boolean headOnly, boolean last) {
    return of(answer, answer.body(), false, headOnly, last);
  }

  private static Response of(
      PageReply answer, byte[] bytes, boolean isCompressed, boolean headOnly, boolean last) {
    StringBuilder head = new StringBuilder(512);
    head.append("HTTP/1.1 ").append(answer.status()).append(' ').append(reason(answer.status()));
    header(head, "Date", DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    header(head, "Content-Type", answer.contentType());
    header(head, "X-Content-Type-Options", "nosniff");
    header(head, "Cache-Control", "no-store");
    header(head, "Content-Security-Policy", SECURITY);
    // What events follow ends with the connection, unless only the head was asked for.
    EventFeed feed = headOnly ? null : answer.feed();
    if (answer.feed() == null) {
      header(head, "Content-Length", Integer.toString(bytes.length));
    }
    if (isCompressed) {
      header(head, "Content-Encoding", "gzip");
      header(head, "Vary", "Accept-Encoding");
    }
    if (answer.status() == 405) {
      header(head, "Allow", "GET, HEAD");
    }
    if (answer.isAskingForPassword()) {
      header(head, "WWW-Authenticate", "Basic realm=\"mesh-agent\", charset=\"UTF-8\"");
    }
    boolean ends = last || answer.feed() != null;
    if (ends) {
      header(head, "Connection", "close");
    }
    ByteBuffer start =
        ByteBuffer.wrap(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    ByteBuffer body = ByteBuffer.wrap(headOnly ? new byte[0] : bytes);
    return new Response(new ByteBuffer[] {start, body}, ends && feed == null, feed);
  }

  /** Quickly: pages of metrics are a few words again and again. */
  private static byte[] compressed(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4 + 64);
    try (OutputStream gzip =
        new GZIPOutputStream(bytes, 8_192) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append("\r\n").append(name).append(": ").append(value);
  }

  private static String reason(int status) {
    switch (status) {
      case 200:
        return "OK";
      case 204:
        return "No Content";
      case 401:
        return "Unauthorized";
      case 409:
        return "Conflict";
      case 413:
        return "Content Too Large";
      case 422:
        return "Unprocessable Content";
      case 502:
        return "Bad Gateway";
      case 503:
        return "Service Unavailable";
      case 400:
        return "Bad Request";
      case 403:
        return "Forbidden";
      case 404:
        return "Not Found";
      case 405:
        return "Method Not Allowed";
      case 431:
        return "Request Header Fields Too Large";
      default:
        return "Internal Server Error";
    }
  }

  /** What is not written yet; one owner at a time. */
  ByteBuffer[] bytes() {
    return bytes;
  }

  /** The events that follow; null for none. */
  EventFeed feed() {
    return feed;
  }

  boolean isLast() {
    return last;
  }
}
