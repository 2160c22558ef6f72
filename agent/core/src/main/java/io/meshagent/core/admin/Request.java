package io.meshagent.core.admin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** The head of one request, as much of it as the pages need. Immutable. */
final class Request {

  /** As one of several, and not with a weight of 0, which means never. */
  private static final Pattern GZIP =
      Pattern.compile("(?i)(?:^|[,\\s])gzip\\s*(?:$|,|;\\s*q=(?:1|0\\.0*[1-9]))");

  private final String method;
  private final URI uri;
  private final String host;
  private final String accept;
  private final boolean compressible;
  private final boolean last;
  private String token = "";
  private String password = "";
  private long bodyBytes;
  private boolean ofOtherSite;
  private String body = "";

  private Request(
      String method, URI uri, String host, String accept, boolean compressible, boolean last) {
    this.method = method;
    this.uri = uri;
    this.host = host;
    this.accept = accept;
    this.compressible = compressible;
    this.last = last;
  }

  /**
   * Reads a request line and headers.
   *
   * @param head all of it, without the empty line at its end
   * @return null if it is no HTTP/1
   */
  static Request parse(String head) {
    String[] lines = head.split("\r?\n", -1);
    String[] words = lines[0].split(" ", -1);
    if (words.length != 3 || words[0].isEmpty() || !words[2].matches("HTTP/1\\.\\d")) {
      return null;
    }
    String host = null;
    String accept = null;
    boolean compressible = false;
    String token = "";
    String password = "";
    long bodyBytes = 0;
    boolean ofOtherSite = false;
    // HTTP/1.0 knows no other way to end an answer, and its clients hardly ask for one.
    boolean last = words[2].equals("HTTP/1.0");
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0) {
        return null;
      }
      String value = lines[i].substring(colon + 1).trim();
      switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "host":
          host = host == null ? value : host;
          break;
        case "accept":
          accept = accept == null ? value : accept + "," + value;
          break;
        case "accept-encoding":
          compressible |= GZIP.matcher(value).find();
          break;
        case "connection":
          last |= value.toLowerCase(Locale.ROOT).contains("close");
          break;
        case "mesh-token":
          token = value;
          break;
        case "authorization":
          password = Authorization.password(value);
          break;
        case "sec-fetch-site":
          ofOtherSite = !value.equals("same-origin") && !value.equals("none");
          break;
        case "content-length":
          last |= !value.equals("0");
          bodyBytes = value.matches("\\d{1,9}") ? Long.parseLong(value) : Long.MAX_VALUE;
          break;
        case "transfer-encoding":
          last = true;
          bodyBytes = Long.MAX_VALUE;
          break;
        default:
      }
    }
    try {
      Request request = new Request(words[0], new URI(words[1]), host, accept, compressible, last);
      request.token = token;
      request.password = password;
      request.bodyBytes = bodyBytes;
      request.ofOtherSite = ofOtherSite;
      return request;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  String method() {
    return method;
  }

  URI uri() {
    return uri;
  }

  /** Whether a browser says that another web site's page has it ask (Fetch Metadata, W3C). */
  boolean isOfOtherSite() {
    return ofOtherSite;
  }

  /** Null if none was sent. */
  String host() {
    return host;
  }

  /** Which forms the client takes; null if it did not say. */
  String accept() {
    return accept;
  }

  /** Whether the client takes a body that is compressed with gzip. */
  boolean isCompressible() {
    return compressible;
  }

  /** The same with what followed its head. */
  Request withBody(String text) {
    Request whole = new Request(method, uri, host, accept, compressible, last);
    whole.token = token;
    whole.password = password;
    whole.ofOtherSite = ofOtherSite;
    whole.bodyBytes = bodyBytes;
    whole.body = text;
    return whole;
  }

  /** The value of the header {@code Mesh-Token}; empty if none was sent. */
  String token() {
    return token;
  }

  /** What the header {@code Authorization} has for a password; empty if it has none. */
  String password() {
    return password;
  }

  /** How long what follows the head is; more than anybody takes if that is not said. */
  long bodyBytes() {
    return bodyBytes;
  }

  /** Empty if none was taken. */
  String body() {
    return body;
  }

  /** Whether the connection ends with the answer: by the client's wish, or for a body follows. */
  boolean isLast() {
    return last;
  }
}
