package io.meshagent.core.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The types of keys that say where something is: hosts, URLs, and places in etcd. Stateless; a
 * sentence about a bad value names the form that is good.
 */
final class PlaceTypes {

  private static final Pattern URL =
      Pattern.compile("(https?://(?:[^\\s/:@\\[\\]?#]+|\\[[0-9A-Fa-f:.%]+\\])):(\\d{1,5})/?");
  private static final Pattern HOST =
      Pattern.compile("[^\\s/:@\\[\\]?#]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(%\\w+)?");

  private PlaceTypes() {}

  /** A host name or address without a port; empty is allowed only if the key's default is empty. */
  static Type<String> host(boolean emptyAllowed) {
    return Types.simple(
        "host",
        "",
        text ->
            HOST.matcher(text).matches() || (emptyAllowed && text.isEmpty())
                ? Parsed.value(text)
                : Parsed.problem("is not a host name or address without a port"),
        text -> text);
  }

  /** The key in etcd under which everything stands. */
  static Type<String> etcdPrefix() {
    return etcdPrefix(false);
  }

  static Type<String> etcdPrefix(boolean emptyAllowed) {
    return Types.simple(
        "etcd key",
        "",
        text -> {
          String prefix = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
          return isPath(prefix) || (emptyAllowed && text.isEmpty())
              ? Parsed.value(prefix)
              : Parsed.problem("is not a prefix like /services");
        },
        text -> text);
  }

  /** Without a regular expression, which takes a frame of the stack for each segment. */
  private static boolean isPath(String text) {
    return text.startsWith("/")
        && !text.endsWith("/")
        && !text.contains("//")
        && text.chars().noneMatch(c -> c == ' ' || (c >= '\t' && c <= '\r'));
  }

  /** {@code http(s)://host:port}, or empty. */
  static Type<String> url() {
    return Types.simple(
        "URL", "", text -> text.isEmpty() ? Parsed.value("") : parseUrl(text), text -> text);
  }

  private static Parsed<String> parseUrl(String text) {
    Matcher form = URL.matcher(text);
    if (!form.matches()) {
      return Parsed.problem("is not of the form http://host:port or https://host:port");
    }
    if (!hasHost(text)) {
      return Parsed.problem(
          "has a host that is neither an address nor a host name (of letters, digits, hyphens and"
              + " dots; an underscore can't be in one), so write its address or another name of it");
    }
    int port = Integer.parseInt(form.group(2));
    return port >= 1 && port <= 65_535
        ? Parsed.value(form.group(1) + ":" + port)
        : Parsed.problem("has a port outside 1 to 65535");
  }

  /** As those see it who connect to it. */
  private static boolean hasHost(String url) {
    try {
      return new URI(url).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  static Type<List<String>> urls() {
    return Types.simple(
        "list of URLs",
        "",
        text -> {
          List<String> urls = new ArrayList<>();
          for (String item : Types.items(text)) {
            Parsed<String> url = parseUrl(item);
            if (url.isProblem()) {
              return Parsed.problem(
                  URL.matcher(item).matches()
                      ? "names " + item + ", which " + url.problem()
                      : "is not a list like http://host:port,http://host:port");
            }
            urls.add(url.value());
          }
          return Parsed.value(Collections.unmodifiableList(urls));
        },
        urls -> String.join(",", urls));
  }
}
