package io.meshagent.core.policy.cache;

import io.meshagent.core.call.Call;
import io.meshagent.core.call.Response;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import io.meshagent.core.policy.route.RouteKeys;
import io.meshagent.core.route.rule.Baggage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which calls of a method may share a response, and what of a response may be kept: the servers'
 * {@code cache-control} is obeyed, nothing is shared with or by calls that have credentials, and
 * calls that differ in a header by which a rule sends them to other instances share nothing.
 * Thread-safe.
 *
 * <p>Credentials that the program's own interceptors or its channel add are seen when an attempt
 * leaves, and not before: then nothing of the method is shared any more while the rule is the same.
 */
public final class KeepRule {

  private static final String CACHE_CONTROL = "cache-control";

  /** Of one call, or of the time when it was made. */
  private static final Set<String> NOT_AGAIN =
      new HashSet<>(
          Arrays.asList(
              "date",
              "age",
              "retry-after",
              "www-authenticate",
              "server-timing",
              "traceparent",
              "tracestate",
              "baggage",
              "b3",
              "x-request-id",
              "x-correlation-id",
              "x-trace-id",
              "x-amzn-trace-id",
              "x-cloud-trace-context",
              "grpc-status",
              "grpc-message",
              "grpc-status-details-bin",
              "grpc-retry-pushback-ms",
              "grpc-trace-bin",
              "grpc-tags-bin",
              "grpc-server-stats-bin",
              "endpoint-load-metrics",
              "endpoint-load-metrics-bin"));

  private static final String[] NOT_AGAIN_BEGIN = {"mesh-", "x-b3-", "x-envoy-"};

  private final String method;

  /** Keys that were made by another rule are not equal to those of this one. */
  private final String scope;

  private final HeaderNames headers;
  private final boolean withCredentials;

  /** Null if lanes don't count. */
  private final String lane;

  /** Volatile: set where an attempt leaves, read by all calls. Whether nothing is shared. */
  private volatile boolean ended;

  private KeepRule(String method, HeaderNames headers, boolean withCredentials, String lane) {
    this.method = method;
    this.scope = method + " " + headers + " " + lane + " " + withCredentials;
    this.headers = headers;
    this.withCredentials = withCredentials;
    this.lane = lane;
  }

  /**
   * That of a method by these settings.
   *
   * @param before the one of before, null for none: if it says the same it stays
   */
  public static KeepRule of(Settings settings, String method, KeepRule before) {
    KeepRule rule =
        new KeepRule(
            method,
            settings
                .select(CacheKeys.HEADERS, method)
                .value()
                .and(RouteKeys.routing(settings, serviceOf(method)).rule().headers()),
            settings.select(CacheKeys.CREDENTIALS, method).value(),
            RouteKeys.lane(settings));
    return before != null && before.scope.equals(rule.scope) ? before : rule;
  }

  private static String serviceOf(String method) {
    return method.substring(0, Math.max(0, method.lastIndexOf('/')));
  }

  /** Whether a call may share at all, as far as can be seen now. */
  public boolean mayShare(Call call) {
    if (ended || (!withCredentials && Credentials.areOn(call))) {
      return false;
    }
    String control = call.header(CACHE_CONTROL);
    return control == null || !(control.contains("no-cache") || control.contains("no-store"));
  }

  /** What a call asks, once its request is known; null if it is not. */
  public CacheKey key(Call call) {
    byte[] request = call.request();
    if (request == null) {
      return null;
    }
    return new CacheKey(scope, call.way(), texts(call), request);
  }

  private String[] texts(Call call) {
    String[] texts = new String[headers.size() + (lane == null ? 0 : 1)];
    for (int i = 0; i < headers.size(); i++) {
      texts[i] = call.allOf(headers.name(i));
    }
    if (lane != null) {
      String own = call.allOf(Baggage.HEADER);
      String baggage = own == null ? call.carriedBaggage() : own;
      texts[headers.size()] = baggage == null ? null : Baggage.value(baggage, lane);
    }
    return texts;
  }

  /** Whether the headers of every attempt have to be seen. */
  public boolean looksAtAttempts() {
    return !withCredentials || headers.size() > 0 || lane != null;
  }

  /**
   * An attempt is about to leave, and all that was added to it can be seen: also headers that are
   * in the key by another value, or were not there. Calls that bring the same can't be told from
   * each other before they are sent, so nothing of the method is shared any more.
   *
   * @param setting for people
   * @return whether its response may be for nobody else
   */
  boolean findsHeaders(Call call, CacheKey key, String setting) {
    if (key.hasTexts(texts(call))) {
      return false;
    }
    end(
        setting,
        "the program adds to its calls, where it can't be seen before they are sent, what they"
            + " depend on (client.cache.headers, client.route, client.lane)");
    return true;
  }

  private void end(String setting, String because) {
    if (!ended) {
      ended = true;
      Log.warnOnce(
          "not shared " + setting + method,
          setting + ": responses of " + method + " are not shared, because " + because);
    }
  }

  /**
   * An attempt is about to leave, and all that was added to it can be seen.
   *
   * @param setting for people
   * @return whether its response may be for nobody else
   */
  public boolean findsCredentials(Call call, String setting) {
    String found = withCredentials ? null : Credentials.firstIn(call);
    if (found == null) {
      return false;
    }
    end(
        setting,
        "the program adds credentials to its calls ("
            + found
            + "); client.cache.with-credentials=true shares them with all callers");
    return true;
  }

  /** What may be kept of a response that came now; null for nothing. */
  public KeptResponse kept(Response response, long now) {
    String vary = response.header("vary");
    if (response.header("set-cookie") != null || (vary != null && !isInKey(vary))) {
      return null;
    }
    long most = Long.MAX_VALUE / 4;
    boolean staleAllowed = true;
    String control = response.header(CACHE_CONTROL);
    if (control != null) {
      for (String item : control.toLowerCase(Locale.ROOT).split(",", -1)) {
        String word = item.trim();
        if (word.equals("no-store") || word.startsWith("no-cache") || word.startsWith("private")) {
          return null;
        }
        staleAllowed &= !word.equals("must-revalidate") && !word.equals("proxy-revalidate");
        if (word.matches("(s-maxage|max-age)=\"?\\d{1,9}\"?")) {
          long seconds = Long.parseLong(word.replaceAll("[^0-9]", ""));
          most = Math.min(most, TimeUnit.SECONDS.toNanos(seconds));
        }
      }
    }
    Response again =
        new Response(response.message(), again(response.headers()), again(response.trailers()));
    return most == 0 ? null : new KeptResponse(again, now, most, staleAllowed);
  }

  private boolean isInKey(String vary) {
    for (String name : vary.toLowerCase(Locale.ROOT).split(",", -1)) {
      String header = name.trim();
      if (!header.isEmpty() && !header.contains("encoding") && !headers.contains(header)) {
        return false;
      }
    }
    return true;
  }

  private static Object[] again(Object[] pairs) {
    List<Object> again = new ArrayList<>(pairs.length);
    for (int i = 0; i < pairs.length; i += 2) {
      if (isForAll((String) pairs[i])) {
        again.add(pairs[i]);
        again.add(pairs[i + 1]);
      }
    }
    return again.toArray();
  }

  private static boolean isForAll(String name) {
    for (String begin : NOT_AGAIN_BEGIN) {
      if (name.startsWith(begin)) {
        return false;
      }
    }
    return !NOT_AGAIN.contains(name) && !Credentials.isOne(name);
  }
}
