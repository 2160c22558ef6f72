package io.meshagent.core.explain;

import io.meshagent.core.config.NearNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether this program serves or calls a method, and which of its methods are near. Immutable. */
final class KnownMethods {

  static final int MOST_NEAR = 3;

  private final AskedCall call;
  private final Set<String> called;
  private final Set<String> served;

  /**
   * @param called full names of those that it has called
   * @param served of those that its servers list or have answered
   */
  KnownMethods(AskedCall call, Set<String> called, Set<String> served) {
    this.call = call;
    this.called = called;
    this.served = served;
  }

  /** Or any of its service, where that is what is asked about. */
  boolean isCalled() {
    return called.stream().anyMatch(call::isAbout);
  }

  /** Likewise. */
  boolean isServed() {
    return served.stream().anyMatch(call::isAbout);
  }

  /**
   * Says so where nobody knows the method.
   *
   * @param here whether a server hosts its service
   */
  void tell(boolean here, Causes causes, List<String> remarks) {
    if (isCalled() || isServed()) {
      return;
    }
    if (call.method().equals(call.service())) {
      meant(remarks);
      return;
    }
    if (here) {
      causes.add(
          "no-such-method",
          "No server of this program lists "
              + call.method()
              + ": who calls it here is told UNIMPLEMENTED, unless a registry of the program's own"
              + " knows it"
              + (served.isEmpty() ? "." : "; it serves " + near(served) + "."));
      return;
    }
    remarks.add(
        (served.isEmpty()
                ? "This program has made no call of " + call.method() + " yet"
                : "This program does not serve " + call.method() + ", nor has it called it yet")
            + (served.isEmpty() ? "" : "; it serves " + near(served))
            + (called.isEmpty() ? "" : "; it calls " + near(called))
            + ".");
  }

  /** Where a service is unknown: it may be a method's name, written without its slash. */
  private void meant(List<String> remarks) {
    Set<String> all = new TreeSet<>(called);
    all.addAll(served);
    List<String> near = NearNames.to(call.method(), all, MOST_NEAR);
    if (!near.isEmpty()) {
      remarks.add(
          "A method is asked for as pkg.Service/Method: did you mean "
              + String.join(" or ", near)
              + "?");
    }
  }

  /** Those that were meant probably; or else those of the same service, or just some. */
  private String near(Collection<String> names) {
    List<String> near = NearNames.to(call.method(), names, MOST_NEAR);
    if (near.isEmpty()) {
      near = some(names, call.service() + "/");
    }
    if (near.isEmpty()) {
      near = some(names, "");
    }
    int more = names.size() - near.size();
    return String.join(", ", near) + (more == 0 ? "" : " and " + more + " more");
  }

  private static List<String> some(Collection<String> names, String beginning) {
    List<String> some = new ArrayList<>();
    for (String name : names) {
      if (some.size() < MOST_NEAR && name.startsWith(beginning)) {
        some.add(name);
      }
    }
    return some;
  }
}
