package io.meshagent.core.config;

import java.util.Collection;

/**
 * The text after {@code @} in a key: a method {@code pkg.Service/Method}, a service {@code
 * pkg.Service}, or a pattern with {@code *}. The plain setting has the empty selector.
 */
final class Selector {

  static final String PLAIN = "";

  private Selector() {}

  /** Begins with a verb; null if the text is a selector. */
  static String problem(String selector) {
    if (selector.isEmpty()) {
      return "has nothing after the @";
    }
    int slash = selector.indexOf('/');
    boolean service = slash < 0 && selector.matches("[^\\s@]+");
    boolean method = selector.matches("[^\\s@/]+/[^\\s@/]+");
    return service || method
        ? null
        : "has a selector that is neither pkg.Service/Method nor pkg.Service nor a pattern like"
            + " pkg.*";
  }

  /**
   * The one of the given selectors that counts for a method: its own, then its service's, then the
   * longest pattern's (of two as long, the first in the alphabet), then the plain one.
   *
   * @return null if none of them applies
   */
  static String best(Collection<String> selectors, String fullMethod) {
    if (!fullMethod.isEmpty() && selectors.contains(fullMethod)) {
      return fullMethod;
    }
    String service = service(fullMethod);
    if (!service.isEmpty() && selectors.contains(service)) {
      return service;
    }
    String best = null;
    for (String selector : selectors) {
      if (selector.indexOf('*') >= 0
          && (Wildcards.matches(selector, fullMethod) || Wildcards.matches(selector, service))
          && (best == null || isBefore(selector, best))) {
        best = selector;
      }
    }
    return best != null ? best : selectors.contains(PLAIN) ? PLAIN : null;
  }

  private static boolean isBefore(String selector, String best) {
    return selector.length() != best.length()
        ? selector.length() > best.length()
        : selector.compareTo(best) < 0;
  }

  /** What stands before the last slash of a full method name; all of it if there is none. */
  private static String service(String fullMethod) {
    int slash = fullMethod.lastIndexOf('/');
    return slash < 0 ? fullMethod : fullMethod.substring(0, slash);
  }
}
