package io.meshagent.core.explain;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Instance;
import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A call that somebody asks about and nobody makes: its method and some headers. Immutable. */
public final class AskedCall implements Attempt {

  private static final int LONGEST_METHOD = 300;
  private static final int MOST_HEADERS = 32;

  private final String method;
  private final Map<String, String> headers;

  /**
   * @param method full name, or the name of a service
   * @param headers by their names in small letters
   */
  public AskedCall(String method, Map<String, String> headers) {
    this.method = method;
    this.headers = Collections.unmodifiableMap(new TreeMap<>(headers));
  }

  /**
   * Reads {@code method=a.B/C&header=name%3Dvalue}, header as often as there are some.
   *
   * @throws IllegalArgumentException if that is not what it says; the message is a sentence
   */
  public static AskedCall of(String query) {
    String method = null;
    Map<String, String> headers = new TreeMap<>();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = decoded(part.substring(equals + 1));
      if (name.equals("method")) {
        method = name(value.trim());
      } else if (name.equals("header")) {
        int at = value.indexOf('=');
        if (at <= 0 || headers.size() == MOST_HEADERS) {
          throw new IllegalArgumentException(
              "A header is name=value, and there are " + MOST_HEADERS + " at most.");
        }
        headers.put(
            value.substring(0, at).trim().toLowerCase(Locale.ROOT), value.substring(at + 1));
      }
    }
    if (method == null || method.isEmpty() || method.length() > LONGEST_METHOD) {
      throw new IllegalArgumentException(
          "Name a method, as in /explain?method=helloworld.Greeter/SayHello, of "
              + LONGEST_METHOD
              + " characters at most.");
    }
    return new AskedCall(method, headers);
  }

  /** As people write it, perhaps with a slash before it, or after a service. */
  private static String name(String written) {
    String name = written.startsWith("/") ? written.substring(1) : written;
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, "UTF-8");
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What stands before the slash; all of it if there is none. */
  public String service() {
    int slash = method.lastIndexOf('/');
    return slash < 0 ? method : method.substring(0, slash);
  }

  /** Whether it is the method, or of the service, where that is all that is asked about. */
  boolean isAbout(String name) {
    return name.equals(method) || (method.indexOf('/') < 0 && isOfItsService(name));
  }

  /** Whether a method's full name is of the service that is asked about. */
  public boolean isOfItsService(String name) {
    String service = service();
    return name.startsWith(service) && name.startsWith("/", service.length());
  }

  Map<String, String> headers() {
    return headers;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public int number() {
    return 0;
  }

  @Override
  public double chance() {
    return 0;
  }

  @Override
  public boolean hasTried(Instance instance) {
    return false;
  }
}
